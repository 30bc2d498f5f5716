/** What the pages call, as any portal makes it. A portal replaces one with another implementation of its reference. */
import { createApiFactory, fetchApiRef } from '@backstage/core-plugin-api';
import { RangeMemory, rangeMemoryApiRef } from '../range/rangeMemory';
import { contentionApiRef } from './contentionApi';
import { LazyContentionClient } from './LazyContentionClient';

/** Our backend. */
export const reportsFactory = createApiFactory({
  api: contentionApiRef,
  deps: { fetchApi: fetchApiRef },
  factory: ({ fetchApi }) => new LazyContentionClient({ fetchApi }),
});

/** The range that stays from tab to tab. */
export const rangeMemoryFactory = createApiFactory({
  api: rangeMemoryApiRef,
  deps: {},
  factory: () => new RangeMemory(),
});
