/** Whether requests of a role are there, and what the report says where they are not. */
import type {
  RequestRole,
  Requests,
  RolePresence,
} from 'backstage-plugin-contention-common';
import type { Range } from '../base';

const VERB: Record<RequestRole, string> = { server: 'got', client: 'sent' };

export function measured(requestCount: number): RolePresence {
  return { state: 'measured', requestCount };
}

export function noneCame(name: string, role: RequestRole): RolePresence {
  const why = `${name} ${VERB[role]} no requests over TCP in this range.`;
  return { state: 'no-requests', why };
}

export function notMeasured(name: string): RolePresence {
  const why = `No agent on the nodes of ${name} timed a request of anybody in this range.`;
  return { state: 'not-measured', why };
}

/** Without a single request. */
export function noRequests(
  role: RequestRole,
  range: Range,
  roles: Requests['roles'],
): Requests {
  return {
    role,
    roles,
    distribution: { count: 0, sumSeconds: 0, buckets: [] },
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
