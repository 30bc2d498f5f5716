/** Queries of DNS by name server, as points: how long answers took, and what failed. Pure. */
import {
  ATTRIBUTE,
  METRIC,
  PEER,
} from 'backstage-plugin-contention-common/metrics';
import type { Subjects } from '../identity/subject';
import type { Attributes } from '../otlp/model';
import type { DnsDelta } from '../window/window';
import type { RequestBuilder, Span } from './requestBuilder';

export function addDns(
  builder: RequestBuilder,
  rows: readonly DnsDelta[],
  subjects: Subjects,
  span: Span,
): void {
  for (const { cgroup, server, transport, failures, ...delta } of rows) {
    const { resource } = subjects.of(cgroup);
    const attributes: Attributes = {
      ...(server === undefined ? {} : { [PEER.address]: server }),
      [ATTRIBUTE.transport]: transport,
    };
    if (delta.count > 0n) {
      builder.record(resource, METRIC.dnsDuration, attributes, delta, span);
    }
    for (const [error, integer] of failures) {
      builder.add(
        resource,
        METRIC.dnsFailures,
        { ...attributes, [ATTRIBUTE.errorType]: error },
        { integer },
        span,
      );
    }
  }
}
