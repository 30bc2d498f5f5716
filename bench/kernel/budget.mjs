// What a budget does in production, by the sensor's own account: a hot pipe under a budget that it exceeds, step by step,
// until all that can be is off; then the load ends, and the bench waits until everything is on again.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { built } from './lib/built.mjs';
import { median, rounded } from './lib/stats.mjs';
import { table } from './lib/table.mjs';

const INTERVAL_SECONDS = 0.5;
const LOADED_INTERVALS = 24;

/** Beyond this, other work on the machine is what keeps it from coming back. */
const QUIET_INTERVALS = 240;

/** 0.04 % of a core per 10,000 switches a second: 40 ns a switch, which nothing can meet. */
const SHARE = 0.0004;

export const title = `A budget of ${100 * SHARE} % of a core, under a pipe ping-pong and after it`;

export async function run() {
  const sensor = spawn(
    built('contention-sensor'),
    ['--interval', INTERVAL_SECONDS, '--budget', SHARE].map(String),
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const load = spawn(
    'taskset',
    ['-c', '1', 'perf', 'bench', 'sched', 'pipe', '-l', '1000000000'],
    { stdio: 'ignore' },
  );
  const samples = [];
  try {
    let before;
    for await (const line of createInterface({ input: sensor.stdout })) {
      const frame = JSON.parse(line);
      if (before) samples.push(between(before, frame, !load.killed));
      before = frame;
      if (samples.length === LOADED_INTERVALS) load.kill('SIGKILL');
      const quiet = samples.length - LOADED_INTERVALS;
      if (quiet > 0 && frame.health.shed.length === 0) break;
      if (quiet >= QUIET_INTERVALS) break;
    }
  } finally {
    load.kill('SIGKILL');
    sensor.kill('SIGTERM');
  }
  return { samples, ...summary(samples) };
}

/** One interval: what was off in it, and what the programs cost. */
function between(before, { health, monotonicNs }, isLoaded) {
  const grown = (of, name) =>
    Number(health[of][name]) - Number(before.health[of][name]);
  const switches = grown('events', 'sched_switch');
  const ns = Object.keys(health.events).reduce(
    (sum, program) => sum + grown('overheadNs', program),
    0,
  );
  const seconds = (monotonicNs - before.monotonicNs) / 1e9;
  return {
    off: before.health.shed,
    isLoaded,
    perSecond: switches / seconds,
    nsPerSwitch: ns / switches,
    unequal: health.conservation.unequal,
    leftOff: health.shed,
  };
}

function summary(samples) {
  const groups = [];
  for (const sample of samples) {
    const last = groups.at(-1);
    const isSame =
      last &&
      last[0].isLoaded === sample.isLoaded &&
      last[0].off.length === sample.off.length;
    if (isSame) last.push(sample);
    else groups.push([sample]);
  }
  const middle = (group, key) => median(group.map(sample => sample[key]));
  const rows = groups.map(group => {
    const [{ off, isLoaded }] = group;
    return {
      phase: isLoaded ? 'pipe' : 'after',
      off: off.join(', ') || 'nothing',
      intervals: group.length,
      perSecond: middle(group, 'perSecond'),
      ns: middle(group, 'nsPerSwitch'),
    };
  });
  const { unequal, leftOff } = samples.at(-1);
  return {
    results: rows.map(({ phase, off, ns }) => ({
      name: `budget (${phase}, off: ${off})`,
      value: rounded(ns, 1),
      unit: 'ns per switch, by the sensor itself',
    })),
    text: `${table([
      ['', 'off', 'intervals', 'switches/s', 'ns per switch'],
      ...rows.map(({ phase, off, intervals, perSecond, ns }) => [
        phase,
        off,
        String(intervals),
        String(Math.round(perSecond)),
        ns.toFixed(1),
      ]),
    ])}

Intervals of ${INTERVAL_SECONDS} s. Waits whose parts did not add up: ${unequal}. Off at the end: ${leftOff.join(', ') || 'nothing'}.`,
  };
}
