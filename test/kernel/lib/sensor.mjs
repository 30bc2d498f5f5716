// A sensor process and its frames. Knows the frame format, computes nothing but differences.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { build } from './build.mjs';

/**
 * Starts a sensor, without a budget unless `args` has one. `next()` resolves with its next frame, `stop()` ends it and
 * resolves with every frame.
 */
export function startSensor(...args) {
  return readSensor(
    spawn(build().sensor, ['--budget', '0', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
}

/** The same for a sensor that runs already. */
export function readSensor(child) {
  const frames = [];
  const waiting = [];
  let said = '';
  let ended = false;
  child.stderr.on('data', chunk => (said += chunk));
  const lines = createInterface({ input: child.stdout });
  lines.on('line', line => {
    const frame = JSON.parse(line);
    frames.push(frame);
    waiting.splice(0).forEach(({ resolve }) => resolve(frame));
  });
  const closed = new Promise(resolve =>
    child.on('close', (code, signal) => {
      ended = true;
      waiting
        .splice(0)
        .forEach(({ reject }) =>
          reject(new Error(`the sensor ended (${code ?? signal}): ${said}`)),
        );
      resolve({ code, signal });
    }),
  );
  return {
    child,
    frames,
    closed,
    next: () =>
      new Promise((resolve, reject) => {
        if (ended) reject(new Error(`the sensor has ended: ${said}`));
        else waiting.push({ resolve, reject });
      }),
    async stop() {
      child.kill('SIGTERM');
      await closed;
      return frames;
    },
  };
}

/**
 * The last of a sensor's frames, with all blame and CPU time since the start: a row is forgotten when a cgroup that it speaks
 * of has been gone for a while, and begins anew if there is more of it after that.
 */
export function sinceStart(frames) {
  return {
    ...frames.at(-1),
    blame: totals(
      frames.map(frame => frame.blame),
      ({ victim, kind, culprit }) => `${victim} ${kind} ${culprit}`,
    ),
    cpu: totals(
      frames.map(frame => frame.cpu),
      ({ cgroup }) => cgroup,
    ),
  };
}

/** Rows of all frames by key, each with the ns of its lives added up. */
function totals(rowsOfFrames, keyOf) {
  const totalOf = new Map();
  rowsOfFrames.forEach((rows, i) => {
    for (const row of rows) {
      const key = keyOf(row);
      const { lastIn = i, ns = 0n, earlierNs = 0n } = totalOf.get(key) ?? {};
      totalOf.set(key, {
        row,
        lastIn: i,
        ns: BigInt(row.ns),
        earlierNs: i - lastIn > 1 ? earlierNs + ns : earlierNs,
      });
    }
  });
  return [...totalOf.values()].map(({ row, ns, earlierNs }) => ({
    ...row,
    ns: String(earlierNs + ns),
  }));
}

/** What a frame says about one cgroup as victim: ns by kind, or kind and culprit's path. */
export function victim(frame, path) {
  const names = new Map(frame.cgroups.map(c => [c.id, c.path]));
  const id = frame.cgroups.find(c => c.path === path)?.id;
  const blame = {};
  for (const b of frame.blame) {
    if (b.victim !== id) continue;
    const key = b.culprit
      ? `${b.kind} ${names.get(b.culprit) ?? b.culprit}`
      : b.kind;
    blame[key] = (blame[key] ?? 0) + Number(b.ns);
  }
  const wait = frame.waits.find(w => w.cgroup === id);
  return {
    id,
    blame,
    waitNs: Number(wait?.sumNs ?? 0),
    count: Number(wait?.count ?? 0),
    cpuNs: Number(frame.cpu.find(c => c.cgroup === id)?.ns ?? 0),
    stalls: frame.stalls
      .filter(s => s.cgroup === id)
      .map(s => ({
        quota: names.get(s.quota),
        ns: Number(s.sumNs),
        count: Number(s.count),
      })),
    open: frame.open.find(o => o.cgroup === id),
  };
}

/** Sum of a victim's parts, ns. */
export const partsNs = blame =>
  Object.values(blame).reduce((sum, ns) => sum + ns, 0);
