#!/usr/bin/env node
// `npm run bench -- kernel`: what the kernel programs cost, beside the tools that only count, in one run.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { withoutStatistics } from './lib/bpf-statistics.mjs';
import { build } from './lib/built.mjs';
import * as against from './against.mjs';
import * as budget from './budget.mjs';
import * as bulk from './bulk.mjs';
import * as burn from './burn.mjs';
import * as containers from './containers.mjs';
import * as http from './http.mjs';
import * as pingpong from './pingpong.mjs';
import * as programs from './programs.mjs';
import * as requests from './requests.mjs';
import * as service from './service.mjs';
import * as switches from './switches.mjs';

const usage = `usage: npm run bench -- kernel [PART]... [--json] [--raw FILE] [--rounds N] [--seconds N]

Parts, all of them but the last if none is named:
  switches    ns per switch and its wakeup, by the kernel's BPF statistics, every tool in turn
  burn        the same between two containers, with and without a quota above them
  pingpong    what a pipe ping-pong loses, programs attached and detached within milliseconds
  requests    ns per request, by the kernel's BPF statistics, beside bpftrace on tcp:tcp_probe
  programs    each program that runs for packets, by request, connection and megabyte
  http        what HTTP loses over loopback and veth, programs attached and detached in turns under wrk
  bulk        what a bulk connection loses there, the same under iperf3
  service     what a Redis loses, measured and computed
  containers  CPU and memory at 10, 100 and 1,000 containers
  budget      what is switched off beyond a budget, what that saves, and that it comes back
  against     each program that runs for packets beside that of another build of the sensor, both at once

  --json      one document {"results":[{name,value,unit,ratioTo}]}
  --raw FILE  every sample
  --rounds N  of each tool (default: 7, 7, 31, 7, 7, 25, 25 and 15 for the first eight parts, 6 for against)
  --against FILE  the other build
  --seconds N at each number of containers (default 10)`;

const parts = {
  switches,
  burn,
  pingpong,
  requests,
  programs,
  http,
  bulk,
  service,
  containers,
  budget,
  against,
};
const defaultRounds = {
  switches: 7,
  burn: 7,
  pingpong: 31,
  requests: 7,
  programs: 7,
  http: 25,
  bulk: 25,
  service: 15,
  against: 6,
};

function readOptions() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      raw: { type: 'string' },
      rounds: { type: 'string' },
      against: { type: 'string' },
      seconds: { type: 'string', default: '10' },
    },
  });
  const unknown = positionals.find(name => !(name in parts));
  if (unknown) throw new Error(`there is no part '${unknown}'\n\n${usage}`);
  for (const name of ['rounds', 'seconds'])
    if (values[name] !== undefined && !/^[1-9]\d*$/.test(values[name]))
      throw new Error(`--${name} takes a whole number, 1 or more`);
  if (positionals.includes('against') && values.against === undefined)
    throw new Error(
      'against what? --against names another build of the sensor',
    );
  return {
    ...values,
    names: positionals.length
      ? positionals
      : Object.keys(parts).filter(name => name !== 'against'),
  };
}

const machine = () =>
  `${readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim()}, ${/model name\s*: (.*)/.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? process.arch}`;

async function main() {
  const options = readOptions();
  if (options.help) {
    console.log(usage);
    return;
  }
  if (process.getuid() !== 0)
    throw new Error('run as root: BPF programs and their statistics need it');
  build();
  const samples = {};
  const results = [];
  if (!options.json) console.log(`Linux ${machine()}`);
  await withoutStatistics(async () => {
    for (const name of options.names) {
      const outcome = await parts[name].run({
        rounds: Number(options.rounds ?? defaultRounds[name]),
        seconds: Number(options.seconds),
        against: options.against,
      });
      samples[name] = outcome.samples;
      results.push(...outcome.results);
      if (!options.json)
        console.log(`\n${parts[name].title}\n\n${outcome.text}`);
    }
  });
  if (options.raw) writeFileSync(options.raw, JSON.stringify(samples, null, 1));
  if (options.json) console.log(JSON.stringify({ results }));
}

main().catch(error => {
  console.error(`bench kernel: ${error.message}`);
  process.exitCode = 1;
});
