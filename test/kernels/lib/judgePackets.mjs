// What the scenarios of packets promise: how long they stood in a queue and behind whom, and where they were dropped. Pure.
import { inMs, percent, TOLERANCE_PERCENT, within } from './checks.mjs';
import { measuredDrops, measuredQueue } from './observation.mjs';

/** Error allowed of whom packets stood behind, points. */
const SHARE_POINTS = 5;

/** What a packet's way takes besides the queue where the CPU is emulated, ns. */
const WAY_NS = 10_000_000;

/** The first packet may have stood behind one of the scenario before, whose container is gone by now and has no row any more, ns. */
const GONE_NS = 5_000_000;

/** Packets that may be lost sight of, % and one: the first of all waits until the sink's address is known, and has lost its name by then. */
const UNSEEN_PERCENT = 3;

/** The senders of a scenario with a queue, and its device. */
const ROLES = ['a', 'b', 'c'];
const DEVICE = 'nic0';

/** Of a sender's packets: that all were seen, how long they stood, and that all of it was somebody's. */
function stood(scenario, role) {
  const truth = scenario.arrivals[role];
  const seen = measuredQueue(scenario, scenario.cgroups[role].id, DEVICE);
  const blamedNs = [...seen.behind.values()].reduce((a, b) => a + b, 0);
  return [
    {
      name: `packets of ${role}`,
      value:
        truth.count > 0
          ? percent(
              Math.max(0, Math.abs(seen.count - truth.sent) - 1),
              truth.sent,
            )
          : Number.POSITIVE_INFINITY,
      limit: UNSEEN_PERCENT,
      unit: '%',
      detail: `sensor ${seen.count}, sent ${truth.sent}, arrived ${truth.count}`,
    },
    {
      name: `all behind somebody, of ${role}`,
      value: percent(
        Math.max(0, Math.abs(blamedNs - seen.ns) - GONE_NS),
        seen.ns,
      ),
      limit: TOLERANCE_PERCENT,
      unit: '%',
      detail: `stood ${inMs(seen.ns)}, behind somebody ${inMs(blamedNs)}`,
    },
    // What a queue has dropped stood there, too, and has no stamp of arrival.
    ...(truth.count < truth.sent
      ? []
      : [
          {
            ...within(`stood ${role}`, seen.ns, {
              least: 0.95 * truth.ns - WAY_NS * truth.count,
              most: 1.05 * truth.ns,
              of: truth.ns,
            }),
            detail: `${inMs(seen.ns)} for ${seen.count} packets, by stamps ${inMs(truth.ns)} for ${truth.count}`,
          },
        ]),
  ];
}

/** The three senders' packets, and whom those of the third one stood behind. */
export function shaped(scenario) {
  const truth = scenario.arrivals.c;
  const { behind } = measuredQueue(scenario, scenario.cgroups.c.id, DEVICE);
  const whole = [...behind.values()].reduce((a, b) => a + b, 0);
  return [
    ...ROLES.flatMap(role => stood(scenario, role)),
    ...ROLES.map(role => {
      const seen = percent(behind.get(scenario.cgroups[role].id) ?? 0, whole);
      const left = percent(truth[`behind${role.toUpperCase()}`], truth.ns);
      return {
        name: `behind ${role}`,
        value: whole > 0 ? Math.abs(seen - left) : Number.POSITIVE_INFINITY,
        limit: SHARE_POINTS,
        unit: 'points',
        detail: `sensor ${seen.toFixed(1)} %, by stamps ${left.toFixed(1)} %`,
      };
    }),
  ];
}

/** The three senders' packets, none of which stood behind anybody else's. */
export function paced(scenario) {
  const mostNs = measuredQueue(scenario, scenario.cgroups.a.id, DEVICE).ns;
  return ROLES.flatMap(role => [
    ...stood(scenario, role),
    {
      name: `behind others of ${role}`,
      value:
        mostNs > 0
          ? percent(othersBehindNs(scenario, role), mostNs)
          : Number.POSITIVE_INFINITY,
      limit: SHARE_POINTS,
      unit: '%',
      detail: said(scenario, role),
    },
  ]);
}

/** How long a sender's packets are said to have stood behind anybody else's, ns. */
const othersBehindNs = (scenario, role) =>
  [...measuredQueue(scenario, scenario.cgroups[role].id, DEVICE).behind]
    .filter(([who]) => who !== scenario.cgroups[role].id)
    .reduce((total, [, ns]) => total + ns, 0);

const said = (scenario, role) => {
  const seen = measuredQueue(scenario, scenario.cgroups[role].id, DEVICE);
  return `${inMs(othersBehindNs(scenario, role))} of ${inMs(seen.ns)}`;
};

/** Packets of the sender that were dropped, at each place as its counters say. */
export function dropped(scenario) {
  const seen = measuredDrops(scenario, scenario.cgroups.sender.id);
  return ['queue', 'socket', 'policy', 'conntrack'].map(place => ({
    name: `dropped by ${place}`,
    value:
      scenario.drops.sender[place] > 0
        ? Math.abs(seen(place) - scenario.drops.sender[place])
        : Number.POSITIVE_INFINITY,
    limit: 0,
    unit: '1',
    detail: `sensor ${seen(place)}, kernel ${scenario.drops.sender[place]}`,
  }));
}
