/** The call to our backend. A portal replaces it by providing another `contentionApiRef`. */
import { ApiBlueprint, fetchApiRef } from '@backstage/frontend-plugin-api';
import { contentionApiRef, LazyContentionClient } from '../api';

export const reportsApi = ApiBlueprint.make({
  name: 'reports',
  params: defineParams =>
    defineParams({
      api: contentionApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new LazyContentionClient({ fetchApi }),
    }),
});
