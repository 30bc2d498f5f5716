// Cost and memory by number of containers: as many cgroups in the kubelet's shape with a busy process each, and what the
// sensor and the agent need for them.
import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kubelet } from '../../test/agent/cgroups.mjs';
import { startReceiver } from '../../test/agent/receiver.mjs';
import { built, root } from './lib/built.mjs';
import { table } from './lib/table.mjs';

const COUNTS = [10, 100, 1000];
const RUN_US = 100;
/** All containers together use about half a CPU, however many there are. */
const sleepUs = count => count * 2 * RUN_US;

export const title =
  'By number of containers, which together keep half a CPU busy';

/** `seconds` a step. */
export async function run({ seconds }) {
  const samples = [];
  for (const count of COUNTS) samples.push(await measure(count, seconds));
  return { samples, ...summary(samples, seconds) };
}

async function measure(count, seconds) {
  const kubelet = new Kubelet();
  const receiver = await startReceiver([]);
  let fleet;
  let agent;
  try {
    fleet = await startFleet(kubelet, count);
    agent = spawn(
      join(root, 'bpf-agent/bin/contention-agent'),
      ['run', '--pods', kubelet.podsPath, '--endpoint', receiver.url]
        .concat(['--sensor-path', built('contention-sensor')])
        .concat([
          '--cluster',
          'bench',
          '--node',
          'bench',
          '--interval',
          '1',
          '--budget',
          '0',
        ]),
      { stdio: 'ignore' },
    );
    agent.ended = new Promise(resolve => agent.on('close', resolve));
    await receiver.until(() => receiver.accepted().length >= 2, 30_000);
    const sensor = childOf(agent.pid, 'contention-sens');
    const before = { agent: cpuSeconds(agent.pid), sensor: cpuSeconds(sensor) };
    const sent = receiver.accepted().length;
    await sleep(seconds * 1000);
    const requests = receiver.accepted().slice(sent);
    return {
      containers: count,
      seconds,
      requests: requests.length,
      requestBytes: Math.max(...requests.map(({ body }) => body.length)),
      agentCpuSeconds: cpuSeconds(agent.pid) - before.agent,
      sensorCpuSeconds: cpuSeconds(sensor) - before.sensor,
      agentBytes: residentBytes(agent.pid),
      sensorBytes: residentBytes(sensor),
      kernelBytes: kernelBytes(sensor),
    };
  } finally {
    agent?.kill('SIGTERM');
    await agent?.ended;
    fleet?.kill('SIGKILL');
    await fleet?.ended;
    receiver.close();
    await kubelet.cleanUp();
  }
}

async function startFleet(kubelet, count) {
  const lines = [];
  for (let i = 0; i < count; i++) {
    const pod = kubelet.pod({
      name: `service-${i}-5d7f9c-x2x4p`,
      containers: ['app'],
      owner: { kind: 'ReplicaSet', name: `service-${i}-5d7f9c` },
      labels: { app: `service-${i}`, 'pod-template-hash': '5d7f9c' },
    });
    lines.push(kubelet.procsFiles(pod, 'app').join(' '));
  }
  const fleet = spawn(
    built('bench-fleet'),
    [RUN_US, sleepUs(count)].map(String),
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  fleet.ended = new Promise(resolve => fleet.on('close', resolve));
  fleet.stdin.end(`${lines.join('\n')}\n`);
  await new Promise((resolve, reject) => {
    fleet.stdout.once('data', resolve);
    fleet.once('close', () => reject(new Error('the fleet ended early')));
  });
  return fleet;
}

/** The child of a process, or of its children, that has a name. */
function childOf(pid, name) {
  for (const child of readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(text => text !== '')) {
    if (readFileSync(`/proc/${child}/comm`, 'utf8').trim() === name)
      return Number(child);
    const below = childOf(child, name);
    if (below) return below;
  }
  return undefined;
}

/** By the scheduler's own account, of all threads. */
const cpuSeconds = pid =>
  readdirSync(`/proc/${pid}/task`)
    .map(tid =>
      Number(
        readFileSync(`/proc/${pid}/task/${tid}/schedstat`, 'utf8').split(
          ' ',
        )[0],
      ),
    )
    .reduce((sum, ns) => sum + ns, 0) / 1e9;

const residentBytes = pid =>
  1024 *
  Number(
    /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1],
  );

/** Of all maps that a process holds, by the kernel's account. */
function kernelBytes(pid) {
  const maps = new Map();
  for (const fd of readdirSync(`/proc/${pid}/fdinfo`)) {
    const text = readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8');
    const id = /^map_id:\s+(\d+)/m.exec(text)?.[1];
    if (id) maps.set(id, Number(/^memlock:\s+(\d+)/m.exec(text)[1]));
  }
  return [...maps.values()].reduce((sum, bytes) => sum + bytes, 0);
}

function summary(samples, seconds) {
  const mib = bytes => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  const results = samples.flatMap(sample => [
    {
      name: `${sample.containers} containers: sensor and agent`,
      value:
        (100 * (sample.sensorCpuSeconds + sample.agentCpuSeconds)) / seconds,
      unit: '% of one CPU',
    },
    {
      name: `${sample.containers} containers: memory`,
      value: sample.sensorBytes + sample.agentBytes + sample.kernelBytes,
      unit: 'By',
    },
  ]);
  const rows = [
    [
      'containers',
      'sensor, CPU',
      'agent, CPU',
      'sensor',
      'agent',
      'kernel',
      'a request',
    ],
    ...samples.map(sample => [
      String(sample.containers),
      `${((1000 * sample.sensorCpuSeconds) / seconds).toFixed(1)} ms/s`,
      `${((1000 * sample.agentCpuSeconds) / seconds).toFixed(1)} ms/s`,
      mib(sample.sensorBytes),
      mib(sample.agentBytes),
      mib(sample.kernelBytes),
      `${(sample.requestBytes / 1024).toFixed(0)} KiB`,
    ]),
  ];
  return {
    results,
    text: `${table(rows)}\n\nOne frame and one request a second (the default is one in 10 s); ${cpus().length} CPUs, ${seconds} s each.`,
  };
}
