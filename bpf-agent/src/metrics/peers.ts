/** How TCP fares between a container and its peers, and how long requests between them took, as points. Pure. */
import {
  ATTRIBUTE,
  METRIC,
  PEER,
  type MetricName,
} from 'backstage-plugin-contention-common/metrics';
import type { Subjects } from '../identity/subject';
import type { Attributes } from '../otlp/model';
import type { Window } from '../window/window';
import type { PeerDelta } from '../window/peers';
import type { RequestBuilder, Span } from './requestBuilder';

function peerAttributes({ role, address, port }: PeerDelta): Attributes {
  return {
    [ATTRIBUTE.role]: role,
    ...(address === undefined ? {} : { [PEER.address]: address }),
    ...(port === undefined ? {} : { [PEER.port]: port }),
  };
}

/** Histograms by peer. */
function histogramsOf(delta: PeerDelta) {
  return [
    [METRIC.tcpRtt, delta.rtt],
    [METRIC.tcpConnect, delta.connect],
    [METRIC.peerRequestDuration, delta.requests],
  ] as const;
}

/** Counts by peer, and by one attribute more. */
function countsOf(
  delta: PeerDelta,
): [MetricName, string, ReadonlyMap<string, bigint>][] {
  return [
    [METRIC.tcpConnectFailures, ATTRIBUTE.errorType, delta.connectFailures],
    [METRIC.tcpSegments, ATTRIBUTE.ioDirection, delta.segments],
    [METRIC.tcpRetransmits, ATTRIBUTE.retransmitCause, delta.retransmits],
    [METRIC.tcpResets, ATTRIBUTE.ioDirection, delta.resets],
    [METRIC.tcpZeroWindows, ATTRIBUTE.ioDirection, delta.zeroWindows],
  ];
}

export function addPeers(
  builder: RequestBuilder,
  window: Window,
  subjects: Subjects,
  span: Span,
): void {
  for (const delta of window.peers) {
    const { resource } = subjects.of(delta.cgroup);
    const attributes = peerAttributes(delta);
    for (const [metric, histogram] of histogramsOf(delta)) {
      if (histogram)
        builder.record(resource, metric, attributes, histogram, span);
    }
    for (const [metric, attribute, counts] of countsOf(delta)) {
      for (const [value, integer] of counts) {
        builder.add(
          resource,
          metric,
          { ...attributes, [attribute]: value },
          { integer },
          span,
        );
      }
    }
  }
  for (const { cgroup, port, overflows } of window.listeners) {
    builder.add(
      subjects.of(cgroup).resource,
      METRIC.tcpListenOverflows,
      { [ATTRIBUTE.serverPort]: port },
      { integer: overflows },
      span,
    );
  }
}
