/** What all reports have in common: reads, judges, finds out who may be named, and says it in one sentence. */
import type { Entity } from '@backstage/catalog-model';
import type {
  DiagnosisReport,
  LatencyQuery,
  Resource,
  Verdict,
} from 'backstage-plugin-contention-common';
import type { Claim, EntityDirectory } from '../attribution';
import type { Store } from '../store';
import { judgeCaused, type CausedJudgement } from './caused';
import { confidenceOf } from './confidence';
import type { Facts } from './facts';
import { freshnessOf, reachesNow } from './freshness';
import {
  gather,
  gatherNetwork,
  gatherRequests,
  lookBackOf,
  withBursts,
  withVictimBursts,
  type Gathered,
} from './gather';
import { heldBase } from './held';
import { judge, type Judgement } from './judge';
import { bandwidthOfNamed, usageOfNamed, withCpuOfPlace } from './named';
import { victimParts } from './neighbours';
import type { NetworkFacts } from './network/facts';
import { judgeQueuesCaused } from './network/caused';
import { judgeNetwork, type NetworkJudgement } from './network/judge';
import { networkTimelineOf } from './network/timeline';
import { sendersIn } from './network/receive';
import { networkVerdict } from './network/verdict';
import type { PartyFacts } from './parties';
import { entityRefsOf, Presenter } from './present';
import { catalogProblem, silentProblem } from './problems';
import { markersOf } from './requests/markers';
import {
  accountOf,
  partiesOfAccount,
  type RequestAccount,
} from './requests/requests';
import { nothingVerdict, statusOf } from './status';
import { timelineOf } from './timeline';
import { verdictOf } from './verdict';
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

export interface Prepared {
  base: Base;
  /** Absent when there is nothing to calculate with. */
  facts?: Facts;
  /** What holds the entity up; absent in reports of what it caused, whose verdict is about others. */
  judged?: Judged;
  /** Only in reports of what it caused: see `Gathered`. */
  whole?: Facts;
  /** Only where requests were asked for. */
  account?: RequestAccount;
  /** Only where the network view was asked for. */
  network?: NetworkFacts;
  /** Only where what it caused was asked for. */
  caused?: CausedJudgement;
  presenter: Presenter;
}

/** What holds its threads and its packets up, and that in words; `base.verdict` is the worse of the two. */
export interface Judged {
  cpu: Judgement;
  network: NetworkJudgement;
  cpuVerdict: Verdict;
  networkVerdict: Verdict;
}

export interface PrepareOptions {
  /** What the entity caused, of this, instead of what held it up. */
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

export async function prepare(
  context: ReportContext,
  request: ReportRequest,
  options: PrepareOptions = {},
): Promise<Prepared> {
  const { caused, usage = false, requests } = options;
  const { store, directory } = context;
  const { fromMs, toMs, nowMs } = request;
  const gathered = await gather(store, directory, {
    ...request,
    caused,
    usage,
    lookBackMs: requests && lookBackOf(request),
  });
  const ok = gathered.state === 'ok' ? gathered : undefined;
  const freshness = freshnessOf(ok?.facts.nodes ?? [], toMs, nowMs);
  const live = reachesNow(toMs, nowMs) && !freshness.stale;
  const measured =
    ok &&
    (ok.whole
      ? await causedBy(store, ok, ok.whole, { ...options, live })
      : await measuredOf(store, ok, { ...options, live }));
  const presenter = await presenterFor(
    context,
    measured?.parties ?? [],
    gathered,
  );
  const { facts, network, account, unknownShare } = measured ?? {};
  const judged =
    measured?.judgements &&
    judgedFor(measured.facts, measured.judgements, presenter);
  const base: Base = {
    entity: presenter.entity(gathered.entity.entityRef) ?? gathered.entity,
    range: { from: fromMs, to: toMs },
    clusters: gathered.clusters,
    cluster: request.cluster,
    status: statusOf(gathered, request, store.keptSinceMs(nowMs)),
    // Of what it caused, that follows: see build.ts.
    verdict: judged
      ? worseOf(judged.cpuVerdict, judged.networkVerdict)
      : nothingVerdict(gathered, nowMs),
    freshness,
    confidence: confidenceOf(
      unknownShare,
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
    markers: account?.markers ?? (ok ? markersOf(ok.facts, ok.past) : []),
  };
  return {
    base,
    facts,
    judged,
    whole: ok?.whole,
    account,
    network,
    caused: measured?.caused,
    presenter,
  };
}

/** What the numbers say, before it is known who may see whom. */
interface Measured {
  facts: Facts;
  judgements?: Judgements;
  /** Share of all waiting for what the report is about that could not be attributed. */
  unknownShare: number;
  account?: RequestAccount;
  network?: NetworkFacts;
  caused?: CausedJudgement;
  /** Everybody whom the report could name. */
  parties: PartyFacts[];
}

type Judgements = Pick<Judged, 'cpu' | 'network'>;

/** Of what it caused: nothing is said of what held it up, and of whom it waited for itself nobody is named. */
async function causedBy(
  store: Store,
  gathered: Extract<Gathered, { state: 'ok' }>,
  whole: Facts,
  { caused, live, ...options }: PrepareOptions & { live: boolean },
): Promise<Measured> {
  const { facts } = gathered;
  const network = options.network
    ? await gatherNetwork(store, gathered)
    : undefined;
  const judgement = network
    ? judgeQueuesCaused(facts, network, live)
    : judgeCaused(facts, live);
  const timeline =
    caused === 'network' ? networkTimelineOf(whole) : timelineOf(whole);
  return {
    facts,
    unknownShare: heldBase(timeline).unknownShare,
    network,
    caused: await withVictimBursts(store, gathered, judgement),
    parties: [
      ...victimParts(facts).map(({ party }) => party),
      ...(network ? sendersIn(network.receive) : []),
    ],
  };
}

async function measuredOf(
  store: Store,
  gathered: Extract<Gathered, { state: 'ok' }>,
  {
    live,
    requests,
    worst = true,
    ...options
  }: PrepareOptions & { live: boolean },
): Promise<Measured> {
  const { tail } = gathered;
  const cpu = await withBursts(
    store,
    gathered,
    await withCpuOfPlace(
      store,
      gathered,
      judge(gathered.facts, { live, tail }),
    ),
    'cpu',
  );
  const queues = await withBursts(
    store,
    gathered,
    judgeNetwork(gathered.facts, { live, tail }),
    'network',
  );
  const network = options.network
    ? await gatherNetwork(store, gathered)
    : undefined;
  const account =
    requests &&
    accountOf(
      gathered.facts,
      await gatherRequests(store, gathered, requests, { worst }),
      live,
    );
  const facts = {
    ...gathered.facts,
    usage: await usageOfNamed(store, gathered, cpu, account),
    bandwidth: await bandwidthOfNamed(
      store,
      gathered,
      queues,
      network !== undefined,
    ),
  };
  const parts = [...cpu.timeline.parts, ...queues.timeline.parts];
  return {
    facts,
    judgements: { cpu, network: queues },
    unknownShare: cpu.unknownShare,
    account,
    network,
    parties: [
      ...parts.map(({ party }) => party),
      ...(account ? partiesOfAccount(facts, account) : []),
      ...(network ? sendersIn(network.receive) : []),
    ],
  };
}

function judgedFor(
  facts: Facts,
  { cpu, network }: Judgements,
  presenter: Presenter,
): Judged {
  return {
    cpu,
    network,
    cpuVerdict: verdictOf(facts, cpu, presenter),
    networkVerdict: networkVerdict(facts, network, presenter),
  };
}

/** Two look-ups of visibility at most: entities, and with them their owners. */
async function presenterFor(
  context: ReportContext,
  parties: Iterable<PartyFacts>,
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
