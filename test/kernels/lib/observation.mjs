// What the scenario program reported, one scenario at a time: the sensor's frames and the kernel's own books. Pure.
//
// While the threads of a scenario stand still, at both ends, nothing that is counted about them can change; so what the
// last frame before and the last frame after differ by is what the window did, and the books differ by the same.

/**
 * Groups the program's lines. Returns `{kernel, error, done, scenarios}`; `scenarios` is a Map of name to
 * `{complete, cgroups: {role: {id, path}}, books: {role: {threads, runNs, waitNs}}, quotas: {role: {throttledNs,
 * periods, throttledPeriods}}, requests: {role: {count, leastNs, mostNs, unstamped}}, arrivals: {role: {sent, count, ns,
 * behindA, behindB, behindC}}, drops: {role: {queue, socket, policy, conntrack}}, skipped, short: [], window: {fromNs, toNs, stolenNs}, frames: []}`. All times are numbers of ns.
 */
export function parseObservations(lines) {
  const all = { kernel: undefined, error: undefined, done: false };
  const scenarios = new Map();
  for (const line of lines) {
    const { event, scenario, ...rest } = JSON.parse(line);
    if (event === 'kernel') all.kernel = rest;
    else if (event === 'error') all.error = rest.message;
    else if (event === 'done') all.done = true;
    else if (event === 'begin') scenarios.set(scenario, empty());
    else add(scenarios.get(scenario), event, rest);
  }
  return { ...all, scenarios };
}

const empty = () => ({
  complete: false,
  cgroups: {},
  books: {},
  quotas: {},
  requests: {},
  arrivals: {},
  drops: {},
  skipped: undefined,
  short: [],
  window: undefined,
  frames: [],
});

function add(scenario, event, { role, ...rest }) {
  if (event === 'cgroup') scenario.cgroups[role] = rest;
  else if (event === 'books') scenario.books[role] = numbers(rest);
  else if (event === 'quota') scenario.quotas[role] = numbers(rest);
  else if (event === 'requests') scenario.requests[role] = numbers(rest);
  else if (event === 'arrivals') scenario.arrivals[role] = numbers(rest);
  else if (event === 'drops') scenario.drops[role] = numbers(rest);
  else if (event === 'skip') scenario.skipped = rest.why;
  else if (event === 'short') {
    const { id, path, ...times } = rest;
    scenario.short.push({ id, path, ...numbers(times) });
  } else if (event === 'window') scenario.window = numbers(rest);
  else if (event === 'frame') scenario.frames.push(rest.frame);
  else if (event === 'end') scenario.complete = true;
  else throw new Error(`unknown event ${event}`);
}

const numbers = object =>
  Object.fromEntries(
    Object.entries(object).map(([name, value]) => [name, Number(value)]),
  );

/**
 * What the sensor says happened to a cgroup in the window, ns: `{waitNs, waits, cpuNs, parts}`; `parts` has a row
 * `{kind, culprit, ns}` for everything that its waits are made of.
 */
export function measured(scenario, id) {
  const [before, after] = edges(scenario);
  const [from, to] = [before, after].map(frame => totals(frame, id));
  return {
    waitNs: Number(to.waitNs - from.waitNs),
    waits: Number(to.waits - from.waits),
    cpuNs: Number(to.cpuNs - from.cpuNs),
    parts: [...to.parts]
      .map(([key, ns]) => {
        const [kind, culprit] = key.split(' ');
        return { kind, culprit, ns: Number(ns - (from.parts.get(key) ?? 0n)) };
      })
      .filter(part => part.ns !== 0),
  };
}

/** What a cgroup used in the window, ns, in periods in which that quota ran out. */
export function burnedNs(scenario, id, quotaId) {
  const [before, after] = edges(scenario).map(frame =>
    BigInt(
      frame.burn.find(row => row.cgroup === id && row.quota === quotaId)?.ns ??
        0,
    ),
  );
  return Number(after - before);
}

/** As measured(), for a cgroup that comes and goes within the window, from the last frame that still shows it. */
export function measuredShort(scenario, id) {
  const last = scenario.frames.findLast(frame =>
    frame.waits.some(row => row.cgroup === id),
  );
  if (!last) return { waitNs: 0, waits: 0, cpuNs: 0, parts: [] };
  return measured({ ...scenario, frames: [scenario.frames[0], last] }, id);
}

/** Requests of a cgroup in a role that ended in the window: `{count, ns}` of those said to be exact, and `estimated`, a number. */
export function measuredRequests(scenario, id, role) {
  const [from, to] = edges(scenario).map(frame => {
    const rows = frame.requests.filter(
      row => row.cgroup === id && row.role === role,
    );
    const sum = (estimated, key) =>
      rows
        .filter(row => row.estimated === estimated)
        .reduce((total, row) => total + Number(row[key]), 0);
    return {
      count: sum(false, 'count'),
      ns: sum(false, 'sumNs'),
      estimated: sum(true, 'count'),
    };
  });
  return {
    count: to.count - from.count,
    ns: to.ns - from.ns,
    estimated: to.estimated - from.estimated,
  };
}

/**
 * What is said of a cgroup's peers in a role, in the window: their requests, `rtts`, how many round-trip times were looked at, and
 * `segments` either way.
 */
export function measuredPeers(scenario, id, role) {
  const [from, to] = edges(scenario).map(frame => {
    const rows = frame.peers.filter(
      row => row.cgroup === id && row.role === role,
    );
    const sum = valueOf =>
      rows.reduce((total, row) => total + Number(valueOf(row) ?? 0), 0);
    return {
      requests: sum(row => row.requests?.count),
      rtts: sum(row => row.rtt?.count),
      segments: Math.min(
        sum(row => row.segments?.transmit),
        sum(row => row.segments?.receive),
      ),
    };
  });
  return {
    requests: to.requests - from.requests,
    rtts: to.rtts - from.rtts,
    segments: to.segments - from.segments,
  };
}

/**
 * What is said of a cgroup's packets in a device's queue, in the window: `{count, ns}` of those that stood there, and `behind`, ns
 * by the culprit's cgroup id, or by kind where it is none.
 */
export function measuredQueue(scenario, id, device) {
  const [from, to] = edges(scenario).map(frame => {
    const rows = (list, key) =>
      list.filter(row => row[key] === id && row.device === device);
    const behind = new Map();
    for (const { culprit, kind, ns } of rows(frame.netBlame, 'victim')) {
      const who = culprit ?? kind;
      behind.set(who, (behind.get(who) ?? 0) + Number(ns));
    }
    const [queue] = rows(frame.netQueues, 'cgroup');
    return {
      count: Number(queue?.count ?? 0),
      ns: Number(queue?.sumNs ?? 0),
      behind,
    };
  });
  return {
    count: to.count - from.count,
    ns: to.ns - from.ns,
    behind: new Map(
      [...to.behind].map(([who, ns]) => [
        who,
        ns - (from.behind.get(who) ?? 0),
      ]),
    ),
  };
}

/** Packets of a cgroup that are said to have been dropped in the window, by place. */
export function measuredDrops(scenario, id) {
  const [from, to] = edges(scenario).map(
    frame => place =>
      frame.netDrops
        .filter(row => row.cgroup === id && row.place === place)
        .reduce((total, row) => total + Number(row.packets), 0),
  );
  return place => to(place) - from(place);
}

function edges({ frames, window }) {
  const before =
    frames.findLast(frame => Number(frame.monotonicNs) <= window.fromNs) ??
    frames[0];
  return [before, frames[frames.length - 1]];
}

function totals(frame, id) {
  const waits = frame.waits.find(row => row.cgroup === id);
  const cpu = frame.cpu.find(row => row.cgroup === id);
  return {
    waitNs: BigInt(waits?.sumNs ?? 0),
    waits: BigInt(waits?.count ?? 0),
    cpuNs: BigInt(cpu?.ns ?? 0),
    parts: new Map(
      frame.blame
        .filter(row => row.victim === id)
        .map(row => [`${row.kind} ${row.culprit ?? ''}`, BigInt(row.ns)]),
    ),
  };
}

/**
 * In how many intervals of how many victims the parts do not add up to the wait, to the nanosecond, recomputed from the
 * rows; and in how many frames the sensor itself says so. A row that is gone belongs to a cgroup long removed: it stands
 * still.
 */
export function unequalSums(frames) {
  let unequal = 0;
  for (const [i, frame] of frames.entries()) {
    if (i === 0) continue;
    // Cumulative: what was unequal before these frames is not theirs.
    const { conservation } = frames[i - 1].health;
    if (frame.health.conservation.unequal !== conservation.unequal)
      unequal += 1;
    const waits = growth(frames[i - 1], frame, waitRows);
    const parts = growth(frames[i - 1], frame, blameRows);
    for (const victim of new Set([...waits.keys(), ...parts.keys()])) {
      if ((waits.get(victim) ?? 0n) !== (parts.get(victim) ?? 0n)) unequal += 1;
    }
  }
  return unequal;
}

const waitRows = frame =>
  frame.waits.map(row => [row.cgroup, '', BigInt(row.sumNs)]);
const blameRows = frame =>
  frame.blame.map(row => [
    row.victim,
    `${row.kind} ${row.culprit ?? ''}`,
    BigInt(row.ns),
  ]);

/** By how much each victim's rows grew from one frame to the next, ns. */
function growth(before, after, rows) {
  const old = new Map(
    rows(before).map(([victim, key, ns]) => [`${victim} ${key}`, ns]),
  );
  const grown = new Map();
  for (const [victim, key, ns] of rows(after)) {
    const by = ns - (old.get(`${victim} ${key}`) ?? 0n);
    grown.set(victim, (grown.get(victim) ?? 0n) + by);
  }
  return grown;
}

/** The path that the newest frame which knows a cgroup gives it; undefined if none does. */
export function pathOf(scenario, id) {
  for (const frame of [...scenario.frames].reverse()) {
    const cgroup = frame.cgroups.find(row => row.id === id);
    if (cgroup) return cgroup.path;
  }
  return undefined;
}
