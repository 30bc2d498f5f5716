#!/usr/bin/env node
// The same sensor, with the same kernel programs in it, on more than one kernel: contention of every kind is made, and the
// sensor's frames are judged by the kernels' own books. Prints a matrix, kernel by scenario, and ends with
// `N passed, N failed, N skipped`.
//
// Guests are emulated (QEMU/TCG), so this runs where hardware virtualisation does not. Times in a guest are a guest's:
// the arithmetic is tested there, not the speed. What a failure says where a hypervisor takes the CPUs away, ../lib/theft.mjs
// decides; what was wrong at first is said all the same.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { inCheckout } from '../../scripts/lib/checkout.mjs';
import { runOrFail } from '../../scripts/lib/child.mjs';
import { Problem, main, say, step } from '../../scripts/lib/say.mjs';
import { guestColumn, hostColumn } from './lib/columns.mjs';
import { cpuTicks, judgeAgain, stolenSince } from '../lib/theft.mjs';
import { judge, scenarioNames } from './lib/judge.mjs';
import {
  cell,
  complaints,
  count,
  hasFailed,
  results,
  table,
} from './lib/matrix.mjs';
import { parseObservations } from './lib/observation.mjs';

/** More than these on one kernel are no accident. */
const MOST_AGAIN = 4;

const usage = `usage: npm run test:kernels -- [OPTION]... [SCENARIO]...

  --kernels LIST   which ones, by comma: host, 6.1, 6.12 (default host,6.1)
  --seconds N      how long each scenario's load runs (default 4)
  --sensor FILE    another sensor than bpf-agent/build/contention-sensor
  --json           print one document {"results":[{name,value,unit,ratioTo}]} instead of the table
  --help

Scenarios: ${scenarioNames().join(', ')}.`;

await main(async () => {
  const { values: options, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      kernels: { type: 'string', default: 'host,6.1' },
      seconds: { type: 'string', default: '4' },
      sensor: {
        type: 'string',
        default: inCheckout('bpf-agent/build/contention-sensor'),
      },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (options.help) {
    say(usage);
    return;
  }
  const names = positionals.length > 0 ? positionals : scenarioNames();
  const unknown = names.filter(name => !scenarioNames().includes(name));
  if (unknown.length > 0) {
    throw new Problem(`There is no scenario '${unknown[0]}'.\n\n${usage}`);
  }
  const seconds = Number(options.seconds);
  if (!(seconds >= 1 && seconds <= 600)) {
    throw new Problem('--seconds takes a number from 1 to 600.');
  }
  const { sensor } = options;
  if (!existsSync(sensor)) {
    throw new Problem(`There is no ${sensor}: make -C bpf-agent`);
  }
  const quiet = options.json;
  const build = () =>
    runOrFail('make -C test/kernels/guest', 'make', [
      '-C',
      inCheckout('test/kernels/guest'),
    ]);
  await (quiet ? build() : step('Building the scenarios', build));

  const columns = options.kernels
    .split(',')
    .map(kernel => (kernel === 'host' ? hostColumn() : guestColumn(kernel)));
  const outcomes = new Map();
  for (const column of columns) {
    const work = () => playUntilSure(column, { sensor, seconds, names });
    outcomes.set(
      column.name,
      await (quiet ? work() : step(`Linux ${column.name}`, work)),
    );
  }
  const all = [...outcomes.values()].flatMap(column => [...column.values()]);
  const { passed, failed, skipped } = count(all);
  if (options.json) {
    say(JSON.stringify({ results: numbers(outcomes) }));
  } else {
    show(outcomes, names, sensor);
    say(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  }
  process.exitCode = failed > 0 ? 1 : 0;
});

/** play(), and again, alone, what has failed; an outcome that is another then has what was wrong at first as `atFirst`. */
async function playUntilSure(column, options) {
  const before = cpuTicks();
  const outcomes = await play(column, options);
  const stolenShare = stolenSince(before);
  const names = options.names.filter(name => hasFailed(outcomes.get(name)));
  for (const name of names.length > MOST_AGAIN ? [] : names) {
    const first = outcomes.get(name);
    let latest = first;
    const again = async () => {
      const since = cpuTicks();
      const outcome = (await play(column, { ...options, names: [name] })).get(
        name,
      );
      if (!hasFailed(outcome)) latest = outcome;
      return { failed: hasFailed(outcome), stolenShare: stolenSince(since) };
    };
    const { outcome, said } = await judgeAgain(stolenShare, again);
    const final = {
      passed: latest,
      failed: first,
      unjudged: { skipped: said },
    }[outcome];
    outcomes.set(name, {
      ...final,
      ...(final !== first && { atFirst: complaints(first) }),
    });
  }
  return outcomes;
}

/**
 * Plays the scenarios on one kernel. Resolves to a Map of scenario name to its outcome: `{checks}`, or `{problem}` or `{skipped}`
 * with why there are none.
 */
async function play(column, options) {
  const { lines, said } = await column.run(options);
  const observed = parseObservations(lines);
  if (!observed.done) {
    const why = observed.error ?? 'the scenarios ended without a word';
    process.stderr.write(`\nLinux ${column.name}: ${why}. It said:\n${said}\n`);
  }
  return new Map(
    options.names.map(name => {
      const scenario = observed.scenarios.get(name);
      if (scenario?.skipped) return [name, { skipped: scenario.skipped }];
      if (!scenario?.complete) {
        return [name, { problem: observed.error ?? 'it did not run' }];
      }
      return [name, { checks: judge(name, scenario) }];
    }),
  );
}

function numbers(outcomes) {
  return [...outcomes].flatMap(([column, scenarios]) =>
    [...scenarios].flatMap(([name, { checks }]) =>
      checks ? results(column, name, checks) : [],
    ),
  );
}

function show(outcomes, names, sensor) {
  const object = join(dirname(sensor), 'contention.bpf.o');
  const digest = file =>
    createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 12);
  say();
  say(
    `The same sensor everywhere: sha256 ${digest(sensor)}${existsSync(object) ? `, kernel programs ${digest(object)}` : ''}.`,
  );
  say('Errors against the books of the kernel itself, at most 1 % allowed.');
  say();
  say(
    table([
      ['', ...outcomes.keys()],
      ...names.map(name => [
        name,
        ...[...outcomes.values()].map(column => cell(column.get(name))),
      ]),
    ]),
  );
  say();
  for (const [column, scenarios] of outcomes) {
    for (const [name, outcome] of scenarios) {
      for (const complaint of complaints(outcome)) {
        say(`${column}, ${name}: ${complaint}`);
      }
    }
  }
}
