/**
 * An account of peers as one reader may have it, after parties were hidden from that reader: all who may not be seen become one
 * row and one node a side, so that not even their number is told; and whose data the reader may not read, of those nobody's
 * peers are told. Of living reports and of records alike. Pure.
 */
import type {
  EntityLink,
  NameServer,
  Party,
  Peer,
  PeerMap,
  PeerMapEdge,
  PeerMapNode,
  PeersReport,
  PeerTrouble,
} from 'backstage-plugin-contention-common';
import { REDACTED_NAME } from '../present';
import { byWeight, failureShareOf, worstOf } from './troubles';

type Body = Pick<
  PeersReport,
  'upstreams' | 'downstreams' | 'nameServers' | 'map'
>;

const HIDDEN_KEY = 'hidden';

const HIDDEN_PARTY: Party = {
  key: HIDDEN_KEY,
  relation: 'other',
  kind: 'container',
  name: REDACTED_NAME,
  entities: [],
  redacted: true,
};

/** @param mayRead - whether the reader may read the data of an entity, not only see its name */
export function hidePeers<Report extends Body>(
  report: Report,
  mayRead: (entityRef: string) => boolean,
): Report {
  return {
    ...report,
    upstreams: hideRows(report.upstreams),
    downstreams: hideRows(report.downstreams),
    nameServers: hideNameServers(report.nameServers),
    map: hideMap(report.map, mayRead),
  };
}

/** Whether the reader may not know who it is. */
export const isHidden = ({ party }: { party?: Party }) =>
  party?.redacted === true;

function hideRows(rows: readonly Peer[]): Peer[] {
  const hidden = rows.filter(isHidden);
  const seen = rows.filter(row => !isHidden(row));
  if (hidden.length === 0) return seen;
  const folded = seen.filter(({ kind }) => kind === 'others');
  return [
    ...[...seen.filter(({ kind }) => kind !== 'others'), together(hidden)].sort(
      byWeight,
    ),
    ...folded,
  ];
}

/** Weight without a name: what does not add up is never told, as it would tell that there is but one. */
function together(rows: readonly Peer[]): Peer {
  const sum = (valueOf: (row: Peer) => number) =>
    rows.reduce((total, row) => total + valueOf(row), 0);
  const sumOptional = (valueOf: (row: Peer) => number | undefined) =>
    rows.some(row => valueOf(row) !== undefined)
      ? sum(row => valueOf(row) ?? 0)
      : undefined;
  const segmentsSent = sum(row => row.segmentsSent);
  const retransmitCount = sum(row => row.retransmitCount);
  return {
    key: HIDDEN_KEY,
    kind: 'hidden',
    party: HIDDEN_PARTY,
    addresses: [],
    addressCount: 0,
    requestCount: sum(row => row.requestCount),
    ratePerSecond: sumOptional(row => row.ratePerSecond),
    segmentsSent,
    segmentsReceived: sum(row => row.segmentsReceived),
    retransmitCount,
    retransmitShare:
      segmentsSent + retransmitCount > 0
        ? retransmitCount / Math.max(segmentsSent, retransmitCount)
        : undefined,
    retransmits: added(
      rows.flatMap(row => row.retransmits),
      ({ cause }) => cause,
    ),
    connectCount: sum(row => row.connectCount),
    connectFailureCount: sum(row => row.connectFailureCount),
    connectFailures: added(
      rows.flatMap(row => row.connectFailures),
      ({ error }) => error,
    ),
    connectFailuresPerMinute: sumOptional(row => row.connectFailuresPerMinute),
    resetsSent: sum(row => row.resetsSent),
    resetsReceived: sum(row => row.resetsReceived),
    zeroWindowsSent: sum(row => row.zeroWindowsSent),
    zeroWindowsReceived: sum(row => row.zeroWindowsReceived),
    troubles: worstTroubles(rows),
  };
}

/** Counts of the same word added up, most first. */
function added<Item extends { count: number }>(
  items: readonly Item[],
  wordOf: (item: Item) => string,
): Item[] {
  const counts = new Map<string, Item>();
  for (const item of items) {
    const count = item.count + (counts.get(wordOf(item))?.count ?? 0);
    counts.set(wordOf(item), { ...item, count });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count);
}

/** Each kind once, as serious as it is at worst. */
function worstTroubles(
  items: readonly { troubles: readonly PeerTrouble[] }[],
): PeerTrouble[] {
  const worst = new Map<PeerTrouble['kind'], PeerTrouble>();
  for (const { troubles } of items) {
    for (const trouble of troubles) {
      if (worst.get(trouble.kind)?.severity !== 'serious') {
        worst.set(trouble.kind, trouble);
      }
    }
  }
  return [...worst.values()].sort(
    (a, b) => worstOf({ troubles: [b] }) - worstOf({ troubles: [a] }),
  );
}

function hideNameServers(servers: readonly NameServer[]): NameServer[] {
  const hidden = servers.filter(isHidden);
  const seen = servers.filter(server => !isHidden(server));
  if (hidden.length === 0) return seen;
  const sum = (valueOf: (server: NameServer) => number) =>
    hidden.reduce((total, server) => total + valueOf(server), 0);
  const answerCount = sum(server => server.answerCount);
  const failureCount = sum(server => server.failureCount);
  const failures = added(
    hidden.flatMap(server => server.failures),
    ({ error }) => error,
  );
  return [
    ...seen,
    {
      key: HIDDEN_KEY,
      kind: 'hidden',
      party: HIDDEN_PARTY,
      answerCount,
      failureCount,
      failureShare: failureShareOf(
        answerCount,
        failures.find(({ error }) => error === 'timeout')?.count ?? 0,
        failureCount,
      ),
      failures,
      troubles: worstTroubles(hidden),
    },
  ];
}

function hideMap(
  { nodes, edges, leftOutCount }: PeerMap,
  mayRead: (entityRef: string) => boolean,
): PeerMap {
  const byId = new Map(nodes.map(node => [node.id, node]));
  const isTold = (edge: PeerMapEdge) => {
    const near = nearEnd(byId, edge);
    if (near === undefined) return true;
    const entities = near.party?.entities ?? [];
    // Of what several claim, all have to be readable; of what nobody claims, nobody can be asked.
    return (
      !isHidden(near) &&
      entities.length > 0 &&
      entities.every(({ entityRef }) => mayRead(entityRef))
    );
  };
  const told = edges.filter(isTold);
  const reached = new Set(told.flatMap(({ from, to }) => [from, to]));
  const idOf = (id: string) => {
    const node = byId.get(id);
    return node && isHidden(node) ? hiddenId(node) : id;
  };
  const merged = new Map<string, PeerMapNode>();
  for (const node of nodes) {
    if (!reached.has(node.id)) continue;
    const id = idOf(node.id);
    if (merged.has(id)) continue;
    const { side, hop } = node;
    merged.set(
      id,
      isHidden(node)
        ? { id, side, hop, kind: 'hidden', party: HIDDEN_PARTY }
        : node,
    );
  }
  const joined = new Map<string, PeerMapEdge>();
  for (const edge of told) {
    const from = idOf(edge.from);
    const to = idOf(edge.to);
    const key = `${from} ${to}`;
    const known = joined.get(key);
    const own = {
      ...edge,
      from,
      to,
      // Shares of several cannot be added up; that of one alone would tell that it is one.
      ...(from === edge.from && to === edge.to
        ? {}
        : { retransmitShare: undefined }),
    };
    joined.set(key, known ? joinEdges(known, edge) : own);
  }
  const isCut = nodes.some(isHidden) || merged.size < nodes.length;
  return {
    nodes: [...merged.values()],
    edges: [...joined.values()],
    // How many more there are would tell of those that are hidden.
    leftOutCount: isCut ? 0 : leftOutCount,
  };
}

function hiddenId({ side, hop }: PeerMapNode): string {
  return `${side}-${hop}-hidden`;
}

/** The end of an edge that is nearer to the service, and whose account it is; undefined: the service itself. */
function nearEnd(
  byId: ReadonlyMap<string, PeerMapNode>,
  { from, to }: PeerMapEdge,
): PeerMapNode | undefined {
  const [a, b] = [byId.get(from), byId.get(to)];
  if (!a || !b) return undefined;
  return a.side === 'upstream' ? a : b;
}

function joinEdges(a: PeerMapEdge, b: PeerMapEdge): PeerMapEdge {
  const rates = [a.ratePerSecond, b.ratePerSecond].filter(
    rate => rate !== undefined,
  );
  return {
    ...a,
    requestCount: a.requestCount + b.requestCount,
    ratePerSecond: rates.length > 0 ? rates.reduce((x, y) => x + y) : undefined,
    retransmitShare: undefined,
    connectFailureCount: a.connectFailureCount + b.connectFailureCount,
    troubles: worstTroubles([a, b]),
  };
}

/** Entities whose own peers a map tells of: whoever reads it must be allowed to read their data. */
export function tellingEntities({ nodes, edges }: PeerMap): EntityLink[] {
  const byId = new Map(nodes.map(node => [node.id, node]));
  const found = new Map<string, EntityLink>();
  for (const edge of edges) {
    for (const entity of nearEnd(byId, edge)?.party?.entities ?? []) {
      found.set(entity.entityRef, entity);
    }
  }
  return [...found.values()];
}
