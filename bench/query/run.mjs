#!/usr/bin/env node
// `npm run bench -- query`: how long a person waits for the Latency tab's data, from a store that holds a fleet.
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startBackend } from './lib/backend.mjs';
import { fill } from './lib/fill.mjs';
import {
  ASKED_SERVICES,
  catalogYaml,
  fleetOf,
  serviceName,
} from './lib/fleet.mjs';

const usage = `usage: npm run bench -- query [--json] [--raw FILE] [--containers N] [--calls N]

Fills a SQLite store with 14 days of a fleet (default 5,000 containers), starts the backend on it, and asks for the
Latency tab of ${ASKED_SERVICES} services in turn, one call after the other over HTTP, as a person who is signed in.

  --json          one document {"results":[{name,value,unit,limit}]}
  --raw FILE      every duration, ms
  --containers N  stored (default 5000)
  --calls N       measured of each range (default 80)
  --folder DIR    keep the store there and use it again`;

const HOUR_MS = 3_600_000;
const DAYS = 14;

/** What a page asks for, and what it may take, ms at p95. */
const RANGES = [
  { name: '1 h', lengthMs: HOUR_MS },
  { name: '24 h', lengthMs: 24 * HOUR_MS, limitMs: 100 },
  { name: '14 days', lengthMs: DAYS * 24 * HOUR_MS, limitMs: 250 },
];

const ENTITIES_WITHIN_MS = 240_000;

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
    const stored = await filled(folder, options);
    say(
      `stored: ${Object.entries(stored)
        .map(([what, rows]) => `${rows.toLocaleString('en')} ${what}`)
        .join(', ')}`,
    );
    const backend = await startBackend({ folder, catalog });
    const samples = {};
    const cpuMs = {};
    try {
      await untilAnswered(backend, stored.nowMs);
      for (const range of RANGES) {
        const measured = await measure(
          backend,
          range,
          stored.nowMs,
          options.calls,
        );
        samples[range.name] = measured.samples;
        cpuMs[range.name] = measured.cpuMs;
      }
    } finally {
      await backend.stop();
    }
    const results = RANGES.map(({ name, limitMs }) => ({
      name: `query.latency.${name.replace(' ', '')}.p95`,
      value: Number(quantile(samples[name], 0.95).toFixed(1)),
      unit: 'ms',
      ...(limitMs ? { limit: limitMs } : {}),
    }));
    say(table(samples, cpuMs));
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

const latencyPath = (service, fromMs, toMs) =>
  `/api/contention/v1/entities/component/default/${service}/latency?from=${fromMs}&to=${toMs}`;

/** Until the catalog has all services that are asked for, and their answers hold data. */
async function untilAnswered(backend, nowMs) {
  const endMs = Date.now() + ENTITIES_WITHIN_MS;
  for (let index = 0; index < ASKED_SERVICES;) {
    const path = latencyPath(serviceName(index), nowMs - HOUR_MS, nowMs);
    const { status, body } = await backend.get(path);
    if (status === 200 && body.requests?.distribution.count > 0) index++;
    else if (Date.now() > endMs) {
      throw new Error(
        `no data of ${serviceName(index)}: ${status} ${JSON.stringify(body.status ?? body.error)}`,
      );
    } else await sleep(1000);
  }
}

async function measure(backend, { lengthMs }, nowMs, calls) {
  const ask = async call => {
    // A page that is looked at moves on: no two calls are of the same range.
    const toMs = nowMs - (call % 40) * 10_000;
    const service = serviceName(call % ASKED_SERVICES);
    const { status, ms } = await backend.get(
      latencyPath(service, toMs - lengthMs, toMs),
    );
    if (status !== 200) throw new Error(`${service} answered ${status}`);
    return ms;
  };
  // What every process has to do once is not what a person waits for every time.
  for (let call = 0; call < ASKED_SERVICES; call++) await ask(call);
  const samples = [];
  const cpuBeforeMs = backend.cpuMs();
  for (let call = 0; call < calls; call++) samples.push(await ask(call));
  return { samples, cpuMs: (backend.cpuMs() - cpuBeforeMs) / calls };
}

function quantile(samples, q) {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)];
}

/** CPU time tells on a busy machine what the duration would be on a quiet one: a call does one thing at a time. */
function table(samples, cpuMs) {
  const rows = RANGES.map(({ name, limitMs }) => {
    const figures = [0.5, 0.95, 1]
      .map(q => quantile(samples[name], q))
      .concat(cpuMs[name])
      .map(ms => ms.toFixed(0).padStart(7))
      .join('');
    return `${name.padEnd(8)}${figures}   ${limitMs ? `p95 at most ${limitMs}` : ''}`;
  });
  return [`range       p50    p95  worst    CPU   ms`, ...rows].join('\n');
}

main().catch(error => {
  console.error(`bench query: ${error.message}`);
  process.exitCode = 1;
});
