/** What the pages call. A portal replaces one by providing another implementation of its reference. */
import { fetchApiRef } from '@backstage/core-plugin-api';
import { ApiBlueprint } from '@backstage/frontend-plugin-api';
import { contentionApiRef, LazyContentionClient } from '../api';
import { RangeMemory, rangeMemoryApiRef } from '../range/rangeMemory';

/** Our backend. */
export const reportsApi = ApiBlueprint.make({
  name: 'reports',
  params: defineParams =>
    defineParams({
      api: contentionApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new LazyContentionClient({ fetchApi }),
    }),
});

/** The range that stays from tab to tab. */
export const rangeMemoryApi = ApiBlueprint.make({
  name: 'range-memory',
  params: defineParams =>
    defineParams({
      api: rangeMemoryApiRef,
      deps: {},
      factory: () => new RangeMemory(),
    }),
});
