/** What an agent could not see or keep, in words. The reasons are the agent's own (`contention.program`). Pure. */
import { percent } from './words';

/** Counts of the agents on a service's nodes in a range, by `contention.program`. */
export interface AgentCounts {
  /** `contention.agent.lost`: by reason. */
  lost: Record<string, number>;
  /** `contention.agent.events`: by kernel program. */
  events: Record<string, number>;
}

export interface Loss {
  reason: string;
  count: number;
  /** Noticed and made good: no number of a report is wrong because of it. */
  repaired: boolean;
  text: string;
}

interface Meaning {
  repaired: boolean;
  text: (count: string, agents: AgentCounts) => string;
}

const MEANINGS: Record<string, Meaning> = {
  switches: {
    repaired: true,
    text: (count, { lost, events }) =>
      `${count} task switches (${percent(
        lost.switches / ((events.sched_switch ?? 0) + lost.switches),
      )}) were not shown by the kernel; they were noticed, and made good from the scheduler's own time stamps.`,
  },
  openAtAttach: {
    repaired: true,
    text: count =>
      `${count} waits had begun before the agent did: they count from its start.`,
  },
  taskState: {
    repaired: true,
    text: count =>
      `${count} times a thread ran that the agent had no memory for: its wait counts, unless it was moved between CPUs meanwhile.`,
  },
  cgroupNames: {
    repaired: true,
    text: count =>
      `${count} new cgroups were not announced in time; they were found by looking again.`,
  },
  movedAsleep: {
    repaired: false,
    text: count =>
      `${count} threads were moved between CPUs while they slept, and stamped as if they waited (a fault of this kernel): that time is not counted, though its end may have been waiting.`,
  },
  logShort: {
    repaired: false,
    text: count =>
      `${count} waits were longer than the log of who ran: their oldest part is not known.`,
  },
  unseenWaits: {
    repaired: false,
    text: count =>
      `${count} waits ended in a way that the kernel does not show: those are not known.`,
  },
  pending: {
    repaired: false,
    text: count =>
      `${count} waits were moved between CPUs too often: a part of their culprits is folded into others.`,
  },
  cells: {
    repaired: false,
    text: count =>
      `${count} parts of waits found no room under their culprit: those are folded into others.`,
  },
  ns: {
    repaired: false,
    text: count => `${count} ns of waiting found no room at all.`,
  },
  stalls: {
    repaired: false,
    text: count => `${count} stops by a quota are missing from their picture.`,
  },
  movedThrottled: {
    repaired: false,
    text: count =>
      `${count} threads changed their cgroup while a quota stopped them: that time is not known.`,
  },
  queueStops: {
    repaired: false,
    text: count =>
      `${count} stops of run queues were forgotten for newer ones: time in them is not known.`,
  },
  connections: {
    repaired: false,
    text: count =>
      `${count} TCP connections found no memory: their requests are not counted.`,
  },
  requests: {
    repaired: false,
    text: count => `${count} requests, or parts of them, found no room.`,
  },
  burn: {
    repaired: false,
    text: count =>
      `Of ${count} pieces of CPU time and periods it is not known whether a quota ran out in them: they are not among the burners.`,
  },
  dns: {
    repaired: false,
    text: count =>
      `${count} queries of DNS found no room: they are not counted.`,
  },
  peers: {
    repaired: false,
    text: count =>
      `${count} additions to who is at the other end of connections found no room.`,
  },
  unread: {
    repaired: false,
    text: count =>
      `${count} times for which data was in a socket, unread, found no room.`,
  },
  queuedPackets: {
    repaired: false,
    text: count =>
      `${count} packets in the queues of devices were not followed, or lost sight of: how long they stood there is not told, or only up to when the next one of their connection left.`,
  },
  packetSums: {
    repaired: false,
    text: count =>
      `${count} additions about packets (bytes, drops, time in queues) found no room.`,
  },
  culprits: {
    repaired: false,
    text: count =>
      `${count} rows of culprits were folded into others, the smallest of their victims.`,
  },
  conservation: {
    repaired: false,
    text: count =>
      `In ${count} cases a wait and its parts did not add up. That is a defect of the agent: please report it.`,
  },
  sensor_restart: {
    repaired: false,
    text: count =>
      `The sensor ended ${count} times and was started again: what happened in between is missing.`,
  },
  frame_invalid: {
    repaired: false,
    text: count => `${count} readings of the sensor could not be understood.`,
  },
  export_queue_full: {
    repaired: false,
    text: count =>
      `${count} values were dropped by the agent because they could not be delivered for too long.`,
  },
  export_rejected: {
    repaired: false,
    text: count => `${count} values were refused by this portal.`,
  },
};

/** What was lost, what changes numbers first. Reasons that this version does not know count as not repaired. */
export function lossesOf(agents: AgentCounts): Loss[] {
  return Object.entries(agents.lost)
    .filter(([, count]) => count > 0)
    .map(([reason, count]) => {
      const meaning = MEANINGS[reason];
      const figure = Math.round(count).toLocaleString('en');
      return {
        reason,
        count,
        repaired: meaning?.repaired ?? false,
        text: meaning?.text(figure, agents) ?? `${figure} lost: ${reason}.`,
      };
    })
    .sort(
      (a, b) =>
        Number(a.repaired) - Number(b.repaired) ||
        a.reason.localeCompare(b.reason),
    );
}
