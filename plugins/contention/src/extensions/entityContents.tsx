/** The three tabs. Always mounted for what can run: what stands in the way of data is said inside. */
import { EntityContentBlueprint } from '@backstage/plugin-catalog-react/alpha';
import { tabTitle } from '../translation/tabTitles';
import { RUNS } from './runs';

// No group: each tab stands on its own in the header. A portal that wants them in one sets `group` in app-config, and `title`
// for a title of its own.
export const latencyContent = EntityContentBlueprint.makeWithOverrides({
  name: 'latency',
  factory: (make, { apis }) =>
    make({
      path: '/latency',
      title: tabTitle('latency', apis),
      filter: RUNS,
      loader: () =>
        import('../tabs/latency/LatencyTab').then(m => <m.LatencyTab />),
    }),
});

export const throttlingContent = EntityContentBlueprint.makeWithOverrides({
  name: 'throttling',
  factory: (make, { apis }) =>
    make({
      path: '/throttling',
      title: tabTitle('throttling', apis),
      filter: RUNS,
      loader: () =>
        import('../tabs/throttling/ThrottlingTab').then(m => (
          <m.ThrottlingTab />
        )),
    }),
});

export const neighboursContent = EntityContentBlueprint.makeWithOverrides({
  name: 'noisy-neighbours',
  factory: (make, { apis }) =>
    make({
      path: '/noisy-neighbours',
      title: tabTitle('neighbours', apis),
      filter: RUNS,
      loader: () =>
        import('../tabs/neighbours/NeighboursTab').then(m => (
          <m.NeighboursTab />
        )),
    }),
});

/** What has members instead of pods. */
const HAS_MEMBERS = { kind: { $in: ['system', 'domain', 'group'] } };

export const rollupContent = EntityContentBlueprint.makeWithOverrides({
  name: 'rollup',
  factory: (make, { apis }) =>
    make({
      path: '/contention',
      title: tabTitle('rollup', apis),
      filter: HAS_MEMBERS,
      loader: () => import('../rollup/RollupTab').then(m => <m.RollupTab />),
    }),
});
