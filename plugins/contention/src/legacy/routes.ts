/** Where the parts are mounted in a portal on the legacy frontend system. */
import { createRouteRef } from '@backstage/core-plugin-api';

export const latencyRouteRef = createRouteRef({ id: 'contention-latency' });
export const throttlingRouteRef = createRouteRef({
  id: 'contention-throttling',
});
export const noisyNeighboursRouteRef = createRouteRef({
  id: 'contention-noisy-neighbours',
});
export const rollupRouteRef = createRouteRef({ id: 'contention-rollup' });
