/** The three tabs. Always mounted for what can run: what stands in the way of data is said inside. */
import { EntityContentBlueprint } from '@backstage/plugin-catalog-react/alpha';
import { RUNS } from './runs';

// No group: each tab stands on its own in the header. A portal that wants them in one sets `group` in app-config.
export const latencyContent = EntityContentBlueprint.make({
  name: 'latency',
  params: {
    path: '/latency',
    title: 'Latency',
    filter: RUNS,
    loader: () =>
      import('../tabs/latency/LatencyTab').then(m => <m.LatencyTab />),
  },
});

export const throttlingContent = EntityContentBlueprint.make({
  name: 'throttling',
  params: {
    path: '/throttling',
    title: 'Throttling',
    filter: RUNS,
    loader: () =>
      import('../tabs/throttling/ThrottlingTab').then(m => <m.ThrottlingTab />),
  },
});

export const neighboursContent = EntityContentBlueprint.make({
  name: 'noisy-neighbours',
  params: {
    path: '/noisy-neighbours',
    title: 'Noisy neighbours',
    filter: RUNS,
    loader: () =>
      import('../tabs/neighbours/NeighboursTab').then(m => <m.NeighboursTab />),
  },
});

/** What has members instead of pods. */
const HAS_MEMBERS = { kind: { $in: ['system', 'domain', 'group'] } };

export const rollupContent = EntityContentBlueprint.make({
  name: 'rollup',
  params: {
    path: '/contention',
    title: 'Contention',
    filter: HAS_MEMBERS,
    loader: () => import('../rollup/RollupTab').then(m => <m.RollupTab />),
  },
});
