/** The account of requests where there is nothing to calculate with. Pure. */
import type {
  RequestRole,
  RolePresence,
  Requests,
} from 'backstage-plugin-contention-common';
import { emptyDistribution } from '../distribution';

export function noRequests(
  role: RequestRole,
  roles: Record<RequestRole, RolePresence>,
  range: { from: number; to: number },
): Requests {
  return {
    role,
    roles,
    distribution: emptyDistribution(),
    p50Values: [],
    p90Values: [],
    p99Values: [],
    countValues: [],
    rateValues: [],
    heatmap: { boundsSeconds: [], counts: [] },
    anatomy: { range, bands: [], sums: [] },
    breakdown: { pods: [], containers: [], nodes: [] },
    worst: [],
  };
}

/** Of a service that has no data at all in the range. */
export const NOT_MEASURED: RolePresence = {
  state: 'not-measured',
  why: 'There is no data of this service in this range.',
};
