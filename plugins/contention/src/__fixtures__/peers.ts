/**
 * Upstreams and downstreams: `checkout` loses segments on the way to `inventory` and is refused by a database, `search` is
 * well, `mail-relay` has an agent that does not look, `feedback` has no connections.
 */
import {
  addressText,
  type NameServer,
  type Party,
  type Peer,
  type PeerMap,
  type PeersReport,
} from 'backstage-plugin-contention-common';
import type { Range } from './base';
import { entityLink, unclaimed } from './parties';
import { sentence } from './sentences';

function entity(name: string, team: string): Party {
  return {
    key: `entity:component:default/${name}`,
    relation: 'other',
    kind: 'container',
    name,
    entities: [entityLink(name, team)],
    workload: { cluster: 'demo', namespace: team, kind: 'Deployment', name },
    redacted: false,
  };
}

const HIDDEN: Party = {
  key: 'hidden',
  relation: 'other',
  kind: 'container',
  name: 'a workload you may not see',
  entities: [],
  redacted: true,
};

const SERVICE: Party = {
  key: 'service:demo/data/postgres',
  relation: 'other',
  kind: 'container',
  name: 'data/postgres',
  entities: [],
  workload: {
    cluster: 'demo',
    namespace: 'data',
    kind: 'Service',
    name: 'postgres',
  },
  redacted: false,
};

/** Figures of an hour; the fixtures' ranges scale them. */
interface Facts {
  kind?: Peer['kind'];
  party?: Party;
  addresses?: Peer['addresses'];
  perSecond?: number;
  p50?: number;
  p99?: number;
  rtt?: number;
  lost?: number;
  cause?: Peer['retransmits'][number]['cause'];
  refusedPerMinute?: number;
  closed?: number;
  resets?: number;
  troubles?: Peer['troubles'];
}

function peer(facts: Facts, seconds: number): Peer {
  const { party, addresses = [], perSecond = 0, rtt, lost = 0 } = facts;
  const { refusedPerMinute = 0, cause = 'fast', closed = 0 } = facts;
  const requestCount = Math.round(perSecond * seconds);
  const segmentsSent = rtt === undefined ? 0 : requestCount * 6 + 120;
  const retransmitCount = Math.round(segmentsSent * lost);
  const failed = Math.round((refusedPerMinute * seconds) / 60);
  const connectCount = rtt === undefined ? 0 : Math.ceil(requestCount / 50);
  const key = party?.key ?? `${facts.kind} ${addresses[0]?.address}`;
  return {
    key,
    kind: facts.kind ?? 'entity',
    party,
    addresses,
    addressCount: addresses.length,
    requestCount,
    ratePerSecond: perSecond,
    p50Seconds: facts.p50,
    p99Seconds: facts.p99,
    rttP50Seconds: rtt,
    rttP99Seconds: rtt && rtt * 4,
    segmentsSent,
    segmentsReceived: segmentsSent,
    retransmitCount,
    retransmitShare: segmentsSent > 0 ? lost : undefined,
    retransmits: retransmitCount > 0 ? [{ cause, count: retransmitCount }] : [],
    connectCount,
    connectP50Seconds: connectCount > 0 ? rtt && rtt * 1.3 : undefined,
    connectP99Seconds: connectCount > 0 ? rtt && rtt * 6 : undefined,
    connectFailureCount: failed,
    connectFailures: failed > 0 ? [{ error: 'refused', count: failed }] : [],
    connectFailuresPerMinute: refusedPerMinute,
    resetsSent: facts.resets ?? 0,
    resetsReceived: 0,
    zeroWindowsSent: 0,
    zeroWindowsReceived: closed,
    troubles: facts.troubles ?? [],
  };
}

const secondsOf = ({ from, to }: Range) => (to - from) / 1000;

function base(name: string, range: Range): PeersReport {
  return {
    entity: entityLink(name, 'shop'),
    range,
    state: { state: 'measured' },
    upstreams: [],
    downstreams: [],
    nameServers: [],
    listenOverflows: [],
    map: { nodes: [], edges: [], leftOutCount: 0 },
    problems: [],
  };
}

export function noPeers(
  name: string,
  range: Range,
  state: 'none' | 'not-measured',
): PeersReport {
  return {
    ...base(name, range),
    state: {
      state,
      why:
        state === 'none'
          ? `${name} had no connections over TCP in this range.`
          : `No agent on the nodes of ${name} watched connections in this range.`,
    },
  };
}

const KUBE_DNS: NameServer = {
  key: 'workload:demo/kube-system/Deployment/coredns',
  kind: 'workload',
  party: { ...unclaimed('coredns'), key: 'coredns', relation: 'other' },
  address: '10.96.0.10',
  transport: 'udp',
  answerCount: 41_300,
  p50Seconds: 0.0007,
  p99Seconds: 0.009,
  failureCount: 0,
  failureShare: 0,
  failures: [{ error: 'name_error', count: 30_100 }],
  troubles: [],
};

type MapFacts = [
  id: string,
  side: 'upstream' | 'downstream',
  hop: 1 | 2,
  near: string,
  peer: Peer,
];

function mapOf(lines: readonly MapFacts[], leftOutCount = 0): PeerMap {
  const nodes = new Map<string, PeerMap['nodes'][number]>();
  for (const [id, side, hop, , { kind, party, addresses }] of lines) {
    const [first] = addresses;
    const label = first && addressText(first.address, first.port);
    nodes.set(id, {
      id,
      side,
      hop,
      kind,
      ...(party ? { party } : { label }),
    });
  }
  return {
    nodes: [...nodes.values()],
    edges: lines.map(([id, side, , near, facts]) => ({
      from: side === 'upstream' ? near : id,
      to: side === 'upstream' ? id : near,
      requestCount: facts.requestCount,
      ratePerSecond: facts.ratePerSecond,
      retransmitShare: facts.retransmitShare,
      connectFailureCount: facts.connectFailureCount,
      troubles: facts.troubles,
    })),
    leftOutCount,
  };
}

export function lossyPeers(range: Range): PeersReport {
  const seconds = secondsOf(range);
  const of = (facts: Facts) => peer(facts, seconds);
  const database = of({
    kind: 'address',
    addresses: [{ address: '192.0.2.9', port: 5432 }],
    refusedPerMinute: 14,
    troubles: [{ kind: 'failures', severity: 'serious' }],
  });
  const inventory = of({
    party: entity('inventory', 'shop'),
    addresses: [
      { address: '10.96.14.2', port: 8080 },
      { address: '10.244.1.17', port: 8080 },
    ],
    perSecond: 38.2,
    p50: 0.028,
    p99: 0.41,
    rtt: 0.0041,
    lost: 0.021,
    cause: 'timeout',
    troubles: [{ kind: 'loss', severity: 'notice' }],
  });
  const search = of({
    party: entity('search', 'search'),
    addresses: [{ address: '10.96.3.80', port: 80 }],
    perSecond: 6.4,
    p50: 0.009,
    p99: 0.04,
    rtt: 0.0006,
    lost: 0.0004,
  });
  const postgres = of({
    kind: 'service',
    party: SERVICE,
    addresses: [{ address: '10.96.77.1', port: 5432 }],
    perSecond: 52,
    p50: 0.0011,
    p99: 0.006,
    rtt: 0.0004,
  });
  const hidden = of({
    kind: 'hidden',
    party: HIDDEN,
    perSecond: 2.1,
    rtt: 0.001,
  });
  const ownPod = of({
    kind: 'own-pod',
    addresses: [{ address: '127.0.0.1', port: 15001 }],
    perSecond: 40,
    rtt: 0.00002,
  });
  const others = of({ kind: 'others', perSecond: 0.2, rtt: 0.03 });
  const gateway = of({
    party: entity('gateway', 'shop'),
    addresses: [{ address: '10.244.0.8' }, { address: '10.244.2.31' }],
    perSecond: 41,
    p50: 0.07,
    p99: 0.9,
    rtt: 0.0007,
    lost: 0.0002,
    resets: 3,
  });
  const mail = of({
    party: entity('mail-relay', 'shop'),
    addresses: [{ address: '10.244.2.40' }],
    perSecond: 0.4,
    p50: 0.06,
    p99: 0.2,
    rtt: 0.0007,
    closed: Math.round(seconds / 4),
    troubles: [{ kind: 'not-reading', severity: 'notice' }],
  });
  const outside = of({
    kind: 'address',
    addresses: [{ address: '203.0.113.80', port: 443 }],
    perSecond: 90,
  });
  const mysql = of({
    kind: 'address',
    addresses: [{ address: '192.0.2.50', port: 3306 }],
    perSecond: 12,
    rtt: 0.002,
    lost: 0.08,
    troubles: [{ kind: 'loss', severity: 'serious' }],
  });
  return {
    ...base('checkout', range),
    entity: entityLink('checkout', 'payments'),
    finding: {
      severity: 'serious',
      sentence: sentence(
        'Connections to ~192.0.2.9:5432~ are refused *14 times* a minute; *2.1 %* of segments to [component:default/inventory|inventory] (team Shop) are sent again (by time-out); 1 more below.',
      ),
    },
    upstreams: [database, inventory, postgres, ownPod, search, hidden, others],
    downstreams: [mail, gateway],
    nameServers: [KUBE_DNS],
    map: mapOf(
      [
        ['database', 'upstream', 1, 'self', database],
        ['inventory', 'upstream', 1, 'self', inventory],
        ['postgres', 'upstream', 1, 'self', postgres],
        ['search', 'upstream', 1, 'self', search],
        ['hidden', 'upstream', 1, 'self', hidden],
        ['mysql', 'upstream', 2, 'inventory', mysql],
        ['postgres', 'upstream', 1, 'inventory', postgres],
        [
          'reviews',
          'upstream',
          2,
          'search',
          of({ party: entity('reviews', 'shop'), perSecond: 3 }),
        ],
        ['mail', 'downstream', 1, 'self', mail],
        ['gateway', 'downstream', 1, 'self', gateway],
        ['outside', 'downstream', 2, 'gateway', outside],
        [
          'media',
          'downstream',
          2,
          'mail',
          of({ party: entity('media', 'shop'), perSecond: 0.3 }),
        ],
      ],
      2,
    ),
  };
}

export function calmPeers(name: string, range: Range): PeersReport {
  const seconds = secondsOf(range);
  const gateway = peer(
    {
      party: entity('gateway', 'shop'),
      addresses: [{ address: '10.244.0.8' }],
      perSecond: 12,
      p50: 0.01,
      p99: 0.06,
      rtt: 0.0006,
      lost: 0.0001,
    },
    seconds,
  );
  return {
    ...base(name, range),
    downstreams: [gateway],
    nameServers: [KUBE_DNS],
    map: mapOf([['gateway', 'downstream', 1, 'self', gateway]]),
  };
}
