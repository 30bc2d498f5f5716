/** What the pages call, for the new frontend system. */
import { ApiBlueprint } from '@backstage/frontend-plugin-api';
import { rangeMemoryFactory, reportsFactory } from '../api/factories';

export const reportsApi = ApiBlueprint.make({
  name: 'reports',
  params: defineParams => defineParams(reportsFactory),
});

export const rangeMemoryApi = ApiBlueprint.make({
  name: 'range-memory',
  params: defineParams => defineParams(rangeMemoryFactory),
});
