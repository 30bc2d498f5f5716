/**
 * The two hops around a service: whom it calls and whom those call; who calls it and who calls those. Everybody once on a side,
 * however many ways lead there. Knows rows; refuses to know who may see whom. Pure.
 */
import {
  addressText,
  MAP_CENTRE,
  PEER_SIDES,
  type Peer,
  type PeerMap,
  type PeerMapEdge,
  type PeerMapNode,
  type PeerSide,
  type RequestRole,
} from 'backstage-plugin-contention-common';
import type { PartyFacts } from '../parties';
import type { Row } from './rows';
import { byWeight } from './troubles';

/** Nodes of one hop on one side: more is no picture any more. */
export const MAX_NODES = 12;

export const ROLE_OF: Record<PeerSide, RequestRole> = {
  upstream: 'client',
  downstream: 'server',
};

type Node = Omit<PeerMapNode, 'party'> & { party?: PartyFacts };

/** A map before it is known who may see whom. */
export type MapFacts = Omit<PeerMap, 'nodes'> & { nodes: readonly Node[] };

/** Rows that are somebody else: what has room in the map, and whose second hop is asked for. */
export function firstHop(rows: readonly Row<Peer>[], centre: string) {
  const somebody = rows.filter(
    ({ kind, party }) =>
      kind !== 'own-pod' && kind !== 'others' && party?.key !== centre,
  );
  return {
    shown: somebody.slice(0, MAX_NODES),
    leftOutCount: Math.max(0, somebody.length - MAX_NODES),
  };
}

export interface HopsInput {
  /** Key of the service's own party. */
  centre: string;
  rows: Record<PeerSide, readonly Row<Peer>[]>;
  /** Peers of each shown peer on its side, by its key: only of those whose peers may be told. */
  beyond: Record<PeerSide, ReadonlyMap<string, readonly Row<Peer>[]>>;
}

export function mapOf({ centre, rows, beyond }: HopsInput): MapFacts {
  const nodes: Node[] = [];
  const edges: PeerMapEdge[] = [];
  let leftOutCount = 0;
  for (const side of PEER_SIDES) {
    const ids = new Map<string, string>();
    const add = (row: Row<Peer>, hop: 1 | 2): string => {
      const id = `${side}-${hop}-${ids.size}`;
      ids.set(row.key, id);
      const { kind, party } = row;
      nodes.push({
        id,
        side,
        hop,
        kind,
        ...(party ? { party } : { label: labelOf(row) }),
      });
      return id;
    };
    const connect = (near: string, far: string, row: Row<Peer>) =>
      edges.push({
        ...(side === 'upstream'
          ? { from: near, to: far }
          : { from: far, to: near }),
        ...trafficOf(row),
      });

    const first = firstHop(rows[side], centre);
    leftOutCount += first.leftOutCount;
    for (const row of first.shown) connect(MAP_CENTRE, add(row, 1), row);
    const further = first.shown
      .flatMap(({ key }) => {
        const near = ids.get(key)!;
        // Back to where it came from is told by the other side already.
        const others = (beyond[side].get(key) ?? []).filter(
          row =>
            row.key !== key &&
            row.party?.key !== centre &&
            row.kind !== 'own-pod' &&
            row.kind !== 'others',
        );
        return others.map(row => ({ near, row }));
      })
      .sort((a, b) => byWeight(a.row, b.row));
    const left = new Set<string>();
    let second = 0;
    for (const { near, row } of further) {
      const known = ids.get(row.key);
      if (known === undefined && second === MAX_NODES) {
        left.add(row.key);
        continue;
      }
      if (known === undefined) second++;
      connect(near, known ?? add(row, 2), row);
    }
    leftOutCount += left.size;
  }
  return { nodes, edges, leftOutCount };
}

function labelOf({ addresses: [first] }: Row<Peer>): string | undefined {
  return first && addressText(first.address, first.port);
}

function trafficOf({
  requestCount,
  ratePerSecond,
  retransmitShare,
  connectFailureCount,
  troubles,
}: Row<Peer>) {
  return {
    requestCount,
    ratePerSecond,
    retransmitShare,
    connectFailureCount,
    troubles,
  };
}
