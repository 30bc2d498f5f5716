// What each scenario promises, as numbers with limits. Pure: observations in, checks out.
//
// A check is `{name, value, limit, unit, detail}` and holds if value <= limit. Nothing here comes from the sensor alone:
//   wait   its waits against the kernel's run_delay of the same threads (schedstat);
//   cpu    its CPU time against the kernel's run time of the same threads (schedstat), neither with what the hypervisor took;
//   quota  what it calls throttled against the cgroup's cpu.stat;
//   burn   what it says was used in throttled periods against schedstat and the number of those periods in cpu.stat;
//   blame  what it charges to the culprit against the only values that schedstat leaves possible: not more than the
//          culprit ran or the victim waited, and not less than what nobody else can have caused. schedstat counts interrupts
//          for whoever was interrupted; they have no load of their own here, so they are few, and said to be; of the
//          hypervisor, no more is said than /proc/stat says of that CPU;
//   stood  how long packets stood in a device's queue against senders' and sink's stamps; and whom they stood behind against
//          who left the device meanwhile, packet by packet;
//   dropped packets against the counters of who dropped them;
//   mean   of requests against the server's and the client's own clocks and the kernel's stamps of arrival; their
//          number is exact, by peer as altogether, and each went and came back in segments that the kernel counted.
import {
  difference,
  inMs,
  percent,
  TOLERANCE_PERCENT,
  within,
} from './checks.mjs';
import { dropped, paced, shaped } from './judgePackets.mjs';
import {
  burnedNs,
  measured,
  measuredPeers,
  measuredRequests,
  measuredShort,
  pathOf,
  unequalSums,
} from './observation.mjs';

/** A sleeper may be asleep when its quota runs out; that much of each stop it does not see, ns: its 1 ms, and being late. */
const ASLEEP_NS = 1_600_000;

/** Ticks, and the packets of nobody here: as much of a wait as these can be where the CPU is emulated, %. */
const INTERRUPTS_PERCENT = 20;

/** /proc/stat counts what the hypervisor took in hundredths of a second, and learns of it at a tick: as much late at both ends, ns. */
const STOLEN_LATE_NS = 20_000_000;

/** Names of the scenarios that are judged, in the order of the matrix. */
export const scenarioNames = () => Object.keys(judgements);

/** Checks of one scenario. */
export function judge(name, scenario) {
  return [
    ...judgements[name](scenario),
    conservation(scenario),
    attachesLater(scenario),
  ];
}

/**
 * `pass`, `fail` (with the checks that did not hold) or `skip` (a check that cannot be made here).
 */
export function verdict(checks) {
  const failed = checks.filter(check => !(check.value <= check.limit));
  if (failed.some(check => check.unknowable === undefined)) return 'fail';
  return failed.length > 0 ? 'skip' : 'pass';
}

const judgements = {
  // A sleeper and another container's hog on one CPU: the hog had it for all of the sleeper's wait.
  neighbour: scenario => {
    const other = othersNs(scenario, ['victim', 'neighbour']);
    return [
      ...booked(scenario, ['victim', 'neighbour']),
      ...blamed(scenario, 'victim', 'neighbour', {
        least: scenario.books.victim.waitNs - other,
        most: scenario.books.neighbour.runNs,
        other,
      }),
    ];
  },

  // Three hogs of one container on one CPU: each nanosecond that one runs, two wait for it.
  self: scenario => {
    const { threads, runNs, waitNs } = scenario.books.victim;
    const other = othersNs(scenario, ['victim']);
    return [
      ...booked(scenario, ['victim']),
      ...blamed(scenario, 'victim', 'victim', {
        least: waitNs - threads * other,
        most: (threads - 1) * runNs,
        other,
      }),
    ];
  },

  // One thread, stopped by its container's quota.
  'container-quota': scenario => [
    ...booked(scenario, ['victim']),
    stopped(scenario, 'victim', 'victim', 1),
  ],

  // Two threads on one CPU, both stopped whenever the quota is used up: twice cpu.stat, which counts a queue once.
  'crowded-quota': scenario => {
    const { throttledNs } = scenario.quotas.victim;
    const { runNs, waitNs } = scenario.books.victim;
    const other = othersNs(scenario, ['victim'], throttledNs);
    return [
      ...booked(scenario, ['victim']),
      stopped(scenario, 'victim', 'victim', 2),
      ...blamed(scenario, 'victim', 'victim', {
        least: waitNs - 2 * throttledNs - 2 * other,
        most: runNs,
        other,
      }),
    ];
  },

  // One thread on each of two CPUs, under one quota: each queue is stopped on its own, and cpu.stat adds them up.
  'spread-quota': scenario => [
    ...booked(scenario, ['victim']),
    stopped(scenario, 'victim', 'victim', 1),
  ],

  // Threads that also sleep, so that some are woken into a queue that is stopped already.
  'woken-quota': scenario => {
    const { throttledNs, throttledPeriods } = scenario.quotas.victim;
    const { threads } = scenario.books.victim;
    const asleep = (throttledPeriods + 1) * ASLEEP_NS;
    return [
      ...booked(scenario, ['victim']),
      within('quota', throttledBy(scenario, 'victim', 'victim'), {
        least: threads * (throttledNs - asleep),
        most: threads * throttledNs,
        of: threads * throttledNs,
      }),
    ];
  },

  // One thread of a container without a quota, stopped by its pod's.
  'pod-quota': scenario => [
    ...booked(scenario, ['victim']),
    stopped(scenario, 'victim', 'pod', 1),
    ...burned(scenario, ['victim'], 30),
  ],

  // The container's quota runs out first, then its pod's: where both stop a thread the inner one counts, and once.
  'nested-quota': scenario => {
    const inner = scenario.quotas.victim.throttledNs;
    const outer = scenario.quotas.pod.throttledNs;
    const byInner = throttledBy(scenario, 'victim', 'victim');
    return [
      ...booked(scenario, ['victim', 'sidecar']),
      within('quota of the container', byInner, {
        least: inner,
        most: inner + outer,
        of: inner,
      }),
      within(
        'quota of both',
        byInner + throttledBy(scenario, 'victim', 'pod'),
        { least: Math.max(inner, outer), most: inner + outer, of: inner },
      ),
      stopped(scenario, 'sidecar', 'pod', 1),
    ];
  },

  // The pod's quota is burned by the sidecar; both containers stand still, and the other one also waits for the sidecar.
  sidecar: scenario => {
    const { throttledNs, throttledPeriods } = scenario.quotas.pod;
    const app = scenario.books.victim;
    const asleep = (throttledPeriods + 1) * ASLEEP_NS;
    const other = othersNs(scenario, ['victim', 'sidecar'], throttledNs);
    return [
      ...booked(scenario, ['victim', 'sidecar']),
      ...burned(scenario, ['victim', 'sidecar'], 50),
      stopped(scenario, 'sidecar', 'pod', 1),
      within(
        'quota of the other container',
        throttledBy(scenario, 'victim', 'pod'),
        {
          least: throttledNs - asleep,
          most: throttledNs,
          of: throttledNs,
        },
      ),
      ...blamed(scenario, 'victim', 'sidecar', {
        least: app.waitNs - throttledNs - other,
        most: Math.min(
          scenario.books.sidecar.runNs,
          app.waitNs - throttledNs + asleep,
        ),
        other,
      }),
    ];
  },

  // Throttled time is not the neighbour's fault, whoever has the CPU meanwhile.
  'quota-and-neighbour': scenario => {
    const { throttledNs } = scenario.quotas.victim;
    const rest = scenario.books.victim.waitNs - throttledNs;
    const other = othersNs(scenario, ['victim', 'neighbour']);
    return [
      ...booked(scenario, ['victim', 'neighbour']),
      stopped(scenario, 'victim', 'victim', 1),
      ...blamed(scenario, 'victim', 'neighbour', {
        least: rest - other,
        most: rest,
        other,
      }),
    ];
  },

  // Containers that live for a few milliseconds of CPU time are seen, with a name, and their waits are a hog's fault.
  'short-lived': scenario => {
    const seen = scenario.short.map(one => measuredShort(scenario, one.id));
    const sum = (list, value) =>
      list.reduce((total, one) => total + value(one), 0);
    const waitNs = sum(scenario.short, one => one.waitNs);
    const shortRunNs = sum(scenario.short, one => one.runNs);
    const other = Math.max(
      0,
      elapsedNs(scenario) - scenario.books.neighbour.runNs - shortRunNs,
    );
    const interrupts = sum(seen, interruptsNs);
    return [
      ...booked(scenario, ['neighbour']),
      difference(
        'wait',
        sum(seen, one => one.waitNs),
        waitNs,
      ),
      difference(
        'cpu',
        sum(seen, one => one.cpuNs),
        shortRunNs,
      ),
      {
        name: 'unnamed containers',
        value: scenario.short.filter(
          one => pathOf(scenario, one.id) !== one.path,
        ).length,
        limit: 0,
        unit: '1',
        detail: `${scenario.short.length} lived, the longest ${(Math.max(...scenario.short.map(one => one.livedNs)) / 1e6).toFixed(0)} ms`,
      },
      within(
        'blame',
        sum(seen, one => partNs(one, 'cgroup', scenario.cgroups.neighbour.id)),
        {
          least:
            waitNs -
            sum(scenario.short, one => one.birthWaitNs) -
            other -
            interrupts,
          most: scenario.books.neighbour.runNs,
          of: waitNs,
          busyPercent: percent(other, elapsedNs(scenario)),
        },
      ),
      ...few(
        seen.flatMap(one => one.parts),
        scenario,
        waitNs,
        scenario.short.length,
      ),
    ];
  },

  // One request at a time, and eight connections at once: every one counted, on both ends, and timed as they say themselves.
  requests: scenario => ['server', 'client'].flatMap(timed(scenario)),
  'requests-at-once': scenario => ['server', 'client'].flatMap(timed(scenario)),

  // Two senders fill a shaped device, and a third one stands behind them, whatever order its queue keeps.
  'queue-tbf': scenario => shaped(scenario),
  'queue-tbf-fq': scenario => shaped(scenario),
  'queue-htb-fq-codel': scenario => shaped(scenario),
  'queue-htb-fq': scenario => shaped(scenario),

  // A queue that holds each flow to a rate of its own, or delays each packet, on a device that is idle: who is too fast stands behind itself, and nobody else
  // behind it.
  'queue-fq-maxrate': scenario => paced(scenario),
  'queue-fq-paced': scenario => paced(scenario),
  'queue-netem': scenario => paced(scenario),
  'queue-mq-fq': scenario => paced(scenario),

  // Drops of a queue and of a socket that have no room; a rule's, and those of a full table, of the same sender at the same time.
  drops: scenario => dropped(scenario),
};

/** Number and mean of a role's requests; the mean lies between the means of what each took at least and at most. */
const timed = scenario => role => {
  const { id, path } = scenario.cgroups[role];
  const { count, leastNs, mostNs, unstamped } = scenario.requests[role];
  const seen = measuredRequests(scenario, id, role);
  const peers = measuredPeers(scenario, id, role);
  return [
    {
      name: `requests of ${role}`,
      // None at all would make any answer right.
      value:
        count > 0 ? Math.abs(seen.count - count) : Number.POSITIVE_INFINITY,
      limit: 0,
      unit: '1',
      detail: `sensor ${seen.count}, itself ${count}`,
    },
    {
      name: `estimated of ${role}`,
      value: seen.estimated,
      limit: 0,
      unit: '1',
      detail: '',
    },
    {
      name: `requests by peer of ${role}`,
      value: Math.abs(peers.requests - count),
      limit: 0,
      unit: '1',
      detail: `sensor ${peers.requests}, itself ${count}`,
    },
    {
      name: `segments of ${role}`,
      value: peers.rtts > 0 ? Math.max(0, count - peers.segments) : count,
      limit: 0,
      unit: '1',
      detail: `${peers.segments} either way, ${peers.rtts} round-trip times`,
    },
    within(`mean of ${role}`, seen.ns, {
      least: leastNs,
      most: mostNs,
      of: leastNs,
    }),
    {
      name: `stamps of ${role}`,
      value: unstamped,
      limit: 0,
      unit: '1',
      detail: 'requests without a stamp of arrival by the kernel',
    },
    {
      name: `name of ${role}`,
      value: pathOf(scenario, id) === path ? 0 : 1,
      limit: 0,
      unit: '1',
      detail: `${id} should be ${path}`,
    },
  ];
};

const elapsedNs = ({ window }) => window.toNs - window.fromNs;

/** The CPU time on the scenario's CPU that went to programs which are not part of it, ns, or was idle. */
function othersNs(scenario, roles, idleNs = 0) {
  const used = roles.reduce(
    (total, role) => total + scenario.books[role].runNs,
    idleNs,
  );
  return Math.max(0, elapsedNs(scenario) - used);
}

const partNs = ({ parts }, kind, culprit) =>
  parts.find(part => part.kind === kind && part.culprit === culprit)?.ns ?? 0;

const ofKinds = (parts, kinds) =>
  parts
    .filter(({ kind }) => kinds.includes(kind))
    .reduce((total, { ns }) => total + ns, 0);

/** What interrupts and the hypervisor are said to have taken of a victim's wait, whoever was interrupted. */
const interruptsNs = ({ parts }) =>
  ofKinds(parts, ['interrupt', 'softirq', 'steal']);

/** Interrupts are few; the hypervisor took each of so many threads' time at most once. */
function few(parts, { window }, waitNs, threads) {
  const interrupts = ofKinds(parts, ['interrupt', 'softirq']);
  return [
    {
      name: 'interrupts',
      value: percent(interrupts, waitNs),
      limit: INTERRUPTS_PERCENT,
      unit: '%',
      detail: `${inMs(interrupts)} of ${inMs(waitNs)}`,
    },
    within('stolen', ofKinds(parts, ['steal']), {
      least: 0,
      most: threads * (window.stolenNs + STOLEN_LATE_NS),
      of: waitNs,
    }),
  ];
}

const throttledBy = (scenario, victim, quota) =>
  partNs(
    measured(scenario, scenario.cgroups[victim].id),
    'throttled',
    scenario.cgroups[quota].id,
  );

/** Waits and CPU time against schedstat, the unattributed share, and the name, of each role. */
function booked(scenario, roles) {
  return roles.flatMap(role => {
    const { id, path } = scenario.cgroups[role];
    const books = scenario.books[role];
    const sensor = measured(scenario, id);
    return [
      difference(`wait of ${role}`, sensor.waitNs, books.waitNs),
      difference(`cpu of ${role}`, sensor.cpuNs, books.runNs),
      {
        name: `unattributed wait of ${role}`,
        value: percent(partNs(sensor, 'unattributed', ''), books.waitNs),
        limit: TOLERANCE_PERCENT,
        unit: '%',
        detail: '',
      },
      {
        name: `name of ${role}`,
        value: pathOf(scenario, id) === path ? 0 : 1,
        limit: 0,
        unit: '1',
        detail: `${id} should be ${path}`,
      },
    ];
  });
}

/** What the victim's threads were stopped for by that quota, against cpu.stat once per thread. */
function stopped(scenario, victim, quota, threads) {
  return difference(
    'quota',
    throttledBy(scenario, victim, quota),
    scenario.quotas[quota].throttledNs * threads,
  );
}

/**
 * Who burned the pod's quota of so many ms: nobody more than it ran, all together what they ran but for the periods in which the
 * quota did not run out and the last, which is not over.
 */
function burned(scenario, roles, quotaMs) {
  const { periods, throttledPeriods } = scenario.quotas.pod;
  const notBurnedNs = (periods - throttledPeriods + 2) * (quotaMs + 5) * 1e6;
  const rows = roles.map(role => ({
    role,
    ranNs: scenario.books[role].runNs,
    ns: burnedNs(scenario, scenario.cgroups[role].id, scenario.cgroups.pod.id),
  }));
  const sum = key => rows.reduce((total, row) => total + row[key], 0);
  return [
    ...rows.map(({ role, ranNs, ns }) =>
      within(`burn of ${role}`, ns, {
        least: Math.max(0, ranNs - notBurnedNs),
        most: ranNs,
        of: ranNs,
      }),
    ),
    within('burn', sum('ns'), {
      least: Math.max(0, sum('ranNs') - notBurnedNs),
      most: Math.min(
        sum('ranNs'),
        // A CPU may use a slice of 5 ms in another period than the one that gave it.
        throttledPeriods * (quotaMs + 5) * 1e6,
      ),
      of: sum('ranNs'),
    }),
  ];
}

/** What the victim is said to have waited for the culprit's threads, against the least and the most that it can be. */
function blamed(scenario, victim, culprit, { least, most, other }) {
  const { waitNs, threads } = scenario.books[victim];
  const sensor = measured(scenario, scenario.cgroups[victim].id);
  const interrupts = interruptsNs(sensor);
  return [
    within('blame', partNs(sensor, 'cgroup', scenario.cgroups[culprit].id), {
      least: least - interrupts,
      most: Math.min(most, waitNs),
      of: waitNs,
      busyPercent: percent(other, elapsedNs(scenario)),
    }),
    ...few(sensor.parts, scenario, waitNs, threads),
  ];
}

/** Whether programs can be attached when privileges have been given up, as the sensor tries when it starts. */
function attachesLater({ frames }) {
  const { missing } = frames.at(-1).health;
  return {
    name: 'attaching refused',
    value: missing.includes('arrivals') ? 1 : 0,
    limit: 0,
    unit: '1',
    detail: `missing: ${missing.join(', ') || 'nothing'}`,
  };
}

function conservation(scenario) {
  return {
    name: 'unequal sums',
    value: unequalSums(scenario.frames),
    limit: 0,
    unit: '1',
    detail: `in ${scenario.frames.length} frames`,
  };
}
