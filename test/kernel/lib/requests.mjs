// A server with known delays and its clients in cgroups of their own, and what a frame says about them beside what their
// own clocks say. Knows the frame format and the output of the two programs; judges nothing.
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { build } from './build.mjs';

/** Lines that a process prints, one after the other; rejects when there are no more. */
function lines(child) {
  const iterator = createInterface({ input: child.stdout })[
    Symbol.asyncIterator
  ]();
  return async () => {
    const { value, done } = await iterator.next();
    if (done) throw new Error('the program ended early');
    return value;
  };
}

/** Starts a server in a cgroup; `how` is `defer` or `alone` (see server.c). `truth()` ends it. */
export async function startServer(
  tree,
  path,
  { family = 46, upstream, cpu, how } = {},
) {
  const args = [
    String(family),
    upstream ? `${upstream.address ?? '127.0.0.1'}:${upstream.port}` : '0',
  ];
  if (how) args.push(how);
  const command = [build().server, ...args];
  const child =
    cpu === undefined
      ? tree.run(path, command[0], args)
      : tree.run(path, 'taskset', ['-c', String(cpu), ...command]);
  const next = lines(child);
  const port = await next();
  return {
    path,
    port,
    child,
    async truth() {
      child.stdin.end();
      return JSON.parse(await next());
    },
  };
}

/**
 * Starts a client in a cgroup. `asks` are the numbers that client.c takes; with `wait` its connections stand, and it asks
 * when `go()` is called. `truth()` waits for its end.
 */
export async function startClient(
  tree,
  path,
  server,
  asks,
  address = '127.0.0.1',
) {
  const args = Object.entries(asks).map(([name, value]) => `${name}=${value}`);
  const child = tree.run(path, build().client, [address, server.port, ...args]);
  const next = lines(child);
  if (asks.wait) await next();
  return {
    path,
    child,
    go: () => child.stdin.write('\n'),
    async truth() {
      const truth = JSON.parse(await next());
      if (child.exitCode === null) await once(child, 'exit');
      return truth;
    },
  };
}

/** What a frame says about the requests of a cgroup in a role: exact and estimated ones apart. */
export function requestsOf(frame, path, role) {
  const ids = frame.cgroups.filter(c => c.path === path).map(c => c.id);
  const rows = frame.requests.filter(
    row => ids.includes(row.cgroup) && row.role === role,
  );
  const of = estimated => {
    const some = rows.filter(row => row.estimated === estimated);
    return {
      count: some.reduce((sum, row) => sum + Number(row.count), 0),
      sumNs: some.reduce((sum, row) => sum + Number(row.sumNs), 0),
      buckets: some.flatMap(row => row.buckets),
    };
  };
  return { exact: of(false), estimated: of(true) };
}

/** Index of the bucket of a duration: scale 3, of seconds. */
export const bucketOf = ns => Math.ceil(8 * Math.log2(ns / 1e9)) - 1;

/**
 * What happened while the requests of a cgroup in a role were open: ns by part, with the kind and path of whoever is to
 * blame; exact and estimated together.
 */
export function anatomyOf(frame, path, role) {
  const paths = new Map(frame.cgroups.map(c => [c.id, c.path]));
  const parts = {};
  for (const row of frame.anatomy) {
    if (paths.get(row.cgroup) !== path || row.role !== role) continue;
    const words = [row.part, row.kind, paths.get(row.culprit)];
    const key = words.filter(word => word !== undefined).join(' ');
    parts[key] = (parts[key] ?? 0) + Number(row.ns);
  }
  return parts;
}

/** Difference of two results of anatomyOf(). */
export const since = (before, after) =>
  Object.fromEntries(
    Object.entries(after).map(([key, ns]) => [key, ns - (before[key] ?? 0)]),
  );
