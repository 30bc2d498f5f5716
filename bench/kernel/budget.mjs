// What a budget does in production, by the sensor's own account: two containers that take turns on a CPU under a budget that
// they exceed, step by step, until all that can be is off; then they end, and the bench waits until everything is on again.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { cgroupTree } from '../../test/kernel/lib/cgroups.mjs';
import { built } from './lib/built.mjs';
import { median, rounded } from './lib/stats.mjs';
import { table } from './lib/table.mjs';

const INTERVAL_SECONDS = 0.5;
/** Round trips between the containers: a quarter of a minute of them. */
const OPERATIONS = 2_000_000;

/** Beyond this, other work on the machine is what keeps it from coming back. */
const QUIET_INTERVALS = 240;

/** 0.04 % of a core per 10,000 switches a second: 40 ns a switch, which the programs exceed even with all steps off. */
const SHARE = 0.0004;

export const title = `A budget of ${100 * SHARE} % of a core, while two containers take turns and after it`;

export async function run() {
  const sensor = spawn(
    built('contention-sensor'),
    ['--interval', INTERVAL_SECONDS, '--budget', SHARE].map(String),
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const tree = cgroupTree();
  const procs = ['a', 'b'].map(name => tree.procs(tree.add(name)));
  const load = spawn(built('turns'), [OPERATIONS, 1, ...procs].map(String), {
    stdio: 'ignore',
  });
  const ended = once(load, 'exit');
  const samples = [];
  try {
    let before;
    for await (const line of createInterface({ input: sensor.stdout })) {
      const frame = JSON.parse(line);
      const isLoaded = load.exitCode === null;
      if (before) samples.push(between(before, frame, isLoaded));
      before = frame;
      if (isLoaded) continue;
      if (frame.health.shed.length === 0) break;
      const quiet = samples.filter(sample => !sample.isLoaded);
      if (quiet.length === QUIET_INTERVALS) break;
    }
  } finally {
    sensor.kill('SIGTERM');
    await ended;
    await tree.end();
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
      phase: isLoaded ? 'turns' : 'after',
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
