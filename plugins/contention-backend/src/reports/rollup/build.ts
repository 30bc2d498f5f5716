/** The answer of `GET /v1/entities/:kind/:namespace/:name/pairs`: gathers, adds up, presents. */
import type {
  Confidence,
  Direction,
  EntityLink,
  Member,
  PairsReport,
  Resource,
  Verdict,
} from 'backstage-plugin-contention-common';
import type {
  Access,
  CatalogOutline,
  EntityDirectory,
} from '../../attribution';
import type { Store } from '../../store';
import { catalogProblem, silentProblem } from '../problems';
import { entitlementOf } from '../entitlement';
import { nodeKey, sumOf } from '../facts';
import { freshnessOf, reachesNow } from '../freshness';
import { pathOf, placeKey } from '../gather/places';
import { resourcesAt, usageOfGroups } from '../gather/usage';
import { lossesOf } from '../losses';
import { missingOf, notesOf } from '../network/visible';
import { entityRefsOf, Presenter } from '../present';
import { SentenceBuilder } from '../sentence';
import { shedWords } from '../shed';
import { gatherRollup, type GatheredRollup } from './gather';
import { figuresOf } from './members';
import { pairsOf, type PairFacts } from './pairs';
import { planTrend, trendLayers } from './trend';
import { transmitMeans } from './packets';
import { queueVerdict } from './queues';
import { rollupVerdict, type PairUsage } from './verdict';

/** Pairs that are listed. */
const MAX_PAIRS = 50;
/** Culprits, each on one node, whose CPU use is looked up. */
const MAX_USAGES = 24;

export interface PairsRequest {
  entity: EntityLink;
  fromMs: number;
  toMs: number;
  stepMs?: number;
  cluster?: string;
  nowMs: number;
  direction: Direction;
  resource: Resource;
}

export interface PairsContext {
  store: Store;
  directory: EntityDirectory;
  outline: CatalogOutline;
  visible(entityRefs: string[]): Promise<ReadonlySet<string>>;
  access(entityRefs: string[]): Promise<Access>;
}

type Gathered = Extract<GatheredRollup, { state: 'ok' }>;

export async function buildPairs(
  context: PairsContext,
  request: PairsRequest,
): Promise<PairsReport> {
  const { store, directory, outline } = context;
  const { entity, direction, resource, fromMs, toMs, nowMs } = request;
  const isCpu = resource === 'cpu';
  const linkOf = (ref: string) =>
    directory.link(ref) ?? outline.entity(ref)?.link;
  const all = outline.membersOf(entity.entityRef);
  const access = await context.access(all);
  const annotated = new Set(directory.claims().map(claim => claim.entityRef));
  const members = new Set(
    all.filter(ref => access.readable.has(ref) && annotated.has(ref)),
  );
  const gathered = await gatherRollup(store, directory, {
    ...request,
    members,
  });
  const facts = gathered.state === 'ok' ? gathered.facts : undefined;
  const pairs = facts ? pairsOf(facts, direction) : [];
  const listed = pairs.slice(0, MAX_PAIRS);
  const trend = planTrend(pairs, direction);
  const usage =
    gathered.state === 'ok'
      ? await usageOfPairs(store, gathered, listed)
      : new Map<string, PairUsage>();
  const parties = [
    ...listed.flatMap(({ victim, culprit }) => [victim, culprit]),
    ...trend.sides.map(({ party }) => party),
  ];
  const named = [entity.entityRef, ...all, ...entityRefsOf(parties)];
  const owners = named.flatMap(ref => linkOf(ref)?.owner?.entityRef ?? []);
  const presenter = new Presenter(
    await context.visible([...new Set([...named, ...owners])]),
    ref => (ref === entity.entityRef ? entity : linkOf(ref)),
  );
  const figures = facts && figuresOf(facts);
  const rows = all.flatMap((ref): Member[] => {
    const link = presenter.entity(ref);
    if (!link || !access.visible.has(ref)) return [];
    const known = figures?.byMember.get(ref);
    const none = {
      waitSeconds: 0,
      wantedSeconds: 0,
      neighbourSeconds: 0,
      causedSeconds: 0,
      ...(isCpu ? {} : { packets: 0 }),
      severity: 'none' as const,
    };
    return [
      {
        entity: link,
        ...(outline.entity(ref)?.type
          ? { type: outline.entity(ref)!.type }
          : {}),
        state: stateOf(ref, access, annotated, known !== undefined),
        ...(known ?? none),
      },
    ];
  });
  rows.sort(worstFirst(direction, resource));
  const neighbourSeconds = sumOf(pairs.map(({ seconds }) => seconds));
  const wantedSeconds =
    figures && isCpu ? figures.waitSeconds + figures.cpuSeconds : 0;
  const freshness = freshnessOf(facts?.nodes ?? [], toMs, nowMs);
  const sums = facts ? await store.groupSums(trend.groups, facts.axis) : [];
  return {
    entity: presenter.entity(entity.entityRef) ?? entity,
    range: { from: fromMs, to: toMs },
    clusters: gathered.clusters,
    cluster: request.cluster,
    status:
      gathered.state === 'ok' || members.size === 0
        ? { state: 'ok' }
        : {
            state: 'no-data',
            nearest: gathered.nearest && {
              from: gathered.nearest.fromMs,
              to: gathered.nearest.toMs,
            },
          },
    verdict: facts
      ? (isCpu ? rollupVerdict : queueVerdict)({
          facts,
          direction,
          pairs,
          members: rows.filter(({ state }) => state === 'measured'),
          wantedSeconds,
          packets: figures?.packets ?? 0,
          waitSeconds: figures?.waitSeconds ?? 0,
          presenter,
          usageOf: pair => usage.get(usageKey(pair)),
        })
      : nothingVerdict(entity, rows, nowMs),
    freshness,
    confidence: confidenceOf(gathered, figures, reachesNow(toMs, nowMs), nowMs),
    problems: [
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
    markers: [],
    direction,
    resource,
    total: {
      neighbourSeconds,
      waitSeconds: figures?.waitSeconds ?? 0,
      wantedSeconds,
      ...(figures && wantedSeconds > 0
        ? { waitShare: figures.waitSeconds / wantedSeconds }
        : {}),
      ...(figures && !isCpu ? { packets: figures.packets } : {}),
      pairs: pairs.length,
    },
    pairs: listed.map(pair => {
      const used = usage.get(usageKey(pair));
      const culprit = presenter.party(pair.culprit);
      return {
        victim: presenter.party(pair.victim),
        culprit,
        cluster: pair.cluster,
        node: pair.node,
        waitSeconds: pair.seconds,
        share: neighbourSeconds > 0 ? pair.seconds / neighbourSeconds : 0,
        isInside: pair.isInside,
        ...presenter.own(pair.culprit, used),
        entitlement: entitlementOf(used),
        ...(isCpu ? {} : queueOf(pair)),
      };
    }),
    layers: facts
      ? trendLayers(trend, sums, facts.coveredSeconds, presenter)
      : [],
    members: rows,
  };
}

function stateOf(
  ref: string,
  access: Access,
  annotated: ReadonlySet<string>,
  isMeasured: boolean,
): Member['state'] {
  if (!access.readable.has(ref)) return 'forbidden';
  if (!annotated.has(ref)) return 'not-annotated';
  return isMeasured ? 'measured' : 'no-data';
}

const SEVERITIES = ['serious', 'notice', 'none'];
const STATES = ['measured', 'no-data', 'not-annotated', 'forbidden'];

function queueOf({ seconds, packets, interfaces }: PairFacts) {
  return {
    ...(packets ? { delaySeconds: seconds / packets } : {}),
    interfaces: [...interfaces]
      .sort(([, a], [, b]) => b - a)
      .map(([name]) => name),
  };
}

function worstFirst(direction: Direction, resource: Resource) {
  const rank = ({ severity, state }: Member) =>
    STATES.indexOf(state) * SEVERITIES.length +
    (direction === 'suffered' ? SEVERITIES.indexOf(severity) : 0);
  const held = ({ waitShare, waitSeconds, packets }: Member) =>
    resource === 'cpu'
      ? (waitShare ?? 0)
      : waitSeconds / Math.max(1, packets ?? 0);
  const seconds = (member: Member) =>
    direction === 'suffered' ? held(member) : member.causedSeconds;
  return (a: Member, b: Member) =>
    rank(a) - rank(b) ||
    seconds(b) - seconds(a) ||
    a.entity.title.localeCompare(b.entity.title);
}

/** The culprit of a pair, on its node. */
function usageKey(pair: PairFacts): string {
  return JSON.stringify([pair.culprit.key, nodeKey(pair)]);
}

/** CPU use and request, or bytes per second sent, of the culprits that are listed, each on the node of its pair. */
async function usageOfPairs(
  store: Store,
  { facts, stretches }: Gathered,
  pairs: readonly PairFacts[],
): Promise<Map<string, PairUsage>> {
  const places = new Map<string, Set<string>>();
  for (const pair of pairs) {
    const key = usageKey(pair);
    if (!places.has(key) && places.size >= MAX_USAGES) continue;
    const own = places.get(key) ?? new Set();
    for (const resource of pair.culpritResources) {
      own.add(placeKey(resource, pathOf(resource)));
    }
    places.set(key, own);
  }
  const resourcesOf = resourcesAt([...facts.resources.values()], places);
  if (facts.resource === 'cpu') {
    return usageOfGroups(store, facts, resourcesOf, stretches, facts.nodes);
  }
  const means = await transmitMeans(
    store,
    facts.axis,
    resourcesOf,
    stretches,
    facts.nodes,
  );
  return new Map(
    [...means].map(([key, transmitMean]) => [key, { transmitMean }]),
  );
}

function nothingVerdict(
  entity: EntityLink,
  members: readonly Member[],
  nowMs: number,
): Verdict {
  const sentence = new SentenceBuilder(nowMs);
  if (members.length === 0) {
    sentence.text('The catalog names no service of ').name(entity.title);
    sentence.text(' that you may see.');
  } else if (members.every(({ state }) => state !== 'no-data')) {
    sentence.text('Of no service of ').name(entity.title);
    sentence.text(' is it known where it runs.');
  } else {
    sentence.text('There is no data of the services of ').name(entity.title);
    sentence.text(' in this range.');
  }
  return { cause: 'no-data', severity: 'none', sentence: sentence.build() };
}

function confidenceOf(
  gathered: GatheredRollup,
  figures: ReturnType<typeof figuresOf> | undefined,
  isLive: boolean,
  nowMs: number,
): Confidence {
  const losses = gathered.state === 'ok' ? lossesOf(gathered.agents) : [];
  const parts = sumOf([...(figures?.all.values() ?? [])]);
  const unknown = figures?.all.get('unknown') ?? 0;
  const ofNetwork =
    gathered.state === 'ok' && gathered.facts.resource === 'network'
      ? gathered.facts
      : undefined;
  return {
    method: 'exact',
    ...(parts > 0 ? { unattributedShare: Math.min(1, unknown / parts) } : {}),
    lostEvents: sumOf(
      losses.filter(({ repaired }) => !repaired).map(({ count }) => count),
    ),
    losses: losses.map(({ repaired, text }) => ({ repaired, text })),
    missing: [
      ...(ofNetwork ? missingOf(ofNetwork, ofNetwork) : []),
      ...(gathered.state === 'ok'
        ? shedWords(gathered.shed, gathered.axis, isLive, nowMs)
        : []),
    ],
    notes: ofNetwork ? notesOf() : [],
  };
}
