/** What the account of peers starts from: who is connected to whom, and what was measured of that, before anybody has a name. */
import {
  ATTRIBUTE,
  METRIC,
  PEER,
  type DurationHistogram,
  type MetricName,
  type RequestRole,
} from 'backstage-plugin-contention-common';
import type { StoredResource, StoredSeries } from '../../store';
import { plainAddress } from '../addresses';

/** Of each connection's peer. */
export const PEER_METRICS: readonly MetricName[] = [
  METRIC.tcpRtt,
  METRIC.tcpConnect,
  METRIC.tcpConnectFailures,
  METRIC.tcpSegments,
  METRIC.tcpRetransmits,
  METRIC.tcpResets,
  METRIC.tcpZeroWindows,
  METRIC.peerRequestDuration,
];

/** What an arrow of the map tells: few, as there are many more of them. */
export const HOP_METRICS: readonly MetricName[] = [
  METRIC.tcpConnect,
  METRIC.tcpConnectFailures,
  METRIC.tcpSegments,
  METRIC.tcpRetransmits,
  METRIC.peerRequestDuration,
];

export const DNS_METRICS: readonly MetricName[] = [
  METRIC.dnsDuration,
  METRIC.dnsFailures,
];

/** One series over the whole range. */
export interface WholeSeries {
  series: StoredSeries;
  resource: StoredResource;
  /** Of sums; of histograms, the sum of their seconds. */
  value: number;
  histogram?: DurationHistogram;
}

/** The other end as the socket knows it. */
export interface Endpoint {
  role: RequestRole;
  /** Absent: peers that the agent had no room for. */
  address?: string;
  port?: number;
}

export function endpointOf({
  attributes,
}: Pick<StoredSeries, 'attributes'>): Endpoint {
  const address = attributes[PEER.address];
  const port = attributes[PEER.port];
  const role = attributes[ATTRIBUTE.role];
  return {
    // A query of DNS goes out.
    role: role === 'server' ? 'server' : 'client',
    ...(address === undefined || address === ''
      ? {}
      : { address: plainAddress(address) }),
    ...(port === undefined || port === '' ? {} : { port: Number(port) }),
  };
}
