/** The plugin for a portal on the legacy frontend system: the same components and calls, mounted by hand. */
import {
  createComponentExtension,
  createPlugin,
  createRoutableExtension,
} from '@backstage/core-plugin-api';
import { rangeMemoryFactory, reportsFactory } from '../api/factories';
import { rootRouteRef } from '../routes';
import {
  latencyRouteRef,
  noisyNeighboursRouteRef,
  rollupRouteRef,
  throttlingRouteRef,
} from './routes';

/**
 * What a portal on the legacy frontend system installs.
 *
 * @public
 */
export const contentionPlugin = createPlugin({
  id: 'contention',
  apis: [reportsFactory, rangeMemoryFactory],
  routes: {
    root: rootRouteRef,
    latency: latencyRouteRef,
    throttling: throttlingRouteRef,
    noisyNeighbours: noisyNeighboursRouteRef,
    rollup: rollupRouteRef,
  },
});

/**
 * The tab Latency, for an `EntityLayout.Route` at `/latency`: the tabs link to each other by these paths.
 *
 * @public
 */
export const EntityLatencyContent: () => JSX.Element = contentionPlugin.provide(
  createRoutableExtension({
    name: 'EntityLatencyContent',
    component: () =>
      import('../tabs/latency/LatencyTab').then(m => m.LatencyTab),
    mountPoint: latencyRouteRef,
  }),
);

/**
 * The tab Throttling, for an `EntityLayout.Route` at `/throttling`.
 *
 * @public
 */
export const EntityThrottlingContent: () => JSX.Element =
  contentionPlugin.provide(
    createRoutableExtension({
      name: 'EntityThrottlingContent',
      component: () =>
        import('../tabs/throttling/ThrottlingTab').then(m => m.ThrottlingTab),
      mountPoint: throttlingRouteRef,
    }),
  );

/**
 * The tab Noisy neighbours, for an `EntityLayout.Route` at `/noisy-neighbours`.
 *
 * @public
 */
export const EntityNoisyNeighboursContent: () => JSX.Element =
  contentionPlugin.provide(
    createRoutableExtension({
      name: 'EntityNoisyNeighboursContent',
      component: () =>
        import('../tabs/neighbours/NeighboursTab').then(m => m.NeighboursTab),
      mountPoint: noisyNeighboursRouteRef,
    }),
  );

/**
 * The tab Contention of systems, domains and groups, for an `EntityLayout.Route` at `/contention`.
 *
 * @public
 */
export const EntityContentionRollupContent: () => JSX.Element =
  contentionPlugin.provide(
    createRoutableExtension({
      name: 'EntityContentionRollupContent',
      component: () => import('../rollup/RollupTab').then(m => m.RollupTab),
      mountPoint: rollupRouteRef,
    }),
  );

/**
 * The card of the overview: the worst of the last hour, in one line.
 *
 * @public
 */
export const EntityContentionCard: () => JSX.Element = contentionPlugin.provide(
  createComponentExtension({
    name: 'EntityContentionCard',
    component: {
      lazy: () => import('../card/OverviewCard').then(m => m.OverviewCard),
    },
  }),
);

/**
 * The pages that are on no service's page, for a `Route` at `/contention`.
 *
 * @public
 */
export const ContentionPage: () => JSX.Element = contentionPlugin.provide(
  createRoutableExtension({
    name: 'ContentionPage',
    component: () => import('./ContentionPage').then(m => m.ContentionPage),
    mountPoint: rootRouteRef,
  }),
);
