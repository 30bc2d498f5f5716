import type {
  Party,
  Peer,
  PeerMap,
  PeerTrouble,
} from 'backstage-plugin-contention-common';
import { Redactor } from '../../evidence/redact';
import type { EvidenceReports } from 'backstage-plugin-contention-common';
import { findingOf } from './finding';
import { hidePeers } from './hidden';

function party(name: string, isHidden = false): Party {
  return {
    key: isHidden ? `redacted:${name}` : `entity:${name}`,
    relation: 'other',
    kind: 'container',
    name: isHidden ? 'a workload you may not see' : name,
    entities: isHidden ? [] : [{ entityRef: name, title: name }],
    redacted: isHidden,
  };
}

function peer(of: Party, values: Partial<Peer> = {}): Peer {
  return {
    key: of.key,
    kind: 'entity',
    party: of,
    addresses: [{ address: `address of ${of.key}`, port: 80 }],
    addressCount: 1,
    requestCount: 10,
    ratePerSecond: 1,
    p50Seconds: 0.1,
    segmentsSent: 100,
    segmentsReceived: 100,
    retransmitCount: 0,
    retransmitShare: 0,
    retransmits: [],
    connectCount: 0,
    connectFailureCount: 0,
    connectFailures: [],
    resetsSent: 0,
    resetsReceived: 0,
    zeroWindowsSent: 0,
    zeroWindowsReceived: 0,
    troubles: [],
    ...values,
  };
}

const LOSS: PeerTrouble = { kind: 'loss', severity: 'notice' };
const NONE = { requestCount: 1, connectFailureCount: 0, troubles: [] };

const map: PeerMap = {
  nodes: [
    { id: 'a', side: 'upstream', hop: 1, kind: 'entity', party: party('a') },
    { id: 'b', side: 'upstream', hop: 1, kind: 'entity', party: party('b') },
    { id: 'x', side: 'upstream', hop: 1, kind: 'address', label: '192.0.2.1' },
    { id: 'c', side: 'upstream', hop: 2, kind: 'entity', party: party('c') },
    { id: 'd', side: 'upstream', hop: 2, kind: 'entity', party: party('d') },
  ],
  edges: [
    { from: 'self', to: 'a', ...NONE },
    { from: 'self', to: 'b', ...NONE },
    { from: 'self', to: 'x', ...NONE },
    { from: 'a', to: 'c', ...NONE },
    { from: 'b', to: 'd', ...NONE },
  ],
  leftOutCount: 3,
};

const body = {
  upstreams: [
    peer(party('a')),
    peer(party('b'), {
      requestCount: 30,
      retransmitCount: 40,
      retransmits: [{ cause: 'fast', count: 40 }],
      troubles: [LOSS],
    }),
    peer(party('c'), {
      retransmitCount: 10,
      retransmits: [{ cause: 'timeout', count: 10 }],
    }),
  ],
  downstreams: [],
  nameServers: [],
  map,
};

const EVERYTHING = () => true;

it('puts all who are hidden into one row: their weight, and nothing of them', () => {
  const { upstreams } = hidePeers(
    {
      ...body,
      upstreams: [
        body.upstreams[0],
        { ...body.upstreams[1], party: party('b', true) },
        { ...body.upstreams[2], party: party('c', true) },
      ],
    },
    EVERYTHING,
  );
  expect(upstreams).toHaveLength(2);
  expect(upstreams[0]).toMatchObject({
    key: 'hidden',
    kind: 'hidden',
    party: { name: 'a workload you may not see', redacted: true },
    addresses: [],
    addressCount: 0,
    requestCount: 40,
    ratePerSecond: 2,
    segmentsSent: 200,
    retransmitShare: 0.25,
    retransmits: [
      { cause: 'fast', count: 40 },
      { cause: 'timeout', count: 10 },
    ],
    troubles: [LOSS],
  });
  expect(upstreams[0].p50Seconds).toBeUndefined();
  expect(JSON.stringify(upstreams[0])).not.toMatch(/redacted:|address of/);
});

it('tells nothing of one that is hidden that it would not tell of several', () => {
  const quantiles = {
    p50Seconds: 0.1,
    p99Seconds: 0.2,
    rttP50Seconds: 0.001,
    rttP99Seconds: 0.002,
    connectP50Seconds: 0.003,
    connectP99Seconds: 0.004,
  };
  const server = (name: string) => ({
    key: name,
    kind: 'entity' as const,
    party: party(name, true),
    answerCount: 70,
    p50Seconds: 0.001,
    p99Seconds: 0.002,
    failureCount: 20,
    failureShare: 0.25,
    failures: [
      { error: 'timeout' as const, count: 10 },
      { error: 'refused' as const, count: 10 },
    ],
    troubles: [],
  });
  const told = (names: string[]) =>
    hidePeers(
      {
        upstreams: names.map(name => peer(party(name, true), quantiles)),
        downstreams: [],
        nameServers: names.map(server),
        map: {
          nodes: names.map(name => ({
            id: name,
            side: 'upstream' as const,
            hop: 1 as const,
            kind: 'entity' as const,
            party: party(name, true),
          })),
          edges: names.map(name => ({
            from: 'self',
            to: name,
            ...NONE,
            retransmitShare: 0.1,
          })),
          leftOutCount: 3,
        },
      },
      EVERYTHING,
    );
  const shape = (value: unknown) => JSON.stringify(value).replace(/\d+/g, '0');
  const one = told(['b']);
  expect(shape(one)).toBe(shape(told(['b', 'c'])));
  expect(JSON.stringify(one)).not.toMatch(/P?[59][09]Seconds/i);
  expect(one.nameServers[0].failureShare).toBe(0.25);
  expect(one.map.leftOutCount).toBe(0);
});

it('tells whom a peer calls only to those who may read its data', () => {
  const { map: told } = hidePeers(body, ref => ref === 'a');
  expect(told.edges.map(({ from, to }) => `${from} ${to}`)).toEqual([
    'self a',
    'self b',
    'self x',
    'a c',
  ]);
  expect(told.nodes.map(({ id }) => id)).toEqual(['a', 'b', 'x', 'c']);
  expect(told.leftOutCount).toBe(0);
  expect(hidePeers(body, EVERYTHING).map).toEqual(map);
});

it('does so to the readers of a record, too', () => {
  const links = new Map(
    ['a', 'b', 'c', 'd'].map(ref => [ref, { entityRef: ref, title: ref }]),
  );
  const read = (visible: string[], readable: string[]) => {
    const redactor = new Redactor(
      new Set(visible),
      links,
      0,
      new Set(readable),
    );
    const { peers } = redactor.reports({
      peers: {
        ...body,
        entity: { entityRef: 'self', title: 'self' },
        range: { from: 0, to: 1 },
        state: { state: 'measured' },
        listenOverflows: [],
        problems: [],
        finding: findingOf(
          { ...body, listenOverflows: [] },
          { isLive: false, nowMs: 0 },
        ),
      },
    } as unknown as EvidenceReports);
    return { text: JSON.stringify(peers), redactor, peers: peers! };
  };
  const all = read(['self', 'a', 'b', 'c', 'd'], ['a', 'b']);
  expect(all.peers.map).toEqual(map);
  expect(all.redactor.hasHidden).toBe(false);

  const some = read(['self', 'a'], ['a']);
  expect(some.redactor.hasHidden).toBe(true);
  expect(some.peers.upstreams.map(({ kind }) => kind)).toEqual([
    'hidden',
    'entity',
  ]);
  // Their keys, references and addresses are told nowhere.
  expect(some.text).not.toMatch(/entity:[bcd]|"entityRef":"[bcd]"|`[bcd]`/);
  // One of those that are hidden and have trouble is not told from the other.
  expect(some.peers.finding?.sentence.text).toBe(
    '25 % of segments to a workload you may not see are sent again (after gaps).',
  );

  const seenOnly = read(['self', 'a', 'b', 'c', 'd'], ['a']);
  expect(seenOnly.redactor.hasHidden).toBe(true);
  expect(seenOnly.peers.map.nodes.map(({ id }) => id)).not.toContain('d');
});
