#!/usr/bin/env node
// `npm run bench -- query`: how long a person waits for the data of a tab, from a store that holds a fleet.
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startBackend } from './lib/backend.mjs';
import { complete, fill } from './lib/fill.mjs';
import {
  ASKED_SERVICES,
  ASKED_SYSTEM,
  askedPod,
  catalogYaml,
  fleetOf,
  serviceName,
} from './lib/fleet.mjs';

const usage = `usage: npm run bench -- query [--json] [--raw FILE] [--containers N] [--calls N]

Fills a SQLite store with 14 days of a fleet (default 5,000 containers; 11 GB), starts the backend on it, and asks for the
tabs and the overview card of ${ASKED_SERVICES} services in turn, one call after the other over HTTP, as a person who is signed in.

  --json          one document {"results":[{name,value,unit,limit}]}
  --raw FILE      every duration, ms
  --containers N  stored (default 5000)
  --calls N       measured of each range (default 80)
  --folder DIR    keep the store there and use it again`;

const HOUR_MS = 3_600_000;
const DAYS = 14;

const RANGES = [
  { range: '1 h', lengthMs: HOUR_MS },
  { range: '24 h', lengthMs: 24 * HOUR_MS },
  { range: '14 days', lengthMs: DAYS * 24 * HOUR_MS },
];

const ofService = (service, call) =>
  `entities/component/default/${serviceName(service)}/${call}`;

/** Paths of the calls, by the number of an asked service; `range` in the path is where the range goes. */
const CALLS = {
  latency: service => `${ofService(service, 'latency')}?range`,
  throttling: service => `${ofService(service, 'throttling')}?range`,
  neighbours: service => `${ofService(service, 'neighbours')}?range`,
  caused: service =>
    `${ofService(service, 'neighbours')}?direction=caused&range`,
  network: service =>
    `${ofService(service, 'neighbours')}?resource=network&range`,
  networkCaused: service =>
    `${ofService(service, 'neighbours')}?resource=network&direction=caused&range`,
  peers: service => `${ofService(service, 'peers')}?range`,
  diagnosis: service => `${ofService(service, 'diagnosis')}?range`,
  pairs: () => `entities/system/default/${ASKED_SYSTEM}/pairs?range`,
  nodes: () => 'nodes?range',
  node: (service, _toMs, containers) => {
    const { cluster, node } = askedPod(service, containers);
    return `nodes/${cluster}/${node}?range`;
  },
  resolve: (service, toMs, containers) =>
    `resolve?pod=${askedPod(service, containers).pod}&at=${toMs}`,
};

/** What pages ask for. The card asks for the last hour only, and an alert for a moment. */
const ASKED = ['latency', 'throttling', 'neighbours', 'caused']
  .concat('network', 'networkCaused', 'peers', 'pairs', 'nodes', 'node')
  .flatMap(call => RANGES.map(range => ({ call, ...range })))
  .concat({ call: 'diagnosis', ...RANGES[0] })
  .map(asked => ({ ...asked, name: `${asked.call} ${asked.range}` }))
  .concat({ call: 'resolve', name: 'resolve', range: '', lengthMs: 0 });

/** What a call may take, ms at p95. */
const LIMITS_MS = { 'latency 24 h': 100, 'latency 14 days': 250 };

const ENTITIES_WITHIN_MS = 240_000;

/** What a portal does once after its start is over when it used less of a CPU than this for as long as that. */
const IDLE_CPUS = 0.2;
const IDLE_FOR_MS = 10_000;
const IDLE_WITHIN_MS = 120_000;

/** The plugin asks the one for Kubernetes first this long after the start, which loads its modules then: seconds in one piece. */
const KUBERNETES_ASKED_AFTER_MS = 15_000;

async function main() {
  const options = readOptions();
  if (options.help) {
    console.log(usage);
    return;
  }
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'bench-query-'));
  mkdirSync(folder, { recursive: true });
  const say = text => !options.json && console.log(text);
  try {
    say(`${machine()}; store in ${folder}`);
    const catalog = join(folder, 'catalog.yaml');
    writeFileSync(catalog, catalogYaml());
    const started = await startBackend({ folder, catalog });
    await started.stop(); // its migrations made the tables
    forgetCatalog(folder);
    const stored = await filled(folder, options);
    complete(join(folder, 'contention.sqlite'), {
      days: DAYS,
      nowMs: stored.nowMs,
    });
    say(
      `stored: ${Object.entries(stored)
        .map(([what, rows]) => `${rows.toLocaleString('en')} ${what}`)
        .join(', ')}`,
    );
    const backend = await startBackend({ folder, catalog });
    const loadBefore = load();
    const samples = {};
    const cpuMs = {};
    try {
      await untilAnswered(backend, stored.nowMs);
      await untilIdle(backend);
      for (const asked of ASKED) {
        const measured = await measure(backend, asked, stored.nowMs, options);
        samples[asked.name] = measured.samples;
        cpuMs[asked.name] = measured.cpuMs;
      }
    } finally {
      await backend.stop();
    }
    const results = ASKED.flatMap(({ name, call, range }) => {
      const prefix = ['query', call, range.replace(' ', '')]
        .filter(Boolean)
        .join('.');
      const limit = LIMITS_MS[name];
      return [
        {
          name: `${prefix}.p95`,
          value: Number(quantile(samples[name], 0.95).toFixed(1)),
          unit: 'ms',
          ...(limit ? { limit } : {}),
        },
        {
          name: `${prefix}.cpu`,
          value: Number(cpuMs[name].toFixed(1)),
          unit: 'ms',
        },
      ];
    });
    say(table(samples, cpuMs));
    say(
      `load of the machine: ${loadBefore.toFixed(1)} before, ${load().toFixed(1)} after; a call is one thread's work`,
    );
    if (options.raw) writeFileSync(options.raw, JSON.stringify(samples));
    if (options.json) console.log(JSON.stringify({ results }));
  } finally {
    if (!options.folder) rmSync(folder, { recursive: true, force: true });
  }
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      raw: { type: 'string' },
      containers: { type: 'string', default: '5000' },
      calls: { type: 'string', default: '80' },
      folder: { type: 'string' },
    },
  });
  for (const name of ['containers', 'calls']) {
    if (!/^[1-9]\d*$/.test(values[name])) {
      throw new Error(`--${name} takes a whole number, 1 or more`);
    }
  }
  return {
    ...values,
    containers: Number(values.containers),
    calls: Number(values.calls),
  };
}

const machine = () =>
  `${cpus().length} x ${cpus()[0].model}, Node ${process.versions.node}`;

/** Stopped while it read its entities, the catalog would lack the one that it was at for good: it reads all of them anew. */
function forgetCatalog(folder) {
  for (const name of readdirSync(folder)) {
    if (name.startsWith('catalog.sqlite')) rmSync(join(folder, name));
  }
}

/** Fills the store, unless the folder holds one already. */
async function filled(folder, { containers }) {
  const mark = join(folder, 'stored.json');
  try {
    return JSON.parse(readFileSync(mark, 'utf8'));
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  const nowMs = Date.now();
  const stored = {
    ...fill(join(folder, 'contention.sqlite'), fleetOf(containers), {
      days: DAYS,
      nowMs,
    }),
    nowMs,
  };
  writeFileSync(mark, JSON.stringify(stored));
  return stored;
}

/** Of the last minute: beyond the number of CPUs, calls wait for others. */
const load = () => loadavg()[0];

const pathOf = (call, service, fromMs, toMs, containers) =>
  `/api/contention/v1/${CALLS[call](service, toMs, containers)}`.replace(
    /range$/,
    `from=${fromMs}&to=${toMs}`,
  );

/** Until the catalog has all services that are asked for, and their answers hold data. */
async function untilAnswered(backend, nowMs) {
  const endMs = Date.now() + ENTITIES_WITHIN_MS;
  for (let index = 0; index < ASKED_SERVICES;) {
    const path = pathOf('latency', index, nowMs - HOUR_MS, nowMs, 0);
    const { status, body } = await backend.get(path);
    if (status === 200 && body.requests?.distribution.count > 0) index++;
    else if (Date.now() > endMs) {
      throw new Error(
        `no data of ${serviceName(index)}: ${status} ${JSON.stringify(body.status ?? body.error)}`,
      );
    } else await sleep(1000);
  }
}

/** Nobody waits for what happens once, and later calls would be measured without it. */
async function untilIdle(backend) {
  await sleep(KUBERNETES_ASKED_AFTER_MS);
  const endMs = Date.now() + IDLE_WITHIN_MS;
  for (;;) {
    const beforeMs = backend.cpuMs();
    await sleep(IDLE_FOR_MS);
    if (backend.cpuMs() - beforeMs < IDLE_CPUS * IDLE_FOR_MS) return;
    if (Date.now() > endMs) {
      throw new Error(`the backend is busy though nobody asks it anything`);
    }
  }
}

async function measure(
  backend,
  { call, lengthMs },
  nowMs,
  { calls, containers },
) {
  const ask = async index => {
    // A page that is looked at moves on: no two calls are of the same range.
    const toMs = nowMs - (index % 40) * 10_000;
    const path = pathOf(
      call,
      index % ASKED_SERVICES,
      toMs - lengthMs,
      toMs,
      containers,
    );
    const { status, body, ms } = await backend.get(path);
    if (status !== 200) {
      throw new Error(`${path}: ${status} ${JSON.stringify(body.error)}`);
    }
    return ms;
  };
  // What every process has to do once is not what a person waits for every time.
  for (let index = 0; index < ASKED_SERVICES; index++) await ask(index);
  const samples = [];
  const cpuBeforeMs = backend.cpuMs();
  for (let index = 0; index < calls; index++) samples.push(await ask(index));
  return { samples, cpuMs: (backend.cpuMs() - cpuBeforeMs) / calls };
}

function quantile(samples, q) {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)];
}

/** CPU time tells on a busy machine what the duration would be on a quiet one: a call does one thing at a time. */
function table(samples, cpuMs) {
  const rows = ASKED.map(({ name }) => {
    const limitMs = LIMITS_MS[name];
    const figures = [0.5, 0.95, 1]
      .map(q => quantile(samples[name], q))
      .concat(cpuMs[name])
      .map(ms => ms.toFixed(0).padStart(7))
      .join('');
    return `${name.padEnd(19)}${figures}   ${limitMs ? `p95 at most ${limitMs}` : ''}`;
  });
  return [`call                   p50    p95  worst    CPU   ms`, ...rows].join(
    '\n',
  );
}

main().catch(error => {
  console.error(`bench query: ${error.message}`);
  process.exitCode = 1;
});
