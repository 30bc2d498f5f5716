/**
 * Answer to `GET /v1/nodes`. All nodes are put in order by sums that the store keeps a node; series are read only of the few
 * nodes on the page that are asked for.
 */
import {
  ATTRIBUTE,
  METRIC,
  type NodeRow,
  type NodesFilter,
  type NodesReport,
} from 'backstage-plugin-contention-common';
import {
  LAST_SEEN_LAG_MS,
  MINUTE_MS,
  type Axis,
  type Crowding,
  type NodeSeen,
  type StoredResource,
} from '../../store';
import { entitlementOf } from '../entitlement';
import { isAtAny, nodeKey, sumOf } from '../facts';
import { HELD_AGAINST_SECONDS, LEAST_PACKETS } from '../network/thresholds';
import { partyOfResource, type PartyFacts } from '../parties';
import { HELD_SECONDS_PER_SECOND, HELD_SHARE } from '../thresholds';
import { usageOfParty, type UsageOfOne } from '../usage';
import { agentState } from './agentState';
import type { NodesContext } from './build';
import { BLAME, isOfPod } from './facts';
import { hiddenParty, nodePresenter, type NodePresenter } from './present';
import type { NodeUsage } from './residents';

export interface NodesRequest extends NodesFilter {
  fromMs: number;
  toMs: number;
  stepMs?: number;
  cluster?: string;
  nowMs: number;
}

type Sums = Crowding & { seconds: number };

interface Candidate {
  node: NodeSeen;
  sums?: Sums;
}

/** The worst pair of a node. */
interface Pair {
  victim: PartyFacts;
  culprit: PartyFacts;
  waitSeconds: number;
  /** Only of the network: those of the victim that passed a queue on the node. */
  packets?: number;
  usage: NodeUsage;
}

const STILL_THERE_MS = 15 * MINUTE_MS;

export async function buildNodes(
  { store, directory, reader }: NodesContext,
  request: NodesRequest,
): Promise<NodesReport> {
  const { fromMs, toMs, nowMs, limit, offset, resource } = request;
  const all = await store.nodes();
  const axis = store.crowdingAxis(request, nowMs);
  const sums = new Map(
    (await store.crowding({ fromMs, toMs }, resource)).map(item => [
      nodeKey(item),
      item,
    ]),
  );
  const fitting = all.filter(node => fits(node, request));
  const states = { fresh: 0, stale: 0, gone: 0 };
  for (const node of fitting) states[agentState(node, nowMs)] += 1;
  const listed = fitting
    .filter(node => isListed(node, request))
    .map((node): Candidate => ({ node, sums: sums.get(nodeKey(node)) }));
  const page = ordered(listed, request).slice(offset, offset + limit);
  const places = page.map(({ node }) => node);
  const values = await store.crowdingWindows(places, axis, resource);
  const pairs = await worstPairs(
    { store, directory, reader },
    request,
    axis,
    page,
    values,
  );
  const presenter = await nodePresenter(
    reader,
    ref => directory.link(ref),
    [...pairs.values()].flatMap(({ victim, culprit }) => [victim, culprit]),
  );
  return {
    resource,
    range: { from: fromMs, to: toMs },
    axis: {
      startsMs: Array.from(
        { length: axis.count },
        (_, window) => axis.startMs + window * axis.stepMs,
      ),
      stepSeconds: axis.stepMs / 1000,
    },
    clusters: [...new Set(all.map(({ cluster }) => cluster))].sort(),
    total: listed.length,
    states,
    nodes: page.map(({ node, sums: own }, index): NodeRow => {
      const pair = pairs.get(nodeKey(node));
      return {
        cluster: node.cluster,
        node: node.node,
        state: agentState(node, nowMs),
        lastSeen: node.lastSeenMs,
        ...(own
          ? {
              waitSeconds: own.waitSeconds,
              crowdedSeconds: own.crowdedSeconds,
            }
          : {}),
        values: values[index],
        ...(pair ? { worst: pairRow(pair, presenter) } : {}),
      };
    }),
  };
}

function fits(node: NodeSeen, request: NodesRequest): boolean {
  const { cluster, search, toMs } = request;
  return (
    (cluster === undefined || node.cluster === cluster) &&
    (!search || node.node.toLowerCase().includes(search.toLowerCase())) &&
    node.firstSeenMs <= toMs
  );
}

/** Nodes that are gone are listed where they are asked for, and in ranges in which they were there. */
function isListed(
  node: NodeSeen,
  { state, fromMs, nowMs }: NodesRequest,
): boolean {
  const own = agentState(node, nowMs);
  if (state !== undefined) return own === state;
  return own !== 'gone' || node.lastSeenMs >= fromMs;
}

function ordered(
  candidates: readonly Candidate[],
  { sort, order }: NodesRequest,
): Candidate[] {
  const byName = (a: Candidate, b: Candidate) =>
    a.node.node.localeCompare(b.node.node, 'en', { numeric: true }) ||
    a.node.cluster.localeCompare(b.node.cluster, 'en');
  const isName = sort === 'node' || sort === 'cluster';
  const sign = (order ?? (isName ? 'asc' : 'desc')) === 'asc' ? 1 : -1;
  const figureOf = ({ node, sums }: Candidate): number | undefined => {
    switch (sort) {
      case 'crowding':
        return sums && sums.crowdedSeconds / sums.seconds;
      case 'waiting':
        return sums && sums.waitSeconds / sums.seconds;
      default:
        return node.lastSeenMs;
    }
  };
  return [...candidates].sort((a, b) => {
    if (sort === 'node') return sign * byName(a, b);
    if (sort === 'cluster') {
      const clusters = a.node.cluster.localeCompare(b.node.cluster, 'en');
      return sign * clusters || byName(a, b);
    }
    const [left, right] = [figureOf(a), figureOf(b)];
    // What is not known stands last, whichever way.
    if (left === undefined || right === undefined) {
      const unknown = Number(left === undefined) - Number(right === undefined);
      return unknown || byName(a, b);
    }
    return sign * (left - right) || byName(a, b);
  });
}

function pairRow(pair: Pair, presenter: NodePresenter): NodeRow['worst'] {
  const { victim, culprit, waitSeconds, packets, usage } = pair;
  const shown = presenter.culprits.party(culprit);
  return {
    victim: presenter.isHidden(victim)
      ? hiddenParty(1)
      : presenter.victims.party(victim),
    culprit: shown,
    waitSeconds,
    ...(packets ? { delaySeconds: waitSeconds / packets } : {}),
    ...presenter.culprits.own(culprit, usage),
    entitlement: entitlementOf(usage),
  };
}

/**
 * Of each node on the page on which somebody waits noticeably: which pod waited most, while who ran, or behind whose packets. Who waited hardly any of the
 * time it wanted to run is no victim, and the host's own processes are none that a neighbour can be accused of.
 */
async function worstPairs(
  { store, directory }: NodesContext,
  { fromMs, toMs, resource: waitedFor }: NodesRequest,
  axis: Axis,
  page: readonly Candidate[],
  values: readonly (number | null)[][],
): Promise<Map<string, Pair>> {
  const busy = page.filter(
    ({ sums }) =>
      sums && sums.crowdedSeconds >= HELD_SECONDS_PER_SECOND * sums.seconds,
  );
  const firstMs = fromMs - STILL_THERE_MS;
  const there = (
    await store.resources({
      fromMs: firstMs,
      toMs,
      nodes: busy.map(({ node }) => node),
    })
  ).filter(({ lastSeenMs }) => lastSeenMs + LAST_SEEN_LAG_MS >= firstMs);
  const resources = new Map(there.map(resource => [resource.id, resource]));
  const partyOf = partiesBy(resource => directory.entitiesOf(resource));
  const blame = (
    await store.series({
      resourceIds: [...resources.keys()],
      metrics: [BLAME[waitedFor]],
    })
  ).filter(
    ({ attributes, culpritId }) =>
      culpritId !== undefined &&
      attributes[ATTRIBUTE.culpritKind] === 'container' &&
      String(attributes[ATTRIBUTE.culpritSamePod]) !== 'true',
  );
  const totals = await store.totals(blame, axis);
  const found = new Map<string, Map<string, Omit<Pair, 'usage'>>>();
  const secondsOf = new Map(
    busy.map(({ node, sums }) => [nodeKey(node), sums!.seconds]),
  );
  for (const { id, resourceId, culpritId } of blame) {
    const home = resources.get(resourceId);
    const other = resources.get(culpritId!);
    const seconds = totals.get(id) ?? 0;
    if (!home || !other || seconds <= 0 || !isOfPod(home)) continue;
    const [victim, culprit] = [partyOf(home), partyOf(other)];
    if (victim.key === culprit.key) continue;
    const own = found.get(nodeKey(home)) ?? new Map();
    const key = `${victim.key}\0${culprit.key}`;
    const known = own.get(key) ?? { victim, culprit, waitSeconds: 0 };
    own.set(key, { ...known, waitSeconds: known.waitSeconds + seconds });
    found.set(nodeKey(home), own);
  }
  for (const [node, pairs] of found) {
    for (const [key, { waitSeconds }] of pairs) {
      if (waitSeconds < HELD_SECONDS_PER_SECOND * (secondsOf.get(node) ?? 0)) {
        pairs.delete(key);
      }
    }
  }
  const victims = there.filter(resource =>
    [...(found.get(nodeKey(resource))?.values() ?? [])].some(
      ({ victim }) => victim.key === partyOf(resource).key,
    ),
  );
  const packets =
    waitedFor === 'network'
      ? await packetsBy({ store }, axis, victims, partyOf)
      : undefined;
  const wanted = packets
    ? new Map(
        [...packets].map(([key, count]) => [key, count * HELD_AGAINST_SECONDS]),
      )
    : await wantedBy({ store }, axis, victims, partyOf);
  const worst = new Map(
    [...found].flatMap(([node, pairs]) => {
      const [first] = [...pairs.values()]
        .filter(
          ({ victim, waitSeconds }) =>
            waitSeconds >=
              HELD_SHARE * (wanted.get(`${node}\0${victim.key}`) ?? 0) &&
            (packets?.get(`${node}\0${victim.key}`) ?? Infinity) >=
              LEAST_PACKETS,
        )
        .sort((a, b) => b.waitSeconds - a.waitSeconds)
        .map(pair => ({
          ...pair,
          packets: packets?.get(`${node}\0${pair.victim.key}`),
        }));
      return first ? [[node, first] as const] : [];
    }),
  );
  const covered = new Map(
    page.map(({ node }, index) => [
      nodeKey(node),
      values[index].map(value => (value === null ? 0 : axis.stepMs / 1000)),
    ]),
  );
  return waitedFor === 'network'
    ? withTraffic(store, axis, worst, there, partyOf, covered)
    : withUsage(store, axis, worst, there, partyOf, covered);
}

/** Node and party of resources, by their ids. */
function keysOf(
  resources: readonly StoredResource[],
  partyOf: (resource: StoredResource) => PartyFacts,
): Map<StoredResource['id'], string> {
  return new Map(
    resources.map(resource => [
      resource.id,
      `${nodeKey(resource)}\0${partyOf(resource).key}`,
    ]),
  );
}

/** Packets of parties that passed a queue on their node, by node and party. */
async function packetsBy(
  { store }: Pick<NodesContext, 'store'>,
  { startMs, stepMs, count }: Axis,
  resources: readonly StoredResource[],
  partyOf: (resource: StoredResource) => PartyFacts,
): Promise<Map<string, number>> {
  const keys = keysOf(resources, partyOf);
  const series = await store.series({
    resourceIds: [...keys.keys()],
    metrics: [METRIC.netQueue],
  });
  const whole = { startMs, stepMs: stepMs * count, count: 1 };
  const windows = await store.read(series, whole);
  const packets = new Map<string, number>();
  series.forEach(({ resourceId }, index) => {
    const key = keys.get(resourceId)!;
    const own = windows[index].histograms?.[0]?.count ?? 0;
    packets.set(key, (packets.get(key) ?? 0) + own);
  });
  return packets;
}

/** Seconds that parties wanted to run on their node, by node and party. */
async function wantedBy(
  { store }: Pick<NodesContext, 'store'>,
  axis: Axis,
  resources: readonly StoredResource[],
  partyOf: (resource: StoredResource) => PartyFacts,
): Promise<Map<string, number>> {
  const keys = keysOf(resources, partyOf);
  const series = await store.series({
    resourceIds: [...keys.keys()],
    metrics: [METRIC.cpuWait, METRIC.cpuTime],
  });
  const totals = await store.totals(series, axis);
  const wanted = new Map<string, number>();
  for (const { id, resourceId } of series) {
    const key = keys.get(resourceId)!;
    wanted.set(key, (wanted.get(key) ?? 0) + (totals.get(id) ?? 0));
  }
  return wanted;
}

function partiesBy(entitiesOf: (resource: StoredResource) => string[]) {
  const known = new Map<number, PartyFacts>();
  return (resource: StoredResource): PartyFacts => {
    const party =
      known.get(resource.id) ??
      partyOfResource(resource, 'neighbour', 'container', {
        entityRef: '',
        entitiesOf,
      });
    known.set(resource.id, party);
    return party;
  };
}

/** How much the culprits sent, on their node. */
async function withTraffic(
  store: NodesContext['store'],
  axis: Axis,
  worst: ReadonlyMap<string, Omit<Pair, 'usage'>>,
  there: readonly StoredResource[],
  partyOf: (resource: StoredResource) => PartyFacts,
  covered: ReadonlyMap<string, number[]>,
): Promise<Map<string, Pair>> {
  const homes = new Map(
    there
      .filter(
        resource =>
          worst.get(nodeKey(resource))?.culprit.key === partyOf(resource).key,
      )
      .map(resource => [resource.id, nodeKey(resource)]),
  );
  const series = (
    await store.series({
      resourceIds: [...homes.keys()],
      metrics: [METRIC.netIo],
    })
  ).filter(
    ({ attributes }) => attributes[ATTRIBUTE.ioDirection] === 'transmit',
  );
  const totals = await store.totals(series, axis);
  return new Map(
    [...worst].map(([key, pair]) => {
      const seconds = sumOf(covered.get(key) ?? []);
      const sent = series.filter(
        ({ id, resourceId }) => homes.get(resourceId) === key && totals.has(id),
      );
      const bytes = sumOf(sent.map(({ id }) => totals.get(id)));
      const isKnown = sent.length > 0 && seconds > 0;
      return [
        key,
        { ...pair, usage: isKnown ? { transmitMean: bytes / seconds } : {} },
      ];
    }),
  );
}

/** How much CPU the culprits used and asked for, on their node. */
async function withUsage(
  store: NodesContext['store'],
  axis: Axis,
  worst: ReadonlyMap<string, Omit<Pair, 'usage'>>,
  there: readonly StoredResource[],
  partyOf: (resource: StoredResource) => PartyFacts,
  covered: ReadonlyMap<string, number[]>,
): Promise<Map<string, Pair>> {
  const culprits = there.filter(
    resource =>
      resource.attributes[ATTRIBUTE.containerName] !== undefined &&
      worst.get(nodeKey(resource))?.culprit.key === partyOf(resource).key,
  );
  const series = await store.series({
    resourceIds: culprits.map(({ id }) => id),
    metrics: [METRIC.cpuTime, METRIC.cpuRequest],
  });
  const windows = await store.read(series, axis);
  const none = new Array<undefined>(axis.count).fill(undefined);
  const ones = new Map<number, UsageOfOne>();
  series.forEach(({ resourceId, metric }, index) => {
    const one = ones.get(resourceId) ?? { cpu: none, request: none };
    const { values } = windows[index];
    ones.set(
      resourceId,
      metric === METRIC.cpuRequest
        ? { ...one, request: values }
        : {
            ...one,
            cpu: one.cpu.map((value, window) =>
              value === undefined && values[window] === undefined
                ? undefined
                : (value ?? 0) + (values[window] ?? 0),
            ),
          },
    );
  });
  return new Map(
    [...worst].map(([key, pair]) => {
      const [cluster, node] = key.split('\0');
      const isHere = isAtAny([{ cluster, node }]);
      const own = culprits
        .filter(isHere)
        .flatMap(({ id }) => ones.get(id) ?? []);
      return [
        key,
        { ...pair, usage: usageOfParty(own, covered.get(key) ?? []) },
      ];
    }),
  );
}
