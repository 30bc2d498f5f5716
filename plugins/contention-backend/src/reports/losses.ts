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
  /** `{wait was|waits were}`: of one, and of any other number. */
  text: (count: string, agents: AgentCounts) => string;
}

const MEANINGS: Record<string, Meaning> = {
  switches: {
    repaired: true,
    text: (count, { lost, events }) =>
      `${count} task {switch|switches} (${percent(
        lost.switches / ((events.sched_switch ?? 0) + lost.switches),
      )}) {was|were} not shown by the kernel; {it was|they were} noticed, and made good from the scheduler's own time stamps.`,
  },
  openAtAttach: {
    repaired: true,
    text: count =>
      `${count} {wait|waits} had begun before the agent did: {it counts|they count} from its start.`,
  },
  taskState: {
    repaired: true,
    text: count =>
      `${count} {time|times} a thread ran that the agent had no memory for: its wait counts, unless it was moved between CPUs meanwhile.`,
  },
  cgroupNames: {
    repaired: true,
    text: count =>
      `${count} new {cgroup was|cgroups were} not announced in time; {it was|they were} found by looking again.`,
  },
  movedAsleep: {
    repaired: false,
    text: count =>
      `${count} {thread was|threads were} moved between CPUs while {it|they} slept, and stamped as if {it|they} waited (a fault of this kernel): that time is not counted, though its end may have been waiting.`,
  },
  logShort: {
    repaired: false,
    text: count =>
      `${count} {wait was|waits were} longer than the log of who ran: {its|their} oldest part is not known.`,
  },
  unseenWaits: {
    repaired: false,
    text: count =>
      `${count} {wait|waits} ended in a way that the kernel does not show: {it is|they are} not known.`,
  },
  pending: {
    repaired: false,
    text: count =>
      `${count} {wait was|waits were} moved between CPUs too often: a part of {its|their} culprits is folded into others.`,
  },
  cells: {
    repaired: false,
    text: count =>
      `${count} {part of a wait|parts of waits} found no room under {its|their} culprit: {it is|they are} folded into others.`,
  },
  ns: {
    repaired: false,
    text: count => `${count} ns of waiting found no room at all.`,
  },
  stalls: {
    repaired: false,
    text: count =>
      `${count} {stop|stops} by a quota {is|are} missing from their picture.`,
  },
  movedThrottled: {
    repaired: false,
    text: count =>
      `${count} {thread|threads} changed {its|their} cgroup while a quota stopped {it|them}: that time is not known.`,
  },
  queueStops: {
    repaired: false,
    text: count =>
      `${count} {stop|stops} of run queues {was|were} forgotten for newer ones: time in {it|them} is not known.`,
  },
  connections: {
    repaired: false,
    text: count =>
      `${count} TCP {connection|connections} found no memory: {its|their} requests are not counted.`,
  },
  requests: {
    repaired: false,
    text: count =>
      `${count} {request, or a part of it|requests, or parts of them}, found no room.`,
  },
  burn: {
    repaired: false,
    text: count =>
      `Of ${count} {piece|pieces} of CPU time and periods it is not known whether a quota ran out in {it: it is|them: they are} not among the burners.`,
  },
  dns: {
    repaired: false,
    text: count =>
      `${count} {query|queries} of DNS found no room: {it is|they are} not counted.`,
  },
  peers: {
    repaired: false,
    text: count =>
      `${count} {addition|additions} to who is at the other end of connections found no room.`,
  },
  unread: {
    repaired: false,
    text: count =>
      `${count} {time|times} for which data was in a socket, unread, found no room.`,
  },
  queuedPackets: {
    repaired: false,
    text: count =>
      `${count} {packet|packets} in the queues of devices {was|were} not followed, or lost sight of: how long {it|they} stood there is not told, or only up to when the next one of {its|their} connection left.`,
  },
  packetSums: {
    repaired: false,
    text: count =>
      `${count} {addition|additions} about packets (bytes, drops, time in queues) found no room.`,
  },
  culprits: {
    repaired: false,
    text: count =>
      `${count} {row|rows} of culprits {was|were} folded into others, the smallest of {its victim|their victims}.`,
  },
  conservation: {
    repaired: false,
    text: count =>
      `In ${count} {case|cases} a wait and its parts did not add up. That is a defect of the agent: please report it.`,
  },
  sensor_restart: {
    repaired: false,
    text: count =>
      `The sensor ended ${count} {time|times} and was started again: what happened in between is missing.`,
  },
  frame_invalid: {
    repaired: false,
    text: count =>
      `${count} {reading|readings} of the sensor could not be understood.`,
  },
  export_queue_full: {
    repaired: false,
    text: count =>
      `${count} {value was|values were} dropped by the agent because {it|they} could not be delivered for too long.`,
  },
  export_rejected: {
    repaired: false,
    text: count => `${count} {value was|values were} refused by this portal.`,
  },
};

/** `{wait|waits}` as it is said of so many. */
function inNumber(text: string, count: number): string {
  return text.replace(/\{([^|}]*)\|([^}]*)\}/g, count === 1 ? '$1' : '$2');
}

/** What was lost, what changes numbers first. Reasons that this version does not know count as not repaired. */
export function lossesOf(agents: AgentCounts): Loss[] {
  return Object.entries(agents.lost)
    .filter(([, count]) => count > 0)
    .map(([reason, count]) => {
      const meaning = MEANINGS[reason];
      const whole = Math.round(count);
      const figure = whole.toLocaleString('en');
      return {
        reason,
        count,
        repaired: meaning?.repaired ?? false,
        text: meaning
          ? inNumber(meaning.text(figure, agents), whole)
          : `${figure} lost: ${reason}.`,
      };
    })
    .sort(
      (a, b) =>
        Number(a.repaired) - Number(b.repaired) ||
        a.reason.localeCompare(b.reason),
    );
}
