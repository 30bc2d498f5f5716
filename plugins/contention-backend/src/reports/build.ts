/** One answer of the REST interface: gathers, judges, presents. */
import type { Entity } from '@backstage/catalog-model';
import type {
  Confidence,
  DiagnosisReport,
  LatencyQuery,
  LatencyReport,
  NeighboursReport,
  Resource,
  ThrottlingReport,
  Verdict,
} from 'backstage-plugin-contention-common';
import {
  annotationYaml,
  type Claim,
  type EntityDirectory,
} from '../attribution';
import type { NodeSeen, Store } from '../store';
import type { SilentNode } from './coverage';
import { costWords } from './cost';
import { diagnosis } from './diagnosis';
import { sumOf, type Facts } from './facts';
import {
  verdictForCaused,
  verdictForLatency,
  verdictForNeighbours,
  verdictForQueues,
  verdictForThrottling,
} from './focus';
import { freshnessOf, reachesNow } from './freshness';
import {
  bandwidthOf,
  gather,
  gatherNetwork,
  gatherRequests,
  lookBackOf,
  usageOf,
  withBursts,
  withCpu,
  type Gathered,
} from './gather';
import { judge, type Judgement } from './judge';
import { latency } from './latency';
import { lossesOf } from './losses';
import {
  neighboursCaused,
  neighboursSuffered,
  victimParts,
} from './neighbours';
import { emptyDistribution } from './distribution';
import { entityRefsOf, Presenter } from './present';
import { markersOf } from './requests/markers';
import { noRequests, NOT_MEASURED } from './requests/nothing';
import {
  accountOf,
  partiesOfAccount,
  presentAccount,
  type RequestAccount,
} from './requests/requests';
import { namedNeighbour } from './requests/verdict';
import { SentenceBuilder } from './sentence';
import { shedWords } from './shed';
import { verdictForQueuesCaused } from './network/caused';
import type { NetworkFacts } from './network/facts';
import {
  judgeNetwork,
  namedInQueue,
  type NetworkJudgement,
} from './network/judge';
import { queueCaused, queueSuffered } from './network/neighbours';
import { networkVerdict } from './network/verdict';
import { missingOf, notesOf } from './network/visible';
import { throttling } from './throttling';
import { verdictOf } from './verdict';
import { utcTime } from './words';
import { worseOf } from './worse';

export interface ReportRequest {
  entity: Entity;
  claim: Claim | undefined;
  fromMs: number;
  toMs: number;
  stepMs?: number;
  cluster?: string;
  nowMs: number;
}

export interface ReportContext {
  store: Store;
  directory: EntityDirectory;
  /** Which of these entities the reader may see. */
  visible(entityRefs: string[]): Promise<ReadonlySet<string>>;
}

/** The part that all reports have in common. */
type Base = Pick<
  DiagnosisReport,
  | 'entity'
  | 'range'
  | 'clusters'
  | 'cluster'
  | 'status'
  | 'verdict'
  | 'freshness'
  | 'confidence'
  | 'problems'
  | 'axis'
  | 'markers'
>;

interface Built {
  base: Base;
  /** Absent when there is nothing to calculate with. */
  facts?: Facts;
  judged?: Judged;
  /** Only where requests were asked for. */
  account?: RequestAccount;
  /** Only where the network view was asked for. */
  network?: NetworkFacts;
  presenter: Presenter;
  live: boolean;
}

/** What holds its threads and its packets up, and that in words; `base.verdict` is the worse of the two. */
interface Judged {
  cpu: Judgement;
  network: NetworkJudgement;
  cpuVerdict: Verdict;
  networkVerdict: Verdict;
}

export async function buildNeighbours(
  context: ReportContext,
  request: ReportRequest,
  direction: 'suffered' | 'caused',
  resource: Resource = 'cpu',
): Promise<NeighboursReport> {
  const isCaused = direction === 'caused';
  const built = await build(context, request, {
    caused: isCaused ? resource : undefined,
    usage: resource === 'cpu',
    network: resource === 'network',
  });
  const { base, facts, judged, network, presenter, live } = built;
  if (!facts || !judged) {
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
  if (network) return buildQueues(built, facts, judged, network, isCaused);
  return isCaused
    ? {
        ...base,
        verdict: verdictForCaused(facts, presenter, live),
        ...neighboursCaused(facts, presenter),
      }
    : {
        ...base,
        verdict: verdictForNeighbours(
          facts,
          judged.cpu,
          judged.cpuVerdict,
          base.verdict,
        ),
        ...withBurstsShown(
          neighboursSuffered(facts, presenter),
          judged.cpu,
          presenter,
        ),
      };
}

/** What the verdict tells of bursts, on the row of whom it names. */
function withBurstsShown<Shown extends Pick<NeighboursReport, 'culprits'>>(
  shown: Shown,
  { stretch }: Judgement | NetworkJudgement,
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

function buildQueues(
  { base, presenter, live }: Built,
  facts: Facts,
  judged: Judged,
  network: NetworkFacts,
  isCaused: boolean,
): NeighboursReport {
  const { cpuVerdict: _cpu, ...of } = judged;
  const body = isCaused
    ? queueCaused(facts, network, presenter)
    : withBurstsShown(
        queueSuffered(facts, network, of.network.timeline, presenter),
        of.network,
        presenter,
      );
  return {
    ...base,
    verdict: isCaused
      ? verdictForQueuesCaused(facts, network, presenter, live)
      : verdictForQueues(
          facts,
          body.network!.presence,
          of.networkVerdict,
          base.verdict,
        ),
    ...body,
    confidence: {
      ...base.confidence,
      unattributedShare:
        body.network!.presence.state === 'measured'
          ? Math.min(1, of.network.unknownShare)
          : undefined,
      missing: [...missingOf(facts, network), ...base.confidence.missing],
      notes: [...notesOf(), ...base.confidence.notes],
    },
  };
}

export async function buildThrottling(
  context: ReportContext,
  request: ReportRequest,
): Promise<ThrottlingReport> {
  const { base, facts, presenter } = await build(context, request);
  if (!facts) {
    return {
      ...base,
      quotas: [],
      stalls: [],
      burners: [],
      burnSource: 'cpu-time',
    };
  }
  return {
    ...base,
    verdict: verdictForThrottling(facts, base.verdict),
    ...throttling(facts, presenter),
  };
}

export async function buildLatency(
  context: ReportContext,
  request: ReportRequest,
  query: LatencyQuery,
): Promise<LatencyReport> {
  const { base, facts, account, presenter } = await build(context, request, {
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
  const { base, facts, account, presenter } = await build(context, request, {
    requests: { role: 'server' },
    worst: false,
  });
  if (!facts || !account) {
    return { ...base, tab: 'latency', valuesOf: 'held-share', values: [] };
  }
  return { ...base, ...diagnosis(facts, base.verdict, account, presenter) };
}

interface BuildOptions {
  /** Also what the entity caused, of this. */
  caused?: Resource;
  /** Also how much CPU culprits used. */
  usage?: boolean;
  /** Also its requests. */
  requests?: LatencyQuery;
  /** Also the worst of them one by one. */
  worst?: boolean;
  /** Also what only the network view tells. */
  network?: boolean;
}

async function build(
  context: ReportContext,
  request: ReportRequest,
  options: BuildOptions = {},
): Promise<Built> {
  const { caused, usage = false, requests, worst = true } = options;
  const { store, directory } = context;
  const { fromMs, toMs, nowMs } = request;
  const gathered = await gather(store, directory, {
    ...request,
    caused: caused !== undefined,
    causedOf: caused,
    usage,
    lookBackMs: requests && lookBackOf(request),
  });
  const known = gathered.state === 'ok' ? gathered.facts : undefined;
  const freshness = freshnessOf(known?.nodes ?? [], toMs, nowMs);
  const live = reachesNow(toMs, nowMs) && !freshness.stale;
  const judgement =
    gathered.state === 'ok'
      ? await withBursts(
          store,
          gathered,
          await withCpuOfPlace(
            store,
            gathered,
            judge(gathered.facts, { live, tail: gathered.tail }),
          ),
          'cpu',
        )
      : undefined;
  const ofNetwork =
    gathered.state === 'ok'
      ? await withBursts(
          store,
          gathered,
          judgeNetwork(gathered.facts, { live, tail: gathered.tail }),
          'network',
        )
      : undefined;
  const network =
    gathered.state === 'ok' && options.network
      ? await gatherNetwork(store, gathered)
      : undefined;
  const account =
    gathered.state === 'ok' && requests
      ? accountOf(
          gathered.facts,
          await gatherRequests(store, gathered, requests, { worst }),
          live,
        )
      : undefined;
  const facts =
    known && gathered.state === 'ok'
      ? {
          ...known,
          usage: await usageOfNamed(store, gathered, judgement, account),
          bandwidth: await bandwidthOfNamed(
            store,
            gathered,
            ofNetwork,
            network !== undefined,
          ),
        }
      : undefined;
  const parties = [
    ...(judgement?.timeline.parts ?? []),
    ...(ofNetwork?.timeline.parts ?? []),
    ...(facts && caused ? victimParts(facts) : []),
  ]
    .map(({ party }) => party)
    .concat(facts && account ? partiesOfAccount(facts, account) : []);
  const presenter = await presenterFor(context, parties, gathered);
  const judged =
    facts && judgement && ofNetwork
      ? {
          cpu: judgement,
          network: ofNetwork,
          cpuVerdict: verdictOf(facts, judgement, presenter),
          networkVerdict: networkVerdict(facts, ofNetwork, presenter),
        }
      : undefined;
  const base: Base = {
    entity: presenter.entity(gathered.entity.entityRef) ?? gathered.entity,
    range: { from: fromMs, to: toMs },
    clusters: gathered.clusters,
    cluster: request.cluster,
    status: statusOf(gathered, request, store.keptSinceMs(nowMs)),
    verdict: judged
      ? worseOf(judged.cpuVerdict, judged.networkVerdict)
      : nothingVerdict(gathered, nowMs),
    freshness:
      gathered.state === 'ok' ? freshness : freshnessOf([], toMs, nowMs),
    confidence: confidenceOf(
      judgement,
      gathered,
      reachesNow(toMs, nowMs),
      nowMs,
    ),
    problems: [
      ...(request.claim?.problem
        ? [{ what: 'Label selector', detail: request.claim.problem }]
        : []),
      ...catalogProblem(directory.outdatedSince(nowMs), nowMs),
      ...(facts?.coverage.silent ?? []).map(gap => silentProblem(gap, nowMs)),
    ],
    axis: {
      startsMs: Array.from(
        { length: facts ? gathered.axis.count : 0 },
        (_, window) => gathered.axis.startMs + window * gathered.axis.stepMs,
      ),
      stepSeconds: gathered.axis.stepMs / 1000,
    },
    markers:
      account?.markers ??
      (gathered.state === 'ok' ? markersOf(gathered.facts, gathered.past) : []),
  };
  return { base, facts, judged, account, network, presenter, live };
}

/** What those sent on average whose packets were ahead: of all where they are listed, else of whom the sentence names. */
async function bandwidthOfNamed(
  store: Store,
  gathered: Extract<Gathered, { state: 'ok' }>,
  judgement: NetworkJudgement | undefined,
  isListed: boolean,
): Promise<Facts['bandwidth']> {
  const { facts } = gathered;
  if (isListed) return bandwidthOf(store, facts, gathered);
  const named = judgement && namedInQueue(judgement);
  return named === undefined
    ? new Map()
    : bandwidthOf(store, facts, gathered, new Set([named]));
}

/** CPU use of whom the sentences name: whether it stayed within its request is said wherever its name is. */
async function usageOfNamed(
  store: Store,
  { facts, there, stretches, homes }: Extract<Gathered, { state: 'ok' }>,
  judgement: Judgement | undefined,
  account: RequestAccount | undefined,
): Promise<Facts['usage']> {
  const named = [
    judgement?.cause === 'neighbour'
      ? judgement.stretch?.top?.part.party.key
      : undefined,
    account && namedNeighbour(account.judgement)?.key,
  ].filter(key => key !== undefined && !facts.usage.has(key));
  if (named.length === 0) return facts.usage;
  const only = new Set(named as string[]);
  const more = await usageOf(store, facts, there, stretches, homes, only);
  return new Map([...facts.usage, ...more]);
}

/** How busy the node was that a verdict about neighbours names: averages hide them. */
async function withCpuOfPlace(
  store: Store,
  { there, axis }: Extract<Gathered, { state: 'ok' }>,
  judgement: Judgement,
): Promise<Judgement> {
  const { cause, place } = judgement;
  if (cause !== 'neighbour' || !place || place.node.cpuMean !== undefined) {
    return judgement;
  }
  const [node] = await withCpu(store, [place.node], there, axis);
  return { ...judgement, place: { ...place, node } };
}

/** Two look-ups of visibility at most: entities, and with them their owners. */
async function presenterFor(
  context: ReportContext,
  parties: Parameters<typeof entityRefsOf>[0],
  gathered: Gathered,
): Promise<Presenter> {
  const entityRefs = entityRefsOf(parties);
  const own = gathered.entity;
  const linkOf = (ref: string) =>
    ref === own.entityRef ? own : context.directory.link(ref);
  const owners = [own.entityRef, ...entityRefs].flatMap(
    ref => linkOf(ref)?.owner?.entityRef ?? [],
  );
  const wanted = [...new Set([own.entityRef, ...entityRefs, ...owners])];
  return new Presenter(await context.visible(wanted), linkOf);
}

/** @param keptSinceMs - of what ended before, nothing is kept */
function statusOf(
  gathered: Gathered,
  { entity, toMs }: Pick<ReportRequest, 'entity' | 'toMs'>,
  keptSinceMs: number,
): Base['status'] {
  const keptSince = toMs <= keptSinceMs ? keptSinceMs : undefined;
  switch (gathered.state) {
    case 'ok':
      return { state: 'ok' };
    case 'not-annotated':
      return { state: 'not-annotated', yaml: annotationYaml(entity) };
    case 'no-pods':
      return {
        state: 'no-pods',
        lookedFor: gathered.lookedFor,
        agents: gathered.nodes.map(agentOf),
        keptSince,
      };
    default:
      return {
        state: 'no-data',
        nearest: gathered.nearest && {
          from: gathered.nearest.fromMs,
          to: gathered.nearest.toMs,
        },
        keptSince,
      };
  }
}

function agentOf({ cluster, node, lastSeenMs }: NodeSeen) {
  return { cluster, node, lastSeen: lastSeenMs };
}

function nothingVerdict(gathered: Gathered, nowMs: number): Verdict {
  const sentence = new SentenceBuilder(nowMs);
  const title = gathered.entity.title;
  switch (gathered.state) {
    case 'not-annotated':
      sentence.name(title).text(' does not say yet which pods are its own.');
      break;
    case 'no-pods':
      sentence.text('No agent has seen a pod of ').name(title).text('.');
      break;
    default:
      sentence.text('There is no data of ').name(title);
      sentence.text(' in this range.');
  }
  return { cause: 'no-data', severity: 'none', sentence: sentence.build() };
}

export function catalogProblem(
  readMs: number | undefined,
  nowMs: number,
): Base['problems'] {
  if (readMs === undefined) return [];
  return [
    {
      what: 'Catalog',
      detail: `It could not be read since ${utcTime(readMs, nowMs)}: names, owners and annotations are as they were then.`,
    },
  ];
}

export function silentProblem(
  { node, fromMs, toMs, goesOn }: SilentNode,
  nowMs: number,
): Base['problems'][number] {
  const from = utcTime(fromMs, nowMs);
  return {
    what: `No data of ${node}`,
    detail: goesOn
      ? `It has sent nothing since ${from}: what happened there is not known.`
      : `It sent nothing from ${from} to ${utcTime(toMs, nowMs)}: what happened there then is not known.`,
  };
}

function confidenceOf(
  judgement: Judgement | undefined,
  gathered: Gathered,
  isLive: boolean,
  nowMs: number,
): Confidence {
  const unknown = judgement?.unknownShare;
  const isOk = gathered.state === 'ok';
  const losses = isOk ? lossesOf(gathered.agents.counts) : [];
  return {
    method: 'exact',
    ...(unknown === undefined
      ? {}
      : { unattributedShare: Math.min(1, unknown) }),
    lostEvents: sumOf(
      losses.filter(({ repaired }) => !repaired).map(({ count }) => count),
    ),
    losses: losses.map(({ repaired, text }) => ({ repaired, text })),
    missing: isOk
      ? shedWords(gathered.agents.shed, gathered.axis, isLive, nowMs)
      : [],
    notes: isOk ? costWords(gathered.agents.cost) : [],
  };
}
