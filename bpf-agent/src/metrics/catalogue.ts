/** Kind, unit and description of every metric that the agent sends. */
import {
  METRIC,
  type MetricName,
} from 'backstage-plugin-contention-common/metrics';

export interface MetricDescription {
  kind: 'sum' | 'gauge' | 'exponentialHistogram';
  unit: string;
  description: string;
}

export const CATALOGUE: Record<MetricName, MetricDescription> = {
  [METRIC.cpuWait]: {
    kind: 'exponentialHistogram',
    unit: 's',
    description: 'Time that a thread was runnable and not running',
  },
  [METRIC.cpuWaitBlame]: {
    kind: 'sum',
    unit: 's',
    description: 'The same waits by what held the CPU, or the thread, back',
  },
  [METRIC.cpuWaitOpen]: {
    kind: 'gauge',
    unit: 's',
    description: 'Age of the oldest wait that has not ended yet',
  },
  [METRIC.cpuTime]: {
    kind: 'sum',
    unit: 's',
    description:
      'Time on a CPU: the total is exact, user and system are shares of it',
  },
  [METRIC.cpuLimit]: {
    kind: 'gauge',
    unit: '{cpu}',
    description: 'CPU limit; of a node, its online CPUs',
  },
  [METRIC.cpuRequest]: {
    kind: 'gauge',
    unit: '{cpu}',
    description: 'CPU request',
  },
  [METRIC.cpuThrottledTime]: {
    kind: 'sum',
    unit: 's',
    description: 'Ledger: time that CPU queues stood still for lack of quota',
  },
  [METRIC.cpuThrottledPeriods]: {
    kind: 'sum',
    unit: '{period}',
    description: 'Ledger: enforcement periods in which there was work',
  },
  [METRIC.cpuThrottledPeriodsThrottled]: {
    kind: 'sum',
    unit: '{period}',
    description: 'Ledger: enforcement periods in which the quota ran out',
  },
  [METRIC.cpuThrottledStall]: {
    kind: 'exponentialHistogram',
    unit: 's',
    description: 'How long a thread stood still because of a quota',
  },
  [METRIC.requestDuration]: {
    kind: 'exponentialHistogram',
    unit: 's',
    description:
      'From the first byte of a request to the first byte of its response',
  },
  [METRIC.requestAnatomy]: {
    kind: 'sum',
    unit: 's',
    description: 'What happened while requests were open, by latency band',
  },
  [METRIC.cpuQuotaBurn]: {
    kind: 'sum',
    unit: 's',
    description: 'CPU time in the periods in which a quota ran out, by who ran',
  },
  [METRIC.tcpRtt]: {
    kind: 'exponentialHistogram',
    unit: 's',
    description:
      'Smoothed round-trip time of connections in use, once an interval',
  },
  [METRIC.tcpConnect]: {
    kind: 'exponentialHistogram',
    unit: 's',
    description: 'From the first SYN to the connection being established',
  },
  [METRIC.tcpConnectFailures]: {
    kind: 'sum',
    unit: '{connection}',
    description: 'Connections that were never established, by why',
  },
  [METRIC.tcpSegments]: {
    kind: 'sum',
    unit: '{segment}',
    description: 'Segments of TCP',
  },
  [METRIC.tcpRetransmits]: {
    kind: 'sum',
    unit: '{segment}',
    description: 'Segments of TCP that were sent again, by why',
  },
  [METRIC.tcpResets]: {
    kind: 'sum',
    unit: '{reset}',
    description: 'Connections that were reset, by the direction of the reset',
  },
  [METRIC.tcpZeroWindows]: {
    kind: 'sum',
    unit: '{event}',
    description: 'Times that a window closed, by the direction it was told in',
  },
  [METRIC.tcpListenOverflows]: {
    kind: 'sum',
    unit: '{connection}',
    description:
      'Connections turned away because the queue of the listener was full',
  },
  [METRIC.peerRequestDuration]: {
    kind: 'exponentialHistogram',
    unit: 's',
    description: 'Duration of requests by who is at the other end',
  },
  [METRIC.netUnread]: {
    kind: 'exponentialHistogram',
    unit: 's',
    description: 'How long data was in a socket before a thread read it',
  },
  [METRIC.netQueue]: {
    kind: 'exponentialHistogram',
    unit: 's',
    description: 'How long packets stood in the queue of a device',
  },
  [METRIC.netQueueBlame]: {
    kind: 'sum',
    unit: 's',
    description: 'The same by whose packets left meanwhile',
  },
  [METRIC.netIo]: {
    kind: 'sum',
    unit: 'By',
    description: 'Bytes of packets',
  },
  [METRIC.netDrops]: {
    kind: 'sum',
    unit: '{packet}',
    description: 'Packets that the kernel dropped, by reason and place',
  },
  [METRIC.netReceivePackets]: {
    kind: 'sum',
    unit: '{packet}',
    description: 'Packets that the receive side of the node processed',
  },
  [METRIC.netReceiveDrops]: {
    kind: 'sum',
    unit: '{packet}',
    description: 'Packets dropped because the backlog of a CPU was full',
  },
  [METRIC.netReceiveSqueezed]: {
    kind: 'sum',
    unit: '{event}',
    description: 'Times that receive work ran out of its budget',
  },
  [METRIC.netReceivePressure]: {
    kind: 'sum',
    unit: 's',
    description:
      'Time in which more packets came than the receive side of a CPU could take',
  },
  [METRIC.netReceiveWatched]: {
    kind: 'sum',
    unit: 's',
    description: 'Of that time, in which it was watched whose packets came',
  },
  [METRIC.netReceiveBlame]: {
    kind: 'sum',
    unit: '{packet}',
    description:
      'Packets that were taken up while that was watched, by who sent them',
  },
  [METRIC.dnsDuration]: {
    kind: 'exponentialHistogram',
    unit: 's',
    description: 'From a query of DNS to its answer',
  },
  [METRIC.dnsFailures]: {
    kind: 'sum',
    unit: '{query}',
    description: 'Queries of DNS that failed, by why',
  },
  [METRIC.agentEvents]: {
    kind: 'sum',
    unit: '1',
    description: 'Times each kernel program ran',
  },
  [METRIC.agentLost]: {
    kind: 'sum',
    unit: '1',
    description: 'What could not be measured, kept or sent, by reason',
  },
  [METRIC.agentOverhead]: {
    kind: 'sum',
    unit: 's',
    description: "CPU time of the agent's own parts",
  },
  [METRIC.agentShed]: {
    kind: 'sum',
    unit: 's',
    description: 'For how long a measurement was off to stay within the budget',
  },
};
