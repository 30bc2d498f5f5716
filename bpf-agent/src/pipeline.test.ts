import { PodDirectory } from './identity/podDirectory';
import type { Pod } from './identity/pod';
import { LossCounter } from './losses';
import { Pipeline } from './pipeline';
import { emptyFrame, histogram, id64, UID_A } from './__testUtils__/frames';
import { pod } from './__testUtils__/pods';

const CONTAINER = `/kubepods/burstable/pod${UID_A}/${id64('app')}`;
const CGROUPS = [
  { id: '1', path: '/' },
  { id: '9', path: CONTAINER },
];
const CHECKOUT = pod({
  name: 'checkout-0',
  uid: UID_A,
  containers: { app: id64('app') },
});

/** A pipeline whose pods source answers by a script: pods, "as before", or an error. */
function pipelineWith(script: (Pod[] | undefined | Error)[]) {
  const said: string[] = [];
  const losses = new LossCounter();
  const cpu = [1_000n, 5_000n, 6_000n];
  const pipeline = new Pipeline({
    node: { node: 'n', kubernetes: true, extra: {} },
    pods: {
      description: 'pods.json',
      read: async () => {
        const answer = script.shift();
        if (answer instanceof Error) throw answer;
        return answer;
      },
    },
    directory: new PodDirectory({ labels: [], rememberMs: 60_000 }),
    hostRoot: '/',
    fromAttach: true,
    log: {
      info: message => said.push(message),
      warn: message => said.push(message),
    },
    losses,
    ledger: { read: () => undefined },
    clock: {
      now: () => ({ unixNs: 1n, monotonicNs: 1n }),
      processCpuNs: () => cpu.shift() ?? 6_000n,
    },
  });
  return { pipeline, said, losses };
}

const waited = (sequence: number, ns: bigint, removed?: true) =>
  emptyFrame(sequence, {
    cgroups: removed ? [CGROUPS[0], { ...CGROUPS[1], removed: true }] : CGROUPS,
    waits: [histogram('9', ns, [[-100, 1n]])],
    blame: [{ victim: '9', kind: 'kernel', ns: String(ns) }],
  });

it('a container is named that came and went within one interval, its pod too', async () => {
  const { pipeline } = pipelineWith([[CHECKOUT], []]);
  await pipeline.take(emptyFrame(1));
  const window = await pipeline.take(waited(2, 500n, true));
  const resource = window?.request.resources.find(
    one => one.attributes['contention.cgroup.path'] === CONTAINER,
  );
  expect(resource?.attributes).toMatchObject({
    'k8s.pod.name': 'checkout-0',
    'k8s.container.name': 'app',
  });
});

it('names stay while the pods cannot be read, and that is said once', async () => {
  const { pipeline, said } = pipelineWith([
    [CHECKOUT],
    new Error('not a PodList'),
    new Error('not a PodList'),
  ]);
  await pipeline.take(emptyFrame(1));
  await pipeline.take(waited(2, 500n));
  const window = await pipeline.take(waited(3, 900n));
  expect(
    window?.request.resources.map(one => one.attributes['k8s.pod.name']),
  ).toContain('checkout-0');
  expect(said).toEqual(['cannot read pods from pods.json: not a PodList']);
});

it('each window carries what the agent itself cost and lost since the one before', async () => {
  const { pipeline, losses } = pipelineWith([[CHECKOUT]]);
  losses.add('export_rejected', 7);
  const windows = [
    await pipeline.take(emptyFrame(1)),
    await pipeline.take(emptyFrame(2)),
  ];
  const told = windows.map(window => {
    const metrics = window?.request.resources.flatMap(one => one.metrics) ?? [];
    const valueOf = (name: string, program: string) =>
      metrics
        .find(metric => metric.name === name)
        ?.points.filter(
          point => point.attributes['contention.program'] === program,
        )
        .map(point => ('value' in point ? point.value : undefined));
    return [
      valueOf('contention.agent.overhead', 'agent'),
      valueOf('contention.agent.lost', 'export_rejected'),
    ];
  });
  expect(told).toEqual([
    [[{ ns: 1000n }], [{ integer: 7n }]],
    [[{ ns: 4000n }], [{ integer: 0n }]],
  ]);
});

it('a lost frame and a restarted sensor are said', async () => {
  const { pipeline, said } = pipelineWith([[CHECKOUT]]);
  const cgroups = CGROUPS;
  await pipeline.take(emptyFrame(1, { cgroups }));
  await pipeline.take(emptyFrame(4, { cgroups }));
  await pipeline.take(emptyFrame(1, { cgroups, startMonotonicNs: '7' }));
  expect(said).toEqual([
    '2 frames before number 4 did not arrive: one window is longer, nothing is lost',
    'the sensor was restarted: counting starts anew',
  ]);
});

describe('containers that stay nameless are noticed, after a while, once', () => {
  it('when their pods are not in the source', async () => {
    const { pipeline, said } = pipelineWith([[]]);
    for (let sequence = 1; sequence < 8; sequence++) {
      await pipeline.take(emptyFrame(sequence, { cgroups: CGROUPS }));
    }
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(
      'none of their uids among the 0 pods of pods.json',
    );
    expect(said[0]).toContain(CONTAINER);
  });

  it('when no cgroup looks like a pod', async () => {
    const { pipeline, said } = pipelineWith([[CHECKOUT]]);
    for (let sequence = 1; sequence < 8; sequence++) {
      await pipeline.take(emptyFrame(sequence));
    }
    expect(said).toHaveLength(1);
    expect(said[0]).toContain('no pod is running here: 1 pods in pods.json');
  });

  it('and not when they have names', async () => {
    const { pipeline, said } = pipelineWith([[CHECKOUT]]);
    for (let sequence = 1; sequence < 8; sequence++) {
      await pipeline.take(emptyFrame(sequence, { cgroups: CGROUPS }));
    }
    expect(said).toEqual([]);
  });
});
