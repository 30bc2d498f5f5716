// The kernel's own statistics of BPF programs: how often each ran, and for how many nanoseconds.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const STATISTICS_SWITCH = '/proc/sys/kernel/bpf_stats_enabled';

/** Programs that a tool has not attached by then never will be. */
const ATTACHED_WITHIN_MS = 30_000;

/** What a tool does right after it has attached its programs is not what is measured. */
const SETTLE_MS = 300;

async function withSwitch(state, measure) {
  const before = readFileSync(STATISTICS_SWITCH, 'utf8');
  const restore = () => writeFileSync(STATISTICS_SWITCH, before);
  // Whoever ends the bench must not leave everybody's programs slower.
  const end = (_, number) => process.exit(128 + number);
  // What was switched last is restored first.
  process.prependOnceListener('exit', restore);
  process.once('SIGINT', end).once('SIGTERM', end);
  writeFileSync(STATISTICS_SWITCH, state);
  try {
    return await measure();
  } finally {
    restore();
    process.off('exit', restore).off('SIGINT', end).off('SIGTERM', end);
  }
}

/** Runs `measure` while the kernel keeps its statistics, and leaves their switch as it was. */
export const withStatistics = measure => withSwitch('1', measure);

/** Likewise without them, whatever somebody has left behind: they tax every program on the machine. */
export const withoutStatistics = measure => withSwitch('0', measure);

/** The BPF programs that a process holds, also through links: id -> name, runs and ns so far. */
function programsOf(pid) {
  const folder = `/proc/${pid}/fdinfo`;
  const ids = new Set(
    readdirSync(folder).flatMap(fd => {
      const id = /^prog_id:\s+(\d+)/m.exec(readIfThere(join(folder, fd)))?.[1];
      return id ? [Number(id)] : [];
    }),
  );
  const all = JSON.parse(
    execFileSync('bpftool', ['-j', 'prog', 'show'], { maxBuffer: 1 << 26 }),
  );
  return new Map(
    all
      .filter(({ id }) => ids.has(id))
      .map(({ id, name = '', run_cnt: runs = 0, run_time_ns: ns = 0 }) => [
        id,
        { name, runs, ns },
      ]),
  );
}

function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return '';
    throw error;
  }
}

/**
 * Starts a tool of `background()`, and waits until a program of it that `isAwaited(name)` has run. Throws if none runs in time;
 * then the tool is stopped.
 */
async function attached(tool, isAwaited) {
  const running = tool.start();
  const mine = () => programsOf(running.pid);
  try {
    const deadline = Date.now() + ATTACHED_WITHIN_MS;
    const hasRun = p => isAwaited(p.name) && p.runs > 0;
    while (![...mine().values()].some(hasRun)) {
      if (Date.now() > deadline)
        throw new Error(
          `${tool.name} attaches no program within ${ATTACHED_WITHIN_MS / 1000} s: ${running.said()}`,
        );
      await sleep(200);
    }
  } catch (error) {
    await running.stop();
    throw error;
  }
  return { mine, stop: () => running.stop() };
}

const grown = (before, after) =>
  [...after].map(([id, { name, runs, ns }]) => ({
    name,
    runs: runs - (before.get(id)?.runs ?? 0),
    ns: ns - (before.get(id)?.ns ?? 0),
  }));

/**
 * Attaches tools one after the other, and runs a load under all of them at once. What `load.done()` grew by, if it has one, and
 * what the programs of each tool did meanwhile, in the order of the tools: `[[{name, runs, ns}]]`.
 */
export async function pricedTogether(tools, isAwaited, load) {
  const running = [];
  try {
    for (const tool of tools) running.push(await attached(tool, isAwaited));
    await sleep(SETTLE_MS);
    // All are read in the same order, before and after, so that they are of equally long times.
    const look = async () => ({
      done: await load.done?.(),
      all: running.map(({ mine }) => mine()),
    });
    const before = await look();
    await load.run();
    const after = await look();
    return {
      done: after.done - before.done,
      programs: after.all.map((mine, i) => grown(before.all[i], mine)),
    };
  } finally {
    for (const { stop } of running) await stop();
  }
}

/** Likewise under a single tool: its programs are `[{name, runs, ns}]`. */
export async function priced(tool, isAwaited, load) {
  const { done, programs } = await pricedTogether([tool], isAwaited, load);
  return { done, programs: programs[0] };
}

/** Ns and runs of programs together. */
export const together = some => ({
  ns: some.reduce((sum, { ns }) => sum + ns, 0),
  runs: some.reduce((sum, { runs }) => sum + runs, 0),
});
