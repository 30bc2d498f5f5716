/** Words and numbers that attributes may hold: what no report could read is refused when it comes in. Pure. */
import {
  ATTRIBUTE,
  BLAME_KINDS,
  CONNECT_ERRORS,
  DNS_ERRORS,
  DROP_PLACES,
  IO_DIRECTIONS,
  METRIC,
  QUOTA_LEVELS,
  REQUEST_PARTS,
  REQUEST_ROLES,
  RETRANSMIT_CAUSES,
  type MetricName,
} from 'backstage-plugin-contention-common';
import { MalformedError, type Attributes } from '../otlp';

type Vocabulary = [key: string, words: readonly string[]];

const VOCABULARIES: readonly Vocabulary[] = [
  [ATTRIBUTE.culpritKind, BLAME_KINDS],
  [ATTRIBUTE.quotaLevel, QUOTA_LEVELS],
  [ATTRIBUTE.role, REQUEST_ROLES],
  [ATTRIBUTE.part, REQUEST_PARTS],
  [ATTRIBUTE.ioDirection, IO_DIRECTIONS],
  [ATTRIBUTE.retransmitCause, RETRANSMIT_CAUSES],
  [ATTRIBUTE.dropPlace, DROP_PLACES],
];

/** One key, other words in each metric. */
const VOCABULARIES_OF: Partial<Record<MetricName, readonly Vocabulary[]>> = {
  [METRIC.tcpConnectFailures]: [[ATTRIBUTE.errorType, CONNECT_ERRORS]],
  [METRIC.dnsFailures]: [[ATTRIBUTE.errorType, DNS_ERRORS]],
};

/** Attributes without which a point of a metric means nothing. */
const NEEDED: Partial<Record<MetricName, readonly string[]>> = {
  [METRIC.requestDuration]: [ATTRIBUTE.role],
  [METRIC.requestAnatomy]: [ATTRIBUTE.role, ATTRIBUTE.part, ATTRIBUTE.band],
  [METRIC.peerRequestDuration]: [ATTRIBUTE.role],
  [METRIC.tcpRtt]: [ATTRIBUTE.role],
  [METRIC.tcpConnect]: [ATTRIBUTE.role],
  [METRIC.tcpConnectFailures]: [ATTRIBUTE.role, ATTRIBUTE.errorType],
  [METRIC.tcpSegments]: [ATTRIBUTE.role, ATTRIBUTE.ioDirection],
  [METRIC.tcpRetransmits]: [ATTRIBUTE.role, ATTRIBUTE.retransmitCause],
  [METRIC.tcpResets]: [ATTRIBUTE.role, ATTRIBUTE.ioDirection],
  [METRIC.tcpZeroWindows]: [ATTRIBUTE.role, ATTRIBUTE.ioDirection],
  [METRIC.netQueueBlame]: [ATTRIBUTE.culpritKind],
  [METRIC.netReceiveBlame]: [ATTRIBUTE.culpritKind],
  [METRIC.netIo]: [ATTRIBUTE.ioDirection],
  [METRIC.netDrops]: [ATTRIBUTE.dropPlace],
  [METRIC.dnsFailures]: [ATTRIBUTE.errorType],
};

/** @throws MalformedError naming the attribute and what it may be */
export function checkVocabulary(
  metric: MetricName,
  attributes: Attributes,
  at: string,
): void {
  for (const key of NEEDED[metric] ?? []) {
    if (attributes[key] === undefined) {
      throw new MalformedError(`${at} has no ${key}`);
    }
  }
  const own = VOCABULARIES_OF[metric] ?? [];
  for (const [key, words] of [...VOCABULARIES, ...own]) {
    const value = attributes[key];
    if (value !== undefined && !words.some(known => known === value)) {
      throw new MalformedError(
        `${at} has ${key} '${value}'; known are ${words.join(', ')}`,
      );
    }
  }
  const band = attributes[ATTRIBUTE.band];
  if (band !== undefined && !isPowerOfTwo(Number(band))) {
    throw new MalformedError(
      `${at} has ${ATTRIBUTE.band} '${band}'; a band ends at a power of two of seconds`,
    );
  }
}

function isPowerOfTwo(value: number): boolean {
  return value > 0 && Number.isInteger(Math.log2(value));
}
