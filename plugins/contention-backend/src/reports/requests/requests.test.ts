/** What the latency tab says of requests, from OTLP to the answer. */
import {
  diagnosisReportSchema,
  latencyReportSchema,
} from 'backstage-plugin-contention-common';
import {
  component,
  group,
  startContentionBackend,
  temporaryFolder,
} from '../../__testUtils__/backend';
import * as otlp from '../../__testUtils__/otlp';
import type { TestAttributes, TestRequests } from '../../__testUtils__/otlp';

jest.setTimeout(120_000);

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const nowMs = Date.now();
/** The last hour, in whole minutes. */
const toMs = Math.floor(nowMs / MINUTE) * MINUTE;
const fromMs = toMs - HOUR;

const work = (seconds: number) => ({ part: 'work', seconds });
const batch = otlp.container('batch-report', { labels: {} });
const neighbour = (seconds: number, culprit = batch) => ({
  part: 'wait',
  seconds,
  by: otlp.blamed(culprit),
});

/** 990 fast requests of 10 ms a minute, all own work. */
const FAST: TestRequests = { count: 990, seconds: 0.01, parts: [work(0.01)] };

describe('requests on the latency tab', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let backend: Awaited<ReturnType<typeof startContentionBackend>>;

  beforeAll(async () => {
    folder = temporaryFolder();
    backend = await startContentionBackend({
      folder: folder.path,
      entities: [
        ...[
          'checkout',
          'report-api',
          'search',
          'rare',
          'idle',
          'rolled',
          'meshed',
          'caller',
          'asking',
          'asked',
          'waiting',
          'usual',
          'untimed',
          'stopped',
          'busy',
          'queued',
          'lossy',
        ].map(name => component(name)),
        component(
          'batch-report',
          { 'backstage.io/kubernetes-label-selector': 'app=batch' },
          'group:default/data',
        ),
        group('data', 'Data'),
      ],
      // As if days ago were now, so that days can be sent.
      contention: { retention: { raw: { days: 30 }, minutes: { days: 30 } } },
    });
  });

  afterAll(async () => {
    await backend.stop();
    folder.remove();
  });

  /** What a container did in each minute of a range. */
  async function serve(
    of: TestAttributes,
    range: { fromMs: number; toMs: number },
    what: (startMs: number) => TestRequests[],
    options: Parameters<typeof otlp.requests>[3] = {},
  ): Promise<void> {
    const resources: object[] = [];
    for (let at = range.fromMs; at < range.toMs; at += MINUTE) {
      const span = { startMs: at, endMs: at + MINUTE };
      resources.push(
        otlp.requests(of, span, what(at), options),
        otlp.interval(of, span, { cpuSeconds: 20, waits: [] }),
      );
    }
    await backend.send(otlp.request(...resources)).expect(200);
  }

  async function latencyOf(
    entity: string,
    query: Record<string, string | number> = {},
  ) {
    const { body } = await backend
      .report(entity, 'latency', { from: fromMs, to: toMs, ...query })
      .expect(200);
    return latencyReportSchema.parse(body);
  }

  const lastHour = { fromMs, toMs };

  it('says what the slowest 1 % were made of, and who it was', async () => {
    const culprit = otlp.container('batch', {
      labels: { app: 'batch' },
      pod: 'batch-1',
    });
    await serve(otlp.container('checkout'), lastHour, () => [
      FAST,
      {
        count: 12,
        seconds: 0.2,
        parts: [
          neighbour(0.128, culprit),
          { part: 'upstream', seconds: 0.042 },
          work(0.03),
        ],
      },
    ]);
    const { verdict, requests } = await latencyOf('checkout');
    expect(verdict).toMatchObject({ cause: 'neighbour', severity: 'serious' });
    expect(verdict.sentence.text).toMatch(
      /^The slowest 1 % of `checkout`'s requests \(over 1[89]\d ms\) were 64 % waiting for neighbours, most of it `batch-report` \(team Data\), 21 % waiting for an upstream, 15 % own work\./,
    );
    expect(requests.roles.server).toEqual({
      state: 'measured',
      requestCount: 60_120,
    });
    expect(requests.distribution).toMatchObject({
      count: 60_120,
      p50Seconds: expect.closeTo(0.01, 3),
    });
    expect(requests.estimatedShare).toBe(0);
    const [slowest] = requests.anatomy.sums;
    expect(slowest.of).toBe('slowest-1');
    expect(slowest.requestCount).toBe(601);
    expect(
      slowest.parts.map(({ part, share, party }) => [
        part,
        Math.round(share * 100),
        party?.name,
      ]),
    ).toEqual([
      ['wait', 64, 'batch-report'],
      ['upstream', 21, undefined],
      ['work', 15, undefined],
    ]);
  });

  it('says of the network what was lost, and behind whose packets its own stood', async () => {
    const culprit = otlp.container('batch', {
      labels: { app: 'batch' },
      pod: 'batch-1',
    });
    const own = { 'contention.culprit.kind': 'self' };
    await serve(otlp.container('queued'), lastHour, () => [
      FAST,
      {
        count: 12,
        seconds: 0.2,
        parts: [
          { part: 'queue', seconds: 0.11, by: otlp.blamed(culprit) },
          { part: 'queue', seconds: 0.02, by: own },
          { part: 'retransmission', seconds: 0.03 },
          { part: 'upstream', seconds: 0.03 },
          work(0.01),
        ],
      },
    ]);
    const { verdict, requests } = await latencyOf('queued');
    expect(verdict).toMatchObject({
      cause: 'neighbour',
      resource: 'network',
      severity: 'serious',
    });
    expect(verdict.sentence.text).toMatch(
      /^The slowest 1 % of `queued`'s requests \(over 1[89]\d ms\) were 55 % queued in the network behind neighbours' packets, most of it `batch-report` \(team Data\), 15 % lost by the network and sent again, 15 % waiting for an upstream\./,
    );
    const [{ parts }] = requests.anatomy.sums;
    expect(
      parts.map(({ part, label, party }) => [part, label, party?.name]),
    ).toEqual(
      expect.arrayContaining([
        ['queue', 'network: queued behind neighbours', 'batch-report'],
        ['queue', 'network: queued behind its own packets', 'its own packets'],
        ['retransmission', 'network: lost', undefined],
      ]),
    );

    await serve(otlp.container('lossy'), lastHour, () => [
      FAST,
      {
        count: 12,
        seconds: 0.2,
        parts: [{ part: 'retransmission', seconds: 0.19 }, work(0.01)],
      },
    ]);
    expect((await latencyOf('lossy')).verdict).toMatchObject({
      cause: 'retransmission',
      resource: 'network',
      severity: 'serious',
    });
  });

  it('counts every request in one band, and adds its parts up to its time', async () => {
    const { requests } = await latencyOf('checkout');
    const { bands, sums } = requests.anatomy;
    expect(bands[0]).toMatchObject({
      fromSeconds: 1 / 128,
      toSeconds: 1 / 64,
      requestCount: 59_400,
      seconds: expect.closeTo(594, 6),
    });
    expect(bands[bands.length - 1]).toMatchObject({
      fromSeconds: 1 / 8,
      toSeconds: 1 / 4,
      requestCount: 720,
      seconds: expect.closeTo(144, 6),
    });
    expect(bands.slice(1, -1).map(band => band.requestCount)).toEqual([
      0, 0, 0,
    ]);
    const all = sums.find(({ of }) => of === 'all')!;
    expect(all.requestCount).toBe(60_120);
    expect(all.seconds).toBeCloseTo(738, 6);
    for (const { seconds, parts } of [...bands, ...sums]) {
      const sum = parts.reduce((total, part) => total + part.seconds, 0);
      expect(sum).toBeCloseTo(seconds, 6);
    }
  });

  it('shows duration over time as heat map, percentiles, counts and rates', async () => {
    const { requests, axis } = await latencyOf('checkout');
    const { heatmap, p99Values, countValues, rateValues } = requests;
    expect(heatmap.counts).toHaveLength(axis.startsMs.length);
    const cells = heatmap.counts.flatMap(column => column ?? []);
    expect(cells.reduce((a, b) => a + b, 0)).toBe(60_120);
    expect(countValues.reduce<number>((a, b) => a + (b ?? 0), 0)).toBe(60_120);
    expect(rateValues[10]).toBeCloseTo(1000 / 60, 0);
    expect(p99Values[10]).toBeGreaterThan(0.01);
  });

  it('says that a service is slow by its own work', async () => {
    await serve(otlp.container('report-api'), lastHour, () => [
      { count: 95, seconds: 0.1, parts: [work(0.1)] },
      {
        count: 5,
        seconds: 2,
        parts: [work(1.86), { part: 'upstream', seconds: 0.14 }],
      },
    ]);
    const { verdict } = await latencyOf('report-api');
    expect(verdict.cause).toBe('work');
    expect(verdict.sentence.text).toMatch(
      /^`report-api` is slow by its own work: 93 % of the time of its slowest 1 % of requests \(over 2 s\) is in its own code, 7 % waiting for an upstream\./,
    );
  });

  it('says that nothing is wrong where requests are as they always are', async () => {
    const search = otlp.container('search');
    const usual: TestRequests[] = [
      FAST,
      { count: 10, seconds: 0.05, parts: [work(0.05)] },
    ];
    for (const days of [3, 2, 1, 0]) {
      const range = { fromMs: fromMs - days * DAY, toMs: toMs - days * DAY };
      await serve(search, range, () => usual);
    }
    const { verdict, requests } = await latencyOf('search');
    expect(verdict).toMatchObject({ cause: 'quiet', severity: 'none' });
    expect(verdict.sentence.text).toMatch(
      /^Nothing slowed `search`'s requests in the last hour: p99 \d+ ms, at this time of day it is usually \d+ ms\.$/,
    );
    expect(requests.comparison!.usual!.days).toHaveLength(3);
    expect(requests.comparison!.usual!.ratePerSecond).toBeCloseTo(16.7, 1);
    expect(requests.comparison!.preceding.requestCount).toBe(0);
  });

  it('says since when requests are slower, than what, and what changed before', async () => {
    const slowFromMs = toMs - 20 * MINUTE;
    const pod = (template: string) =>
      otlp.container('rolled', { pod: `rolled-${template}-x7k2p` });
    const usual: TestRequests[] = [FAST];
    const slow: TestRequests[] = [
      { count: 900, seconds: 0.01, parts: [work(0.01)] },
      {
        count: 100,
        seconds: 0.5,
        parts: [{ part: 'unread', seconds: 0.3 }, work(0.2)],
      },
    ];
    for (const days of [2, 1]) {
      const range = { fromMs: fromMs - days * DAY, toMs: toMs - days * DAY };
      await serve(pod('aaa'), range, () => usual);
    }
    await serve(pod('aaa'), { fromMs, toMs: slowFromMs }, () => usual);
    await serve(pod('bbb'), { fromMs: slowFromMs, toMs }, () => slow);
    // Only of a range that reaches now can anything be said to go on.
    const { verdict, markers } = await latencyOf('rolled', { to: Date.now() });
    expect(verdict).toMatchObject({ cause: 'unread', severity: 'serious' });
    const at = new Date(slowFromMs).toISOString().slice(11, 16);
    expect(verdict.sentence.text).toMatch(
      new RegExp(
        `^Since ${at} UTC, the slowest 1 % of .rolled.'s requests .* are 60 % data that no thread had read yet, 40 % own work\\. ` +
          `p99 is \\d+ ms; at this time of day it is usually 1\\d ms\\. ` +
          `Before it, at ${at} UTC: rollout of shop/rolled \\(aaa \u2192 bbb\\)\\.$`,
      ),
    );
    expect(verdict.since).toBe(slowFromMs);
    expect(markers).toEqual([
      expect.objectContaining({ kind: 'rollout', at: slowFromMs }),
    ]);
  });

  it('says that there is not enough data instead of guessing', async () => {
    await serve(otlp.container('rare'), { fromMs: toMs - MINUTE, toMs }, () => [
      { count: 14, seconds: 3, parts: [work(3)] },
    ]);
    const { verdict } = await latencyOf('rare');
    expect(verdict).toMatchObject({ cause: 'unsure', severity: 'none' });
    expect(verdict.sentence.text).toMatch(
      /^Not enough data: 14 requests in this range\./,
    );
  });

  it('tells no requests from requests that nobody times', async () => {
    await backend
      .send(
        otlp.request(
          otlp.interval(
            otlp.container('idle'),
            { startMs: toMs - MINUTE, endMs: toMs },
            { cpuSeconds: 1, waits: [] },
          ),
          otlp.interval(
            otlp.container('untimed', { node: 'node-old' }),
            { startMs: toMs - MINUTE, endMs: toMs },
            { cpuSeconds: 1, waits: [] },
          ),
        ),
      )
      .expect(200);
    const idle = await latencyOf('idle');
    expect(idle.requests.roles.server).toEqual({
      state: 'no-requests',
      why: 'idle got no requests over TCP in this range.',
    });
    expect(idle.verdict.sentence.text).toMatch(
      /^`idle` got no requests in the last hour\. In the 60 s that were measured|^`idle` got no requests in the last hour\. Nothing held/,
    );
    const untimed = await latencyOf('untimed');
    expect(untimed.requests.roles.server.state).toBe('not-measured');
    expect(untimed.verdict.sentence.text).not.toContain('requests');
  });

  it('counts a request once that passes a mesh proxy, and shows the proxy apart', async () => {
    const app = otlp.container('meshed');
    const proxy = otlp.container('meshed', { container: 'istio-proxy' });
    const exporter = otlp.container('meshed', { container: 'exporter' });
    const one: TestRequests[] = [
      { count: 100, seconds: 0.02, parts: [work(0.02)] },
    ];
    await serve(app, lastHour, () => one);
    await serve(proxy, lastHour, () => [
      { count: 100, seconds: 0.03, parts: [work(0.03)] },
    ]);
    await serve(exporter, lastHour, () => [{ count: 4, seconds: 0.001 }]);
    const { requests } = await latencyOf('meshed');
    expect(requests.distribution.count).toBe(6_000);
    expect(requests.anatomy.sums[2].seconds).toBeCloseTo(120, 6);
    expect(
      requests.breakdown.containers.map(row => [
        row.name,
        row.containerRole,
        row.counted,
        row.requestCount,
      ]),
    ).toEqual([
      ['app', 'app', true, 6_000],
      ['istio-proxy', 'mesh-proxy', false, 6_000],
      ['exporter', 'sidecar', false, 240],
    ]);
    expect(requests.breakdown.pods).toMatchObject([
      { name: 'meshed-0', requestCount: 6_000 },
    ]);
    expect(requests.breakdown.nodes).toMatchObject([
      {
        name: 'node-a',
        requestCount: 6_000,
        ratePerSecond: expect.any(Number),
      },
    ]);
  });

  it('keeps what a service sends apart from what it gets', async () => {
    const caller = otlp.container('caller');
    await serve(caller, lastHour, () => [
      { count: 100, seconds: 0.01, parts: [work(0.01)] },
    ]);
    await serve(
      caller,
      lastHour,
      () => [
        {
          count: 30,
          seconds: 0.3,
          parts: [{ part: 'upstream', seconds: 0.3 }],
        },
      ],
      { role: 'client', estimated: true },
    );
    const client = await latencyOf('caller', { role: 'client' });
    expect(client.requests).toMatchObject({
      role: 'client',
      roles: {
        server: { state: 'measured', requestCount: 6_000 },
        client: { state: 'measured', requestCount: 1_800 },
      },
      distribution: { count: 1_800 },
      estimatedShare: 1,
    });
    expect(client.requests.anatomy.sums[2]).toMatchObject({
      seconds: expect.closeTo(540, 6),
      estimatedShare: 1,
    });
    const server = await latencyOf('caller');
    expect(server.requests.distribution.count).toBe(6_000);
    expect(server.requests.estimatedShare).toBe(0);
  });

  it('says what a part of the range and of the durations was made of, and still judges the whole', async () => {
    const half = toMs - 30 * MINUTE;
    const stopped = otlp.container('stopped');
    const bad = (part: {
      part: string;
      by?: TestAttributes;
    }): TestRequests => ({
      count: 10,
      seconds: 0.4,
      parts: [{ ...part, seconds: 0.3 }, work(0.1)],
    });
    const byLimit = bad({
      part: 'throttled',
      by: { 'contention.quota.level': 'pod' },
    });
    const bySelf = bad({
      part: 'wait',
      by: { 'contention.culprit.kind': 'self' },
    });
    await serve(stopped, lastHour, at => [
      FAST,
      at < half ? byLimit : bySelf,
      bySelf,
      byLimit,
      byLimit,
    ]);
    const whole = await latencyOf('stopped');
    expect(whole.verdict.cause).toBe('limit');
    const selected = await latencyOf('stopped', {
      selectFrom: half,
      selectTo: half + 10 * MINUTE,
      bandFrom: 0.3,
    });
    expect(selected.verdict.sentence).toEqual(whole.verdict.sentence);
    expect(selected.requests.distribution.count).toBe(
      whole.requests.distribution.count,
    );
    const { range, durations, sums, sentence } = selected.requests.anatomy;
    expect(range).toEqual({ from: half, to: half + 10 * MINUTE });
    // 0.3 s lies in the band from 0.25 s: bands count in full.
    expect(durations).toEqual({ fromSeconds: 0.25 });
    const all = sums.find(({ of }) => of === 'all')!;
    expect(all.requestCount).toBe(400);
    expect(
      all.parts.map(({ label, party, seconds }) => [
        label,
        party?.quotaLevel,
        Math.round(seconds),
      ]),
    ).toEqual([
      ['stopped by its CPU limit', 'pod', 60],
      ['crowded by itself', undefined, 60],
      ['working', undefined, 40],
    ]);
    expect(sentence!.text).toMatch(/^The slowest 10 % of `stopped`'s requests/);
  });

  it('refuses a selection that is none', async () => {
    await backend
      .report('checkout', 'latency', { selectFrom: toMs, selectTo: fromMs })
      .expect(400);
    await backend.report('checkout', 'latency', { role: 'both' }).expect(400);
  });

  describe('the overview card', () => {
    const slow = {
      count: 20,
      seconds: 0.2,
      parts: [{ part: 'upstream', seconds: 0.18 }, work(0.02)],
    };

    async function cardOf(entity: string) {
      const { body } = await backend
        .report(entity, 'diagnosis', { from: fromMs, to: toMs })
        .expect(200);
      return diagnosisReportSchema.parse(body);
    }

    it('tells of slow requests, and leads to the latency tab, where nothing held threads up', async () => {
      const yesterday = { fromMs: fromMs - DAY, toMs: toMs - DAY };
      const of = otlp.container('waiting');
      await serve(of, yesterday, () => [FAST]);
      await serve(of, lastHour, () => [FAST, slow]);
      const card = await cardOf('waiting');
      expect(card).toMatchObject({
        tab: 'latency',
        valuesOf: 'request-p99',
        verdict: { cause: 'upstream', severity: 'serious' },
      });
      expect(card.verdict.sentence.text).toMatch(
        /the slowest 1 % of `waiting`'s requests .* 90 % waiting for an upstream, 10 % own work\. p99 is .*; at this time of day it is usually /i,
      );
      expect(card.values).toContainEqual(expect.closeTo(0.2, 1));
      expect(card.verdict).toEqual((await latencyOf('waiting')).verdict);
    });

    it('calls nothing slow that is as slow as usual', async () => {
      const yesterday = { fromMs: fromMs - DAY, toMs: toMs - DAY };
      const of = otlp.container('usual');
      for (const range of [yesterday, lastHour]) {
        await serve(of, range, () => [FAST, slow]);
      }
      expect(await cardOf('usual')).toMatchObject({
        valuesOf: 'held-share',
        verdict: { cause: 'quiet', severity: 'none' },
      });
    });
  });

  it('names the pod that a worst request was sent to, by its address, and adds up what was stored of a container before it had one', async () => {
    const asking = otlp.container('asking');
    const asked = { ...otlp.container('asked'), 'k8s.pod.ip': '10.9.0.7' };
    const span = { startMs: toMs - MINUTE, endMs: toMs };
    const before = { startMs: toMs - 2 * MINUTE, endMs: toMs - MINUTE };
    await backend
      .send(
        otlp.request(
          otlp.requests(asking, before, [{ count: 100, seconds: 0.01 }], {
            role: 'client',
          }),
          otlp.requests(
            { ...asking, 'k8s.pod.ip': '10.9.0.6' },
            span,
            [{ count: 100, seconds: 0.01 }],
            {
              role: 'client',
              exemplars: [
                {
                  endMs: toMs - 30_000,
                  seconds: 0.01,
                  attributes: {
                    'network.peer.address': '10.9.0.7',
                    'network.peer.port': 8080,
                    'contention.part.upstream': 0.009,
                    'contention.part.work': 0.001,
                  },
                },
              ],
            },
          ),
          otlp.interval(asking, before, { cpuSeconds: 1, waits: [] }),
          otlp.interval(asked, span, { cpuSeconds: 1, waits: [] }),
        ),
      )
      .expect(200);
    const { requests, markers } = await latencyOf('asking', { role: 'client' });
    expect(requests.distribution.count).toBe(200);
    expect(requests.breakdown.pods).toMatchObject([{ requestCount: 200 }]);
    expect(requests.breakdown.containers).toMatchObject([
      { requestCount: 200 },
    ]);
    expect(markers).toEqual([]);
    const [worst] = requests.worst;
    expect(worst.peer).toMatchObject({
      address: '10.9.0.7',
      port: 8080,
      party: {
        name: 'asked',
        entities: [{ entityRef: 'component:default/asked' }],
      },
    });
    expect(worst.parts.map(({ label }) => label)).toEqual([
      'waiting for asked',
      'working',
    ]);
  });

  it('shows the worst requests one by one, each with its parts, its peer and its culprit', async () => {
    const busy = otlp.container('busy');
    const culprit = otlp.container('batch', {
      labels: { app: 'batch' },
      pod: 'batch-1',
    });
    const span = { startMs: toMs - MINUTE, endMs: toMs };
    const exemplar = (atMs: number, seconds: number) => ({
      endMs: atMs,
      seconds,
      attributes: {
        'network.peer.address': '10.1.2.3',
        'network.peer.port': 41_234,
        'contention.part.work': seconds * 0.25,
        'contention.part.wait.container': seconds * 0.5,
        'contention.part.throttled.pod': seconds * 0.125,
        'contention.part.upstream': seconds * 0.125,
        ...otlp.blamed(culprit),
      },
    });
    const body = otlp.request(
      otlp.requests(
        busy,
        span,
        [
          { count: 100, seconds: 0.01 },
          { count: 2, seconds: 0.5 },
          { count: 1, seconds: 4 },
        ],
        {
          exemplars: [exemplar(toMs - 30_000, 4), exemplar(toMs - 50_000, 0.5)],
        },
      ),
      otlp.resource(busy, [
        otlp.histogram('contention.cpu.wait', [
          {
            ...span,
            seconds: [0.25],
            exemplars: [
              {
                endMs: toMs - 40_000,
                seconds: 0.25,
                attributes: otlp.blamed(culprit),
              },
            ],
          },
        ]),
      ]),
      otlp.interval(busy, span, { cpuSeconds: 10, waits: [] }),
    );
    // Sent twice, as a Collector may: shown once.
    await backend.send(body).expect(200);
    await backend.send(body).expect(200);
    const { requests, cpuWait } = await latencyOf('busy');
    expect(requests.worst.map(item => [item.at, item.durationSeconds])).toEqual(
      [
        [toMs - 30_000, 4],
        [toMs - 50_000, 0.5],
      ],
    );
    const [worst] = requests.worst;
    expect(worst).toMatchObject({
      estimated: false,
      containerRole: 'app',
      workload: { pod: 'busy-0', container: 'app' },
      peer: { address: '10.1.2.3', port: 41_234 },
      culprit: {
        name: 'batch-report',
        entities: [{ owner: { title: 'Data' } }],
      },
    });
    expect(
      worst.parts.map(({ label, seconds, share }) => [label, seconds, share]),
    ).toEqual([
      ['waiting for neighbours', 2, 0.5],
      ['working', 1, 0.25],
      ['stopped by its CPU limit', 0.5, 0.125],
      ['waiting for an upstream', 0.5, 0.125],
    ]);
    expect(cpuWait.worst).toMatchObject([
      {
        at: toMs - 40_000,
        durationSeconds: 0.25,
        culprit: { name: 'batch-report' },
      },
    ]);
    const slow = await latencyOf('busy', { bandFrom: 1 });
    expect(slow.requests.worst).toHaveLength(1);
  });
});
