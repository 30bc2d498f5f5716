/** Answer to `GET /v1/nodes/:cluster/:node`: gathers, judges, presents. */
import {
  type Confidence,
  type NodeReport,
  type Verdict,
} from 'backstage-plugin-contention-common';
import type { EntityDirectory } from '../../attribution';
import type { Store } from '../../store';
import { catalogProblem, silentProblem } from '../problems';
import { costWords } from '../cost';
import { seriesOf, sumOf } from '../facts';
import { freshnessOf, reachesNow } from '../freshness';
import { lossesOf } from '../losses';
import { SentenceBuilder } from '../sentence';
import { shedWords } from '../shed';
import { sendersIn } from '../network/receive';
import { missingOf, notesOf } from '../network/visible';
import { agentState } from './agentState';
import { BLAME, whoWaited } from './facts';
import { gatherNode, type GatheredNode, type NodeRequest } from './gather';
import { matrixOf } from './matrix';
import { nodePresenter, type NodeReader } from './present';
import { capacityOf, residentRows, residentsOf } from './residents';
import { networkOf, queueVerdict } from './queues';
import { nodeVerdict } from './verdict';

export interface NodesContext {
  store: Store;
  directory: EntityDirectory;
  reader: NodeReader;
}

/** Undefined: nothing was ever heard of such a node. */
export async function buildNode(
  { store, directory, reader }: NodesContext,
  request: NodeRequest,
): Promise<NodeReport | undefined> {
  const { fromMs, toMs, nowMs } = request;
  const gathered = await gatherNode(store, directory, request);
  if (!gathered) return undefined;
  const { home, axis } = gathered;
  const base = {
    cluster: home.cluster,
    node: home.node,
    resource: request.resource,
    ...(request.resource === 'network' && request.interfaceName
      ? { interfaceName: request.interfaceName }
      : {}),
    range: { from: fromMs, to: toMs },
    freshness: freshnessOf([home], toMs, nowMs),
    confidence: confidenceOf(gathered, toMs, nowMs),
    agent: agentOf(gathered, nowMs),
    axis: { startsMs: [] as number[], stepSeconds: axis.stepMs / 1000 },
    problems: catalogProblem(directory.outdatedSince(nowMs), nowMs),
  };
  if (gathered.state !== 'ok') {
    return {
      ...base,
      status: { state: 'no-data', nearest: nearestOf(gathered, request) },
      verdict: nothingVerdict(home.node, nowMs),
      total: { waitSeconds: 0, wantedSeconds: 0, crowdedSeconds: 0 },
      layers: [],
      layersApart: [],
      victims: [],
      culprits: [],
      cells: [],
      residents: [],
      capacity: {
        pods: 0,
        containers: 0,
        withoutRequest: 0,
        withoutLimit: 0,
      },
    };
  }
  const { facts, coverage } = gathered;
  const isLive = reachesNow(toMs, nowMs) && !base.freshness.stale;
  const who = whoWaited(facts);
  const residents = residentsOf(facts);
  const usage = new Map(
    [...residents].map(([key, { usage: used }]) => [
      key,
      // How much CPU somebody asked for says nothing of packets.
      facts.network ? { transmitMean: used.transmitMean } : used,
    ]),
  );
  const presenter = await nodePresenter(reader, ref => directory.link(ref), [
    ...who.victims.map(({ party }) => party),
    ...[...who.culprits.values()].flatMap(({ party }) => party ?? []),
    ...[...residents.values()].map(({ party }) => party),
    ...sendersIn(facts.network?.receive ?? []),
  ]);
  return {
    ...base,
    status: { state: 'ok' },
    verdict: facts.network
      ? queueVerdict(facts, who, usage, presenter, isLive)
      : nodeVerdict(facts, who, usage, presenter),
    problems: [
      ...base.problems,
      ...coverage.silent.map(gap => silentProblem(gap, nowMs)),
    ],
    axis: {
      startsMs: Array.from(
        { length: axis.count },
        (_, window) => axis.startMs + window * axis.stepMs,
      ),
      stepSeconds: axis.stepMs / 1000,
    },
    ...matrixOf(facts, who, usage, presenter),
    residents: residentRows(facts, who, residents, presenter),
    capacity: capacityOf(facts, residents),
    ...(facts.network
      ? { network: networkOf(facts, facts.network, who, presenter) }
      : {}),
  };
}

/** The data of the node that is nearest to a range: where its agent was heard first or last. */
function nearestOf(
  { home }: GatheredNode,
  { fromMs, toMs }: NodeRequest,
): { from: number; to: number } {
  const length = toMs - fromMs;
  return home.lastSeenMs <= fromMs
    ? {
        from: Math.max(home.firstSeenMs, home.lastSeenMs - length),
        to: home.lastSeenMs,
      }
    : {
        from: home.firstSeenMs,
        to: Math.min(home.lastSeenMs, home.firstSeenMs + length),
      };
}

function agentOf(gathered: GatheredNode, nowMs: number): NodeReport['agent'] {
  const { home } = gathered;
  const [cost] = gathered.state === 'ok' ? gathered.cost : [];
  return {
    state: agentState(home, nowMs),
    ...(home.agentVersion ? { version: home.agentVersion } : {}),
    firstSeen: home.firstSeenMs,
    lastSeen: home.lastSeenMs,
    intervalSeconds: home.intervalMs / 1000,
    ...(cost
      ? { kernelCpus: cost.kernelCpus, processCpus: cost.processCpus }
      : {}),
  };
}

function nothingVerdict(node: string, nowMs: number): Verdict {
  const sentence = new SentenceBuilder(nowMs);
  sentence.text('There is no data of ').name(node).text(' in this range.');
  return { cause: 'no-data', severity: 'none', sentence: sentence.build() };
}

function confidenceOf(
  gathered: GatheredNode,
  toMs: number,
  nowMs: number,
): Confidence {
  if (gathered.state !== 'ok') {
    return {
      method: 'exact',
      lostEvents: 0,
      losses: [],
      missing: [],
      notes: [],
    };
  }
  const { home, facts, agents, axis, shed, cost } = gathered;
  const losses = lossesOf(agents);
  const blame = seriesOf(facts, BLAME[facts.resource]);
  const all = sumOf(blame.map(({ windows }) => sumOf(windows.values)));
  const unknown = sumOf(
    blame
      .filter(
        ({ series }) =>
          series.attributes['contention.culprit.kind'] === 'unattributed',
      )
      .map(({ windows }) => sumOf(windows.values)),
  );
  return {
    method: 'exact',
    ...(all > 0 ? { unattributedShare: Math.min(1, unknown / all) } : {}),
    lostEvents: sumOf(
      losses.filter(({ repaired }) => !repaired).map(({ count }) => count),
    ),
    losses: losses.map(({ repaired, text }) => ({ repaired, text })),
    missing: [
      ...(facts.network
        ? missingOf(
            { nodes: [home] },
            { measured: facts.network.isMeasured ? [home] : [] },
          )
        : []),
      ...shedWords(shed, axis, reachesNow(toMs, nowMs), nowMs),
    ],
    notes: [...(facts.network ? notesOf() : []), ...costWords(cost)],
  };
}
