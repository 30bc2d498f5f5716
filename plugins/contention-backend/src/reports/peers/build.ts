/** `GET /v1/entities/:kind/:namespace/:name/peers`: gathers, names, hides, says. */
import {
  ATTRIBUTE,
  METRIC,
  PEER_SIDES,
  type Party,
  type PeerSide,
  type PeersReport,
  type PeersState,
} from 'backstage-plugin-contention-common';
import type { EntityDirectory } from '../../attribution';
import type { KnownServices } from '../../kubernetes';
import type { Store, StoredResource } from '../../store';
import { catalogProblem } from '../problems';
import { reachesNow } from '../freshness';
import type { PartyFacts } from '../parties';
import { entityRefsOf, Presenter } from '../present';
import { endpointOf, type WholeSeries } from './facts';
import { findingOf } from './finding';
import {
  gatherHops,
  gatherPeers,
  type PeersGathered,
  type PeersRequest,
} from './gather';
import { hidePeers } from './hidden';
import { firstHop, mapOf, ROLE_OF, type HopsInput } from './hops';
import { nameServersOf, rowsOf, type WhoIs } from './rows';
import { whoIsAt } from './who';

export interface PeersContext {
  store: Store;
  directory: EntityDirectory;
  services: KnownServices;
  /** Which of these entities the reader may see. */
  visible(entityRefs: string[]): Promise<ReadonlySet<string>>;
  /** Of which of these the reader may also read the data. */
  readable(entityRefs: string[]): Promise<ReadonlySet<string>>;
}

export async function buildPeers(
  context: PeersContext,
  request: PeersRequest,
): Promise<PeersReport> {
  const { store, directory, services } = context;
  const { fromMs, toMs, nowMs, cluster } = request;
  const gathered = await gatherPeers(store, directory, request);
  const { series, coveredSeconds, perspective } = gathered;
  const whoIsAmong = (all: readonly WholeSeries[]): WhoIs =>
    whoIsAt(
      {
        resources: gathered.resources,
        services,
        perspective,
        range: { fromMs, toMs },
      },
      all.map(item => ({
        cluster: item.resource.cluster,
        address: endpointOf(item.series).address,
      })),
    );
  const whoIs = whoIsAmong(series);
  const connections = series.filter(isOfConnection);
  const rows: HopsInput['rows'] = {
    upstream: rowsOf(connections, 'client', whoIs, coveredSeconds),
    downstream: rowsOf(connections, 'server', whoIs, coveredSeconds),
  };
  const nameServers = nameServersOf(series, whoIs);
  const centre = `entity:${perspective.entityRef}`;
  const hops = await hopsOf(context, request, gathered, rows, centre);
  const beyond = beyondOf(hops, whoIsAmong(hops.series), coveredSeconds);
  const map = mapOf({ centre, rows, beyond });

  const presenter = await presenterFor(
    context,
    gathered,
    [
      ...rows.upstream,
      ...rows.downstream,
      ...nameServers,
      ...map.nodes,
    ].flatMap(({ party }) => party ?? []),
  );
  const shown = <T extends { party?: PartyFacts }>(items: readonly T[]) =>
    items.map(({ party, ...item }) => ({
      ...item,
      ...(party ? partyFor(presenter, party, item) : {}),
    }));
  const account = hidePeers(
    {
      upstreams: shown(rows.upstream),
      downstreams: shown(rows.downstream),
      nameServers: shown(nameServers),
      map: { ...map, nodes: shown(map.nodes) },
    },
    ref => hops.readable.has(ref),
  );
  const listenOverflows = overflowsOf(series, coveredSeconds);
  return {
    entity: presenter.entity(perspective.entityRef) ?? gathered.entity,
    range: { from: fromMs, to: toMs },
    cluster,
    state: stateOf(gathered),
    finding: findingOf(
      { ...account, listenOverflows },
      { isLive: reachesNow(toMs, nowMs), nowMs },
    ),
    ...account,
    listenOverflows,
    problems: [
      ...catalogProblem(directory.outdatedSince(nowMs), nowMs),
      ...servicesProblem(services, gathered.own, rows),
    ],
  };
}

/** The party, and its key where it is the key of the row. */
function partyFor<T extends object>(
  presenter: Presenter,
  facts: PartyFacts,
  item: T,
): { party: Party; key?: string } {
  const party = presenter.party(facts);
  const isKeyed = 'key' in item && item.key === facts.key;
  return isKeyed ? { party, key: party.key } : { party };
}

const CONNECTION = new Set<string>([
  METRIC.tcpRtt,
  METRIC.tcpConnect,
  METRIC.tcpConnectFailures,
  METRIC.tcpSegments,
  METRIC.tcpRetransmits,
  METRIC.tcpResets,
  METRIC.tcpZeroWindows,
  METRIC.peerRequestDuration,
]);

function isOfConnection({ series }: WholeSeries): boolean {
  return CONNECTION.has(series.metric);
}

interface Hops {
  series: readonly WholeSeries[];
  /** Peers of the first hop whose peers may be told, by side: containers of each. */
  of: Record<PeerSide, ReadonlyMap<string, ReadonlySet<number>>>;
  readable: ReadonlySet<string>;
}

/** Of peers that are entities whose data the reader may read; of what nobody claims, nobody can be asked. */
async function hopsOf(
  { store, readable }: PeersContext,
  request: PeersRequest,
  { perspective, resources }: PeersGathered,
  rows: HopsInput['rows'],
  centre: string,
): Promise<Hops> {
  const candidates = PEER_SIDES.map(
    side => [side, firstHop(rows[side], centre).shown] as const,
  );
  const refs = candidates.flatMap(([, list]) =>
    entityRefsOf(list.flatMap(({ party }) => party ?? [])),
  );
  const may = await readable([...new Set(refs)]);
  const byEntities = new Map<string, StoredResource[]>();
  for (const resource of resources) {
    const key = perspective.entitiesOf(resource).join(',');
    if (key === '') continue;
    const there = byEntities.get(key);
    if (there) there.push(resource);
    else byEntities.set(key, [resource]);
  }
  const wanted = new Map<number, StoredResource>();
  const of: Hops['of'] = { upstream: new Map(), downstream: new Map() };
  for (const [side, list] of candidates) {
    const bySide = new Map<string, ReadonlySet<number>>();
    for (const { key, party } of list) {
      const entityRefs = party?.entityRefs ?? [];
      if (entityRefs.length === 0) continue;
      if (!entityRefs.every(ref => may.has(ref))) continue;
      const theirs = byEntities.get(entityRefs.join(',')) ?? [];
      for (const resource of theirs) wanted.set(resource.id, resource);
      bySide.set(key, new Set(theirs.map(({ id }) => id)));
    }
    of[side] = bySide;
  }
  const series = await gatherHops(store, [...wanted.values()], request);
  return { series, of, readable: may };
}

function beyondOf(
  { series, of }: Hops,
  whoIs: WhoIs,
  coveredSeconds: number,
): HopsInput['beyond'] {
  const bySide = (side: PeerSide) =>
    new Map(
      [...of[side]].map(([key, ids]) => [
        key,
        rowsOf(
          series.filter(({ resource }) => ids.has(resource.id)),
          ROLE_OF[side],
          whoIs,
          coveredSeconds,
        ),
      ]),
    );
  return { upstream: bySide('upstream'), downstream: bySide('downstream') };
}

async function presenterFor(
  { directory, visible }: PeersContext,
  { entity, perspective }: PeersGathered,
  parties: readonly PartyFacts[],
): Promise<Presenter> {
  const linkOf = (ref: string) =>
    ref === entity.entityRef ? entity : directory.link(ref);
  const refs = [perspective.entityRef, ...entityRefsOf(parties)];
  const owners = refs.flatMap(ref => linkOf(ref)?.owner?.entityRef ?? []);
  return new Presenter(
    await visible([...new Set([...refs, ...owners])]),
    linkOf,
  );
}

function overflowsOf(
  series: readonly WholeSeries[],
  coveredSeconds: number,
): PeersReport['listenOverflows'] {
  const byPort = new Map<number | undefined, number>();
  for (const { series: of, value } of series) {
    if (of.metric !== METRIC.tcpListenOverflows) continue;
    const port = of.attributes[ATTRIBUTE.serverPort];
    const key = port === undefined ? undefined : Number(port);
    byPort.set(key, (byPort.get(key) ?? 0) + value);
  }
  return [...byPort]
    .sort(([, a], [, b]) => b - a)
    .map(([port, count]) => ({
      port,
      count,
      perMinute: coveredSeconds > 0 ? (count / coveredSeconds) * 60 : undefined,
    }));
}

function stateOf({ entity, series, isWatched }: PeersGathered): PeersState {
  if (series.length > 0) return { state: 'measured' };
  return isWatched
    ? {
        state: 'none',
        why: `${entity.title} had no connections over TCP in this range.`,
      }
    : {
        state: 'not-measured',
        why: `No agent on the nodes of ${entity.title} watched connections in this range.`,
      };
}

/** Only where it matters: somebody is left without a name. */
function servicesProblem(
  services: KnownServices,
  own: readonly StoredResource[],
  rows: HopsInput['rows'],
): PeersReport['problems'] {
  if (!rows.upstream.some(({ kind }) => kind === 'address')) return [];
  const clusters = new Set(own.map(({ cluster }) => cluster));
  return services
    .problems()
    .filter(({ cluster }) => clusters.has(cluster))
    .map(({ cluster, problem }) => ({
      what: `Services of ${cluster}`,
      detail: `They could not be read (${problem}): connections to them show an address instead of a name.`,
    }));
}
