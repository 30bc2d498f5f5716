// What a service loses: Redis under redis-benchmark, with and without the sensor in turns, and the same computed from what a
// switch costs times how many there were. The first is what the mission promises, the second what the noise cannot hide.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { built } from './lib/built.mjs';
import { median, medianInterval, rounded } from './lib/stats.mjs';
import { table } from './lib/table.mjs';

const REQUESTS = 60_000;
const CLIENTS = 20;

export const title = `Redis GET, ${CLIENTS} connections, with and without the sensor in turns`;

/** `rounds` pairs. */
export async function run({ rounds }) {
  const folder = mkdtempSync(join(tmpdir(), 'contention-bench-'));
  const socket = join(folder, 'redis.sock');
  const server = spawn(
    'redis-server',
    ['--port', '0', '--unixsocket', socket, '--save', '', '--dir', folder],
    { stdio: 'ignore' },
  );
  const ended = new Promise(resolve => server.on('close', resolve));
  try {
    await untilItAnswers(socket);
    const samples = [];
    requestsPerSecond(socket);
    for (let round = 0; round < rounds; round++) {
      const order = round % 2 ? ['with', 'without'] : ['without', 'with'];
      const sample = { round };
      for (const side of order)
        sample[side] = await (side === 'with'
          ? underSensor(socket)
          : { perSecond: requestsPerSecond(socket) });
      samples.push(sample);
    }
    return { samples, ...summary(samples) };
  } finally {
    server.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true });
  }
}

async function untilItAnswers(socket) {
  for (let attempt = 0; attempt < 100; attempt++) {
    try {
      execFileSync('redis-cli', ['-s', socket, 'ping'], { stdio: 'ignore' });
      return;
    } catch {
      await sleep(50);
    }
  }
  throw new Error('redis-server does not answer');
}

function requestsPerSecond(socket) {
  const output = execFileSync(
    'redis-benchmark',
    ['-s', socket, '-t', 'get', '-n', REQUESTS, '-c', CLIENTS, '--csv'].map(
      String,
    ),
    { encoding: 'utf8' },
  );
  return Number(/"GET","([\d.]+)"/.exec(output)[1]);
}

/** CPU seconds that all CPUs together were not idle since boot (`/proc/stat`, USER_HZ = 100). */
function busySeconds() {
  const [user, nice, system, , , irq, softirq] = readFileSync(
    '/proc/stat',
    'utf8',
  )
    .split('\n')[0]
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softirq) / 100;
}

/** One run of the load under a sensor: requests a second, and the share of the busy CPU time that its programs say they used. */
async function underSensor(socket) {
  const sensor = spawn(
    built('contention-sensor'),
    ['--interval', '0.2', '--budget', '0'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const closed = new Promise(resolve => sensor.on('close', resolve));
  const frames = [];
  const lines = createInterface({ input: sensor.stdout });
  const first = new Promise(resolve => lines.once('line', resolve));
  lines.on('line', line => frames.push(JSON.parse(line)));
  await first;
  const before = { frame: frames.at(-1), busy: busySeconds() };
  const perSecond = requestsPerSecond(socket);
  const busy = busySeconds() - before.busy;
  sensor.kill('SIGTERM');
  await closed;
  const used = overheadSeconds(frames.at(-1)) - overheadSeconds(before.frame);
  return { perSecond, computedShare: used / busy };
}

const overheadSeconds = ({ health }) =>
  Object.values(health.overheadNs).reduce((sum, ns) => sum + Number(ns), 0) /
  1e9;

function summary(samples) {
  const lost = samples.map(
    sample => 100 * (1 - sample.with.perSecond / sample.without.perSecond),
  );
  const computed = samples.map(sample => 100 * sample.with.computedShare);
  const { low, high } = medianInterval(lost);
  const results = [
    {
      name: 'redis (measured)',
      value: rounded(median(lost), 2),
      unit: '% of requests a second lost',
      interval95: { low, high },
    },
    {
      name: 'redis (computed)',
      value: rounded(median(computed), 2),
      unit: "% of busy CPU time, by the sensor's own account",
      interval95: medianInterval(computed),
    },
  ];
  return {
    results,
    text: `${table([
      ['', 'median', '95 % interval'],
      ...results.map(({ name, value, interval95 }) => [
        name,
        `${value.toFixed(2)} %`,
        `${interval95.low.toFixed(2)} to ${interval95.high.toFixed(2)} %`,
      ]),
    ])}\n\n${Math.round(median(samples.map(s => s.without.perSecond)))} requests a second without the sensor; ${samples.length} pairs.`,
  };
}
