import { METRIC } from 'backstage-plugin-contention-common/metrics';
import { CATALOGUE } from '../metrics/catalogue';
import { RequestBuilder } from '../metrics/requestBuilder';
import { familiesOf, prometheusName } from './families';

const SPAN = { startUnixNs: 1n, endUnixNs: 2n };
const POD = {
  'contention.cgroup.path': '/pod',
  'k8s.pod.name': 'checkout-0',
  'k8s.container.name': 'of the resource',
};

const nameOf = (name: keyof typeof CATALOGUE) =>
  prometheusName({ name, ...CATALOGUE[name] } as Parameters<
    typeof prometheusName
  >[0]);

it.each([
  [METRIC.cpuWait, 'contention_cpu_wait_seconds'],
  [METRIC.cpuWaitBlame, 'contention_cpu_wait_blame_seconds_total'],
  [METRIC.cpuWaitOpen, 'contention_cpu_wait_open_seconds'],
  [METRIC.cpuLimit, 'contention_cpu_limit'],
  [METRIC.cpuThrottledPeriods, 'contention_cpu_throttled_periods_total'],
  [METRIC.netIo, 'contention_net_io_bytes_total'],
  [METRIC.agentEvents, 'contention_agent_events_total'],
])('%s is %s', (name, expected) => {
  expect(nameOf(name)).toBe(expected);
});

it('no two metrics have the same name', () => {
  const names = Object.values(METRIC).map(nameOf);
  expect(new Set(names).size).toBe(names.length);
});

it('a family has the series of all resources, each with its identity; numbers are seconds', () => {
  const builder = new RequestBuilder();
  const kind = { 'contention.culprit.kind': 'self' };
  for (const path of ['/a', '/b']) {
    const resource = { 'contention.cgroup.path': path };
    builder.add(resource, METRIC.cpuWaitBlame, kind, { ns: 1_500_000n }, SPAN);
  }
  expect(familiesOf(builder.build())).toEqual([
    {
      name: 'contention_cpu_wait_blame_seconds_total',
      help: CATALOGUE[METRIC.cpuWaitBlame].description,
      kind: 'counter',
      samples: ['/a', '/b'].map(path => ({
        labels: [
          ['contention_cgroup_path', path],
          ['contention_culprit_kind', 'self'],
        ],
        value: 0.0015,
      })),
    },
  ]);
});

it("a point's own label goes before its resource's", () => {
  const builder = new RequestBuilder();
  const part = { 'k8s.container.name': 'of the point' };
  builder.add(POD, METRIC.cpuQuotaBurn, part, { ns: 1n }, SPAN);
  const [family] = familiesOf(builder.build());
  expect(Object.fromEntries(family.samples[0].labels)).toEqual({
    contention_cgroup_path: '/pod',
    k8s_pod_name: 'checkout-0',
    k8s_container_name: 'of the point',
  });
});

it('attributes that become one name are one label; what is no identity is none', () => {
  const builder = new RequestBuilder();
  const resource = {
    'contention.cgroup.path': '/a',
    'k8s.pod.label.app.io/name': 'slash',
    'k8s.pod.label.app-io/name': 'dash',
    '1st': 'digit',
    list: ['x', 'y'],
    'container.image.name': 'registry/checkout',
    'container.image.tags': ['1.0'],
  };
  builder.gauge(resource, METRIC.cpuLimit, { double: 0.5 }, 2n);
  const [family] = familiesOf(builder.build());
  expect(Object.fromEntries(family.samples[0].labels)).toEqual({
    contention_cgroup_path: '/a',
    k8s_pod_label_app_io_name: 'dash;slash',
    key_1st: 'digit',
    list: '["x","y"]',
  });
});

it('histograms by peer are without classic buckets: there are too many of them', () => {
  const builder = new RequestBuilder();
  const nothing = {
    sumNs: 0n,
    count: 0n,
    zeroCount: 0n,
    buckets: new Map<number, bigint>(),
  };
  for (const name of [METRIC.tcpRtt, METRIC.cpuWait] as const)
    builder.record(POD, name, {}, nothing, SPAN);
  expect(familiesOf(builder.build())).toMatchObject([
    { name: 'contention_tcp_rtt_seconds', classic: false },
    { name: 'contention_cpu_wait_seconds', classic: true },
  ]);
});
