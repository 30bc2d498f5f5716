/** One answer of the REST interface: what all reports have in common, and what the one that is asked for tells beyond it. */
import type {
  DiagnosisReport,
  LatencyQuery,
  LatencyReport,
  NeighboursReport,
  Resource,
  ThrottlingReport,
} from 'backstage-plugin-contention-common';
import { verdictForCaused, type CausedJudgement } from './caused';
import { diagnosis } from './diagnosis';
import { emptyDistribution } from './distribution';
import type { Facts } from './facts';
import {
  verdictForLatency,
  verdictForNeighbours,
  verdictForQueues,
  verdictForThrottling,
} from './focus';
import { withCpuCount } from './gather';
import { latency } from './latency';
import type { HeldVerdict } from './held';
import { neighboursCaused, neighboursSuffered } from './neighbours';
import { verdictForQueuesCaused } from './network/caused';
import type { NetworkFacts } from './network/facts';
import { queueCaused, queueSuffered } from './network/neighbours';
import { missingOf } from './network/visible';
import type { Presenter } from './present';
import { prepare, type ReportContext, type ReportRequest } from './prepare';
import { noRequests, NOT_MEASURED } from './requests/nothing';
import { presentAccount } from './requests/requests';
import { throttling } from './throttling';

export async function buildNeighbours(
  context: ReportContext,
  request: ReportRequest,
  direction: 'suffered' | 'caused',
  resource: Resource = 'cpu',
): Promise<NeighboursReport> {
  const isCaused = direction === 'caused';
  const built = await prepare(context, request, {
    caused: isCaused ? resource : undefined,
    usage: resource === 'cpu',
    network: resource === 'network',
  });
  const { base, facts, judged, caused, whole, network, presenter } = built;
  if (!facts) {
    return {
      ...base,
      direction,
      resource,
      total: { waitSeconds: 0, cpuSeconds: 0, neighbourSeconds: 0 },
      layers: [],
      layersApart: [],
      culprits: [],
      apart: [],
      nodes: [],
    };
  }
  if (whole && caused) {
    if (!network) {
      const body = neighboursCaused(facts, whole, presenter);
      return {
        ...base,
        verdict: verdictForCaused(facts, caused, presenter),
        ...withBurstsShown(body, caused, presenter),
      };
    }
    const body = queueCaused(facts, whole, network, presenter);
    return withQueues(facts, network, base.confidence.unattributedShare, {
      ...base,
      verdict: verdictForQueuesCaused(facts, network, caused, presenter),
      ...withBurstsShown(body, caused, presenter),
    });
  }
  const { cpu, cpuVerdict, networkVerdict, network: queues } = judged!;
  if (network) {
    const body = queueSuffered(facts, network, queues.timeline, presenter);
    const { presence } = body.network!;
    return withQueues(facts, network, queues.unknownShare, {
      ...base,
      verdict: verdictForQueues(facts, presence, networkVerdict, base.verdict),
      ...withBurstsShown(body, queues, presenter),
    });
  }
  return {
    ...base,
    verdict: verdictForNeighbours(facts, cpu, cpuVerdict, base.verdict),
    ...withBurstsShown(neighboursSuffered(facts, presenter), cpu, presenter),
  };
}

/** What the verdict tells of bursts, on the row of whom it names. */
function withBurstsShown<Shown extends Pick<NeighboursReport, 'culprits'>>(
  shown: Shown,
  { stretch }: HeldVerdict | CausedJudgement,
  presenter: Presenter,
): Shown {
  const top = stretch?.top;
  if (!top?.bursts) return shown;
  const { bursts, part } = top;
  const { key } = presenter.party(part.party);
  return {
    ...shown,
    culprits: shown.culprits.map(row =>
      row.party.key === key ? { ...row, bursts } : row,
    ),
  };
}

/** With what the network view does not know. */
function withQueues(
  facts: Facts,
  network: NetworkFacts,
  unknownShare: number | undefined,
  report: NeighboursReport,
): NeighboursReport {
  const { confidence } = report;
  return {
    ...report,
    confidence: {
      ...confidence,
      unattributedShare:
        report.network!.presence.state === 'measured' &&
        unknownShare !== undefined
          ? Math.min(1, unknownShare)
          : undefined,
      missing: [...missingOf(facts, network), ...confidence.missing],
    },
  };
}

export async function buildThrottling(
  context: ReportContext,
  request: ReportRequest,
): Promise<ThrottlingReport> {
  const { base, facts, presenter } = await prepare(context, request);
  if (!facts) {
    return {
      ...base,
      quotas: [],
      stalls: [],
      burners: [],
      burnSource: 'cpu-time',
    };
  }
  const { nodes, resources, axis } = facts;
  const there = resources.values();
  const counted = await withCpuCount(context.store, nodes, there, axis);
  return {
    ...base,
    verdict: verdictForThrottling(facts, base.verdict),
    ...throttling({ ...facts, nodes: counted }, presenter),
  };
}

export async function buildLatency(
  context: ReportContext,
  request: ReportRequest,
  query: LatencyQuery,
): Promise<LatencyReport> {
  const { base, facts, account, presenter } = await prepare(context, request, {
    requests: query,
  });
  if (facts && account) {
    const presented = presentAccount(facts, account, presenter);
    const { state } = presented.requests.roles[query.role];
    return {
      ...base,
      verdict: verdictForLatency(presented.verdict, state, base.verdict),
      ...latency(facts, presented),
    };
  }
  return {
    ...base,
    cpuWait: {
      distribution: emptyDistribution(),
      p50Values: [],
      p90Values: [],
      p99Values: [],
      heatmap: { boundsSeconds: [], counts: [] },
      open: [],
      worst: [],
    },
    requests: noRequests(
      query.role,
      { server: NOT_MEASURED, client: NOT_MEASURED },
      base.range,
    ),
    breakdown: [],
    notMeasured: [],
  };
}

export async function buildDiagnosis(
  context: ReportContext,
  request: ReportRequest,
): Promise<DiagnosisReport> {
  const { base, facts, account, presenter } = await prepare(context, request, {
    requests: { role: 'server' },
    worst: false,
  });
  if (!facts || !account) {
    return { ...base, tab: 'latency', valuesOf: 'held-share', values: [] };
  }
  return { ...base, ...diagnosis(facts, base.verdict, account, presenter) };
}
