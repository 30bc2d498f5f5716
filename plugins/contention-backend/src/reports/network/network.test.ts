/** What is said of packets that stood in queues, from OTLP to the answer. */
import {
  diagnosisReportSchema,
  METRIC,
  neighboursReportSchema,
} from 'backstage-plugin-contention-common';
import {
  component,
  group,
  startContentionBackend,
  temporaryFolder,
} from '../../__testUtils__/backend';
import * as otlp from '../../__testUtils__/otlp';
import type { TestAttributes } from '../../__testUtils__/otlp';

jest.setTimeout(120_000);

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const STEP = 10 * SECOND;

const toMs = Math.floor(Date.now() / STEP) * STEP;
const fromMs = toMs - 10 * MINUTE;

const SELF = { 'contention.culprit.kind': 'self' };
const HOST = { 'contention.culprit.kind': 'kernel' };
const UNKNOWN = { 'contention.culprit.kind': 'unattributed' };

const shipper = otlp.container('log-shipper', {
  labels: { app: 'shipper' },
  pod: 'log-shipper-1',
});

type Minute = Parameters<typeof otlp.queue>[2];

/** As many packets, each of which stood as long. */
const packets = (count: number, seconds: number): number[] =>
  new Array<number>(count).fill(seconds);

/** 100 packets of 14 ms each, most of it behind the shipper. */
const HURT: Minute = {
  packets: packets(100, 0.014),
  behind: [
    { seconds: 1.148, by: otlp.blamed(shipper) },
    { seconds: 0.14, by: SELF },
    { seconds: 0.112, by: HOST },
  ],
};

const CALM: Minute = {
  packets: packets(100, 0.00002),
  behind: [{ seconds: 0.002, by: otlp.blamed(shipper) }],
};

describe('packets in queues', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let backend: Awaited<ReturnType<typeof startContentionBackend>>;

  beforeAll(async () => {
    folder = temporaryFolder();
    backend = await startContentionBackend({
      folder: folder.path,
      entities: [
        ...[
          'checkout',
          'over',
          'calm',
          'few',
          'rare',
          'bulk',
          'lost',
          'both',
          'old-agent',
          'no-queue',
          'dropped',
          'spread',
          'bursts',
          'stopped',
          'pulsed',
          'jolted',
          'odd',
          'young',
          'runner',
          'sender',
          'waiter',
          'heavy',
          'hit',
          'spared',
        ].map(name => component(name)),
        component(
          'log-shipper',
          { 'backstage.io/kubernetes-label-selector': 'app=shipper' },
          'group:default/platform',
        ),
        group('platform', 'Platform'),
      ],
    });
  });

  afterAll(async () => {
    await backend.stop();
    folder.remove();
  });

  async function stand(
    of: TestAttributes,
    whatAt: (atMs: number) => Minute | undefined,
    options: {
      waits?: (atMs: number) => Parameters<typeof otlp.interval>[2]['waits'];
      /** The agent started when it liked. */
      offMs?: number;
    } = {},
  ): Promise<void> {
    const resources: object[] = [];
    const { offMs = 0 } = options;
    for (let at = fromMs - offMs; at < toMs - offMs; at += STEP) {
      const span = { startMs: at, endMs: at + STEP };
      const what = whatAt(at);
      if (what) resources.push(otlp.queue(of, span, what));
      const waits = options.waits?.(at) ?? [];
      resources.push(otlp.interval(of, span, { cpuSeconds: 2, waits }));
    }
    await backend.send(otlp.request(...resources)).expect(200);
  }

  async function queuesOf(
    entity: string,
    query: Record<string, string | number> = {},
  ) {
    const { body } = await backend
      .report(entity, 'neighbours', {
        from: fromMs,
        to: toMs,
        resource: 'network',
        ...query,
      })
      .expect(200);
    return neighboursReportSchema.parse(body);
  }

  async function diagnosisOf(entity: string) {
    const { body } = await backend
      .report(entity, 'diagnosis', { from: fromMs, to: toMs })
      .expect(200);
    return diagnosisReportSchema.parse(body);
  }

  it('says since when packets stand, how long, where, and behind whose', async () => {
    const sinceMs = toMs - 5 * MINUTE;
    await stand(otlp.container('checkout'), at => (at < sinceMs ? CALM : HURT));
    await stand(shipper, () => ({
      packets: [],
      behind: [],
      io: { transmit: 12_000_000 },
    }));
    const report = await queuesOf('checkout');
    const at = new Date(sinceMs).toISOString().slice(11, 16);
    expect(report.verdict).toMatchObject({
      cause: 'neighbour',
      resource: 'network',
      severity: 'serious',
      since: sinceMs,
    });
    expect(report.verdict.sentence.text).toMatch(
      new RegExp(
        `^Since ${at} UTC packets of .checkout. stand 14 ms at the median in the queue of eth0 on node-a; ` +
          `82 % of that behind .log-shipper. \\(team Platform\\)\\. It sent 9\\.6 Mbit/s on average in this range\\.$`,
      ),
    );
    const [first, ...others] = report.culprits;
    expect(others).toEqual([]);
    expect(first).toMatchObject({
      party: { name: 'log-shipper', relation: 'neighbour' },
      waitSeconds: expect.closeTo(30 * 1.148 + 30 * 0.002, 3),
      // Of its part, over all packets: 1.148 s of 100 packets in half of the windows.
      delaySeconds: expect.closeTo(0.00575, 4),
      transmitMean: expect.closeTo(1_200_000, -3),
      interfaces: ['eth0'],
      entitlement: 'unknown',
      nodes: [{ node: 'node-a' }],
    });
    expect(
      report.apart.map(({ party }) => [party.relation, party.name]),
    ).toEqual([
      ['self', 'its own packets'],
      ['host', 'the kernel'],
    ]);
    expect(report.layersApart.map(({ label }) => label)).toEqual([
      'behind its own packets',
      'behind the host',
    ]);
  });

  it('adds parts up to what was waited, and tells packets from seconds', async () => {
    const { total, culprits, apart, network } = await queuesOf('checkout');
    const sum = [...culprits, ...apart].reduce(
      (all, { waitSeconds }) => all + waitSeconds,
      0,
    );
    expect(sum).toBeCloseTo(total.waitSeconds, 1);
    expect(network!.presence).toEqual({ state: 'measured', packets: 6_000 });
    expect(network!.distribution).toMatchObject({
      count: 6_000,
      p99Seconds: expect.closeTo(0.014, 2),
    });
    expect(network!.queues).toEqual([
      expect.objectContaining({
        node: 'node-a',
        interfaceName: 'eth0',
        packets: 6_000,
      }),
    ]);
  });

  it('says of the other one whose packets stood behind its own', async () => {
    const report = await queuesOf('log-shipper', { direction: 'caused' });
    expect(report.verdict).toMatchObject({
      cause: 'neighbour',
      resource: 'network',
      severity: 'notice',
    });
    expect(report.verdict.sentence.text).toMatch(
      /^Since \d\d:\d\d UTC packets of others stand 11 ms on average behind those of `log-shipper`; 100 % of that time is that of `checkout`\. `log-shipper` sent 9\.6 Mbit\/s on average in this range\.$/,
    );
    expect(report.culprits.map(({ party }) => party.name)).toContain(
      'checkout',
    );
  });

  it('counts packets of who stood behind it in the range, not of who did before', async () => {
    const heavy = otlp.container('heavy');
    const spared = otlp.container('spared');
    const stood: Minute = {
      packets: packets(100, 0.014),
      behind: [{ seconds: 1.4, by: otlp.blamed(heavy) }],
    };
    const before = {
      startMs: fromMs - 30 * MINUTE,
      endMs: fromMs - 29 * MINUTE,
    };
    await backend
      .send(otlp.request(otlp.queue(spared, before, stood)))
      .expect(200);
    await stand(heavy, () => ({ packets: [], behind: [] }));
    await stand(otlp.container('hit'), () => stood);
    await stand(spared, () => ({ packets: packets(50, 0.00002), behind: [] }));
    const { culprits, network } = await queuesOf('heavy', {
      direction: 'caused',
    });
    expect(culprits.map(({ party }) => party.name)).toEqual(['hit']);
    expect(network!.distribution.count).toBe(6_000);
    expect(network!.queues).toEqual([
      expect.objectContaining({ interfaceName: 'eth0', packets: 6_000 }),
    ]);
  });

  it('is the worst on the card, and the card leads to it', async () => {
    const { verdict, tab, valuesOf, values } = await diagnosisOf('checkout');
    expect(verdict).toMatchObject({ cause: 'neighbour', resource: 'network' });
    expect(tab).toBe('neighbours');
    expect(valuesOf).toBe('queue-p99');
    expect(values.at(-2)).toBeCloseTo(0.014, 2);
  });

  it('follows the answer of the CPU on its own page, so that no page looks like good news', async () => {
    const { verdict } = await queuesOf('checkout', { resource: 'cpu' });
    expect(verdict.sentence.text).toMatch(
      /^Nothing held `checkout` up in the last 10 minutes\. It waited 0 % .*\. Since .* packets of `checkout` stand /,
    );
    expect(verdict).toMatchObject({ cause: 'neighbour', resource: 'network' });
  });

  it('goes on between the bursts of somebody who fills the link in bursts, and is over when they have stopped', async () => {
    const bursts = (endMs: number) => (at: number) =>
      at >= toMs - 6 * MINUTE && at < endMs && ((toMs - at) / STEP) % 2 === 0
        ? HURT
        : CALM;
    // The newest window is calm, as every other one before it.
    await stand(otlp.container('bursts'), bursts(toMs));
    expect((await queuesOf('bursts')).verdict).toMatchObject({
      cause: 'neighbour',
      since: toMs - 6 * MINUTE,
    });
    await stand(otlp.container('stopped'), bursts(toMs - MINUTE));
    const { verdict } = await queuesOf('stopped');
    expect(verdict.cause).toBe('neighbour');
    expect(verdict.since).toBeUndefined();
  });

  it('says how often what comes in bursts comes, though the intervals of the agent are not those of the page', async () => {
    const offMs = 4_000;
    const numberOf = (at: number) => (at - (fromMs - offMs)) / STEP;
    await stand(
      otlp.container('pulsed', { node: 'node-p' }),
      at => (numberOf(at) % 2 === 0 ? HURT : CALM),
      { offMs },
    );
    const { verdict, culprits } = await queuesOf('pulsed');
    expect(verdict.sentence.text).toMatch(
      /of (that|it) behind `log-shipper` \(team Platform\), in bursts of 10 s or less, about every 20 s\./,
    );
    expect(culprits[0].bursts).toMatchObject({
      share: expect.closeTo(1, 1),
      windowSeconds: 10,
      longestSeconds: 10,
      everySeconds: 20,
    });
    expect((await diagnosisOf('pulsed')).verdict.sentence.text).toMatch(
      /in bursts of 10 s or less, about every 20 s/,
    );
  });

  it('says the same of waiting for a CPU', async () => {
    const batch = otlp.container('batch');
    await stand(otlp.container('jolted', { node: 'node-j' }), () => undefined, {
      waits: at =>
        ((at - fromMs) / STEP) % 3 === 0
          ? [{ seconds: 3, by: otlp.blamed(batch) }]
          : [],
    });
    const { verdict, culprits } = await queuesOf('jolted', { resource: 'cpu' });
    expect(verdict.sentence.text).toMatch(
      /of (that|it) while `shop\/batch` (runs|ran), in bursts of 10 s or less, about every 30 s\./,
    );
    expect(culprits[0].bursts).toMatchObject({ everySeconds: 30 });
  });

  it('says so, too, on the page of whoever ran, and of whoever sent', async () => {
    const runner = otlp.container('runner', { node: 'node-r' });
    const sender = otlp.container('sender', { node: 'node-r' });
    const isBurst = (at: number) => ((at - fromMs) / STEP) % 3 === 0;
    await stand(
      otlp.container('waiter', { node: 'node-r' }),
      at =>
        isBurst(at)
          ? { ...HURT, behind: [{ seconds: 1.4, by: otlp.blamed(sender) }] }
          : { packets: packets(100, 0.00002), behind: [] },
      {
        waits: at =>
          isBurst(at) ? [{ seconds: 3, by: otlp.blamed(runner) }] : [],
      },
    );
    for (const one of [runner, sender]) await stand(one, () => undefined);
    const cpu = await queuesOf('runner', {
      resource: 'cpu',
      direction: 'caused',
    });
    expect(cpu.verdict.sentence.text).toMatch(
      /for a CPU while `runner` ran; 100 % of that was the waiting of `waiter`, in bursts of 10 s or less, about every 30 s\./,
    );
    expect(cpu.culprits[0].bursts).toMatchObject({ everySeconds: 30 });
    const network = await queuesOf('sender', { direction: 'caused' });
    expect(network.verdict.sentence.text).toMatch(
      /; 100 % of that time (is|was) that of `waiter`, in bursts of 10 s or less, about every 30 s\./,
    );
    expect(network.culprits[0].bursts).toMatchObject({ everySeconds: 30 });
  });

  it('says that bursts without a rhythm are bursts, and how few windows hold them', async () => {
    const when = new Set(
      [0, 1, 4, 6, 9, 12, 13, 16, 18, 21, 22, 25, 28, 30, 33, 34].concat([
        36, 39, 42, 43, 46, 48, 51, 54, 55, 57, 59,
      ]),
    );
    await stand(otlp.container('odd', { node: 'node-q' }), at =>
      when.has((at - fromMs) / STEP) ? HURT : CALM,
    );
    const { verdict, culprits } = await queuesOf('odd');
    expect(verdict.sentence.text).toMatch(
      /in bursts: \d+ of \d+ windows of 10 s hold (99|100) % of it\./,
    );
    expect(culprits[0].bursts!.everySeconds).toBeUndefined();
  });

  it('says nothing of bursts of what is steady, nor of too little of it', async () => {
    expect((await queuesOf('checkout')).verdict.sentence.text).not.toMatch(
      /burst/,
    );
    await stand(otlp.container('young', { node: 'node-y' }), at => {
      if (at < toMs - 90 * SECOND) return undefined;
      return ((toMs - at) / STEP) % 2 === 1 ? HURT : CALM;
    });
    const { verdict, culprits } = await queuesOf('young');
    expect(verdict.cause).toBe('neighbour');
    expect(verdict.sentence.text).not.toMatch(/burst/);
    expect(culprits[0].bursts).toBeUndefined();
  });

  it('is told in the past where it is over, with both ends', async () => {
    const [startMs, endMs] = [toMs - 8 * MINUTE, toMs - 3 * MINUTE];
    await stand(otlp.container('over'), at =>
      at >= startMs && at < endMs ? HURT : CALM,
    );
    const { verdict } = await queuesOf('over');
    const clock = (ms: number) => new Date(ms).toISOString().slice(11, 16);
    expect(verdict.sentence.text).toMatch(
      new RegExp(
        `^${clock(startMs)} UTC to ${clock(endMs)} UTC: packets of .over. stood 14 ms at the median in the queue of eth0 on node-a; 82 % of it behind `,
      ),
    );
    expect(verdict.since).toBeUndefined();
  });

  it('says how long the slowest stood where most did not stand at all', async () => {
    await stand(otlp.container('spread'), () => ({
      packets: [...packets(90, 0.00002), ...packets(10, 0.2)],
      behind: [{ seconds: 2, by: otlp.blamed(shipper) }],
    }));
    const { verdict } = await queuesOf('spread');
    expect(verdict.sentence.text).toMatch(
      /packets of `spread` stand 20 ms on average, \d+ ms at p99, in the queue of eth0 on node-a; 100 % of that behind `log-shipper`/,
    );
  });

  it('accuses nobody of a delay that nobody feels, nor of that of a few packets', async () => {
    await stand(otlp.container('calm'), () => CALM);
    const calm = await queuesOf('calm');
    expect(calm.verdict).toMatchObject({ cause: 'quiet', severity: 'none' });
    expect(calm.verdict.sentence.text).toBe(
      'No queue held packets of `calm` back in the last 10 minutes. They stood 20 µs on average.',
    );
    const lastMs = toMs - 40 * SECOND;
    await stand(otlp.container('few'), at =>
      at < lastMs
        ? CALM
        : {
            packets: [0.2],
            behind: [{ seconds: 0.2, by: otlp.blamed(shipper) }],
          },
    );
    expect((await queuesOf('few')).verdict.cause).toBe('quiet');
    expect((await diagnosisOf('few')).verdict.cause).toBe('quiet');
  });

  it('does not call it calm where the few packets that there were stood long', async () => {
    await stand(otlp.container('rare'), at =>
      at % (2 * STEP) === 0
        ? {
            packets: [0.2],
            behind: [{ seconds: 0.2, by: otlp.blamed(shipper) }],
          }
        : undefined,
    );
    const { verdict } = await queuesOf('rare');
    expect(verdict).toMatchObject({ severity: 'none' });
    expect(verdict.sentence.text).toMatch(
      /^Packets of `rare` stood 200 ms on average in queues of devices in the last 10 minutes\. That is of \d+ packets, too few at a time to say what held them up\.$/,
    );
  });

  it('calls what its own packets do to each other no matter of the service', async () => {
    await stand(otlp.container('bulk'), () => ({
      packets: packets(100, 0.05),
      behind: [{ seconds: 5, by: SELF }],
    }));
    const { verdict } = await queuesOf('bulk');
    expect(verdict).toMatchObject({ cause: 'self', severity: 'notice' });
    expect(verdict.sentence.text).toMatch(
      /100 % of that behind its own packets: it sends more than the queue lets through\.$/,
    );
    expect((await diagnosisOf('bulk')).verdict.cause).toBe('quiet');
  });

  it('names nobody where too much is not known', async () => {
    await stand(otlp.container('lost'), () => ({
      packets: packets(100, 0.014),
      behind: [
        { seconds: 0.6, by: otlp.blamed(shipper) },
        { seconds: 0.8, by: UNKNOWN },
      ],
    }));
    const { verdict, confidence } = await queuesOf('lost');
    expect(verdict.cause).toBe('unsure');
    expect(verdict.sentence.text).toMatch(
      /57 % of that could not be attributed, so nobody is named\.$/,
    );
    expect(confidence.unattributedShare).toBeCloseTo(0.57, 2);
  });

  it('leaves the card to the CPU where that is no less bad', async () => {
    const batch = otlp.container('batch');
    await stand(otlp.container('both'), () => HURT, {
      waits: () => [{ seconds: 1, by: otlp.blamed(batch) }],
    });
    const { verdict, valuesOf } = await diagnosisOf('both');
    expect(verdict.cause).toBe('neighbour');
    expect(verdict.resource).toBeUndefined();
    expect(valuesOf).toBe('held-share');
    const { verdict: ofQueues } = await queuesOf('both');
    expect(ofQueues.sentence.text).toMatch(
      /^Since before .* packets of `both` stand .* Since before .* `both` waits /,
    );
  });

  it('says that it does not know where no agent measured it, and what it never sees', async () => {
    await stand(
      otlp.container('old-agent', { node: 'node-old' }),
      () => undefined,
    );
    const { verdict, network, confidence } = await queuesOf('old-agent');
    expect(verdict).toMatchObject({ cause: 'no-data', severity: 'none' });
    expect(verdict.sentence.text).toBe(
      'How long packets of `old-agent` stood in queues is not known: no agent there measured it in the last 10 minutes.',
    );
    expect(network!.presence).toMatchObject({
      state: 'not-measured',
      why: expect.stringContaining('node-old'),
    });
    expect(confidence.missing[0]).toMatch(
      /^On node-old no agent measured the network in this range/,
    );
    const unseen = JSON.stringify(network!.notMeasured);
    for (const word of ['WireGuard', 'SR-IOV', 'offloaded', 'backlog']) {
      expect(unseen).toContain(word);
    }
    const caused = await queuesOf('old-agent', { direction: 'caused' });
    expect(caused.verdict.sentence.text).toMatch(
      /^Whose packets stood behind those of `old-agent` is not known/,
    );
  });

  it('tells a node without a queue from one where nothing was measured', async () => {
    await stand(otlp.container('no-queue'), () => ({
      packets: [],
      behind: [],
      io: { transmit: 1000, receive: 3000 },
    }));
    const { verdict, network } = await queuesOf('no-queue');
    expect(network!.presence.state).toBe('no-queue');
    expect(network).toMatchObject({
      transmitMean: expect.closeTo(100, 0),
      receiveMean: expect.closeTo(300, 0),
    });
    expect(verdict.sentence.text).toBe(
      'Packets of `no-queue` stood in no queue of a device in the last 10 minutes.',
    );
  });

  it('says in plain words where the kernel dropped packets, and what the receive side had to do', async () => {
    const node = { ...otlp.container('dropped', { node: 'node-d' }) };
    await stand(node, () => ({
      packets: packets(10, 0.00001),
      behind: [],
      drops: [
        { reason: 'QDISC_DROP', place: 'queue', packets: 3 },
        {
          reason: 'SKB_DROP_REASON_SOCKET_RCVBUFF',
          place: 'socket',
          packets: 5,
        },
        { reason: 'SOMETHING_NEW', place: 'policy', packets: 1 },
        { reason: 'CPU_BACKLOG', place: 'backlog', packets: 0.1 },
        { reason: 'NETFILTER_DROP', place: 'policy', packets: 4 },
        { reason: 'NETFILTER_DROP', place: 'conntrack', packets: 2 },
      ],
    }));
    const span = { startMs: fromMs, endMs: fromMs + STEP };
    await backend
      .send(
        otlp.request(
          otlp.resource(
            { 'k8s.node.name': 'node-d', 'contention.cgroup.path': '/' },
            [
              otlp.sum(METRIC.netReceivePackets, [{ ...span, value: 9_000 }]),
              otlp.sum(METRIC.netReceiveDrops, [{ ...span, value: 12 }]),
              otlp.sum(METRIC.netReceiveSqueezed, [{ ...span, value: 4 }]),
              otlp.sum(METRIC.netReceivePressure, [{ ...span, value: 9 }]),
              otlp.sum(METRIC.netReceiveWatched, [{ ...span, value: 7.5 }]),
              otlp.sum(METRIC.netReceiveBlame, [
                { ...span, attributes: otlp.blamed(shipper), value: 900 },
                { ...span, attributes: otlp.blamed(node), value: 70 },
                { ...span, attributes: UNKNOWN, value: 30 },
              ]),
            ],
          ),
        ),
      )
      .expect(200);
    const { network } = await queuesOf('dropped');
    expect(network!.drops).toEqual([
      {
        reason: 'SOCKET_RCVBUFF',
        place: 'socket',
        text: "the socket's receive buffer was full: nobody read fast enough",
        packets: 300,
      },
      {
        reason: 'NETFILTER_DROP',
        place: 'policy',
        text: 'a rule of the firewall threw it away',
        packets: 240,
      },
      {
        reason: 'QDISC_DROP',
        place: 'queue',
        text: "the device's queue was full",
        packets: 180,
      },
      {
        reason: 'NETFILTER_DROP',
        place: 'conntrack',
        text: expect.stringMatching(/^connection tracking did not take it/),
        packets: 120,
      },
      {
        reason: 'SOMETHING_NEW',
        place: 'policy',
        text: 'by a rule',
        packets: 60,
      },
      {
        reason: 'CPU_BACKLOG',
        place: 'backlog',
        text: "the CPU's backlog of received packets was full",
        packets: expect.closeTo(6, 6),
      },
    ]);
    expect(network!.receive).toEqual([
      expect.objectContaining({
        node: 'node-d',
        packets: 9_000,
        drops: 12,
        squeezed: 4,
        ownDrops: expect.closeTo(6, 6),
        pressure: {
          pressedSeconds: 9,
          watchedSeconds: 7.5,
          packets: 1_000,
          senders: [
            {
              party: expect.objectContaining({
                relation: 'neighbour',
                name: 'log-shipper',
                entities: [
                  expect.objectContaining({
                    owner: expect.objectContaining({ title: 'Platform' }),
                  }),
                ],
              }),
              packets: 900,
              share: 0.9,
            },
            {
              party: expect.objectContaining({ relation: 'self' }),
              packets: 70,
              share: 0.07,
            },
            {
              party: expect.objectContaining({ relation: 'unknown' }),
              packets: 30,
              share: 0.03,
            },
          ],
        },
      }),
    ]);
    // The same node, whichever way one looks.
    const caused = await queuesOf('dropped', { direction: 'caused' });
    expect(caused.network!.receive).toEqual(network!.receive);
  });

  it('refuses a resource that it does not know', async () => {
    await backend
      .report('calm', 'neighbours', { resource: 'disk' })
      .expect(400);
  });
});
