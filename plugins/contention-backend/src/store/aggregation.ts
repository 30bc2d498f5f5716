/** How each metric adds up over time: sums and histograms add exactly, gauges keep the largest or the newest value. */
import { METRIC, type MetricName } from 'backstage-plugin-contention-common';
import type { Aggregation } from './Store';

export const AGGREGATION: Record<MetricName, Aggregation> = {
  [METRIC.cpuWait]: 'histogram',
  [METRIC.cpuWaitBlame]: 'sum',
  [METRIC.cpuWaitOpen]: 'max',
  [METRIC.cpuTime]: 'sum',
  [METRIC.cpuLimit]: 'last',
  [METRIC.cpuRequest]: 'last',
  [METRIC.cpuThrottledTime]: 'sum',
  [METRIC.cpuThrottledPeriods]: 'sum',
  [METRIC.cpuThrottledPeriodsThrottled]: 'sum',
  [METRIC.cpuThrottledStall]: 'histogram',
  [METRIC.cpuQuotaBurn]: 'sum',
  [METRIC.requestDuration]: 'histogram',
  [METRIC.requestAnatomy]: 'sum',
  [METRIC.tcpRtt]: 'histogram',
  [METRIC.tcpConnect]: 'histogram',
  [METRIC.tcpConnectFailures]: 'sum',
  [METRIC.tcpSegments]: 'sum',
  [METRIC.tcpRetransmits]: 'sum',
  [METRIC.tcpResets]: 'sum',
  [METRIC.tcpZeroWindows]: 'sum',
  [METRIC.tcpListenOverflows]: 'sum',
  [METRIC.peerRequestDuration]: 'histogram',
  [METRIC.netUnread]: 'histogram',
  [METRIC.netQueue]: 'histogram',
  [METRIC.netQueueBlame]: 'sum',
  [METRIC.netIo]: 'sum',
  [METRIC.netDrops]: 'sum',
  [METRIC.netReceivePackets]: 'sum',
  [METRIC.netReceiveDrops]: 'sum',
  [METRIC.netReceiveSqueezed]: 'sum',
  [METRIC.netReceivePressure]: 'sum',
  [METRIC.netReceiveWatched]: 'sum',
  [METRIC.netReceiveBlame]: 'sum',
  [METRIC.dnsDuration]: 'histogram',
  [METRIC.dnsFailures]: 'sum',
  [METRIC.agentEvents]: 'sum',
  [METRIC.agentLost]: 'sum',
  [METRIC.agentOverhead]: 'sum',
  [METRIC.agentShed]: 'sum',
};

export function isMetricName(name: string): name is MetricName {
  return Object.hasOwn(AGGREGATION, name);
}
