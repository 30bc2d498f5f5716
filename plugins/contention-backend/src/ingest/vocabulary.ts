/** Words and numbers that attributes may hold: what no report could read is refused when it comes in. Pure. */
import {
  ATTRIBUTE,
  BLAME_KINDS,
  METRIC,
  QUOTA_LEVELS,
  REQUEST_PARTS,
  REQUEST_ROLES,
  type MetricName,
} from 'backstage-plugin-contention-common';
import { MalformedError, type Attributes } from '../otlp';

const VOCABULARIES: [key: string, words: readonly string[]][] = [
  [ATTRIBUTE.culpritKind, BLAME_KINDS],
  [ATTRIBUTE.quotaLevel, QUOTA_LEVELS],
  [ATTRIBUTE.role, REQUEST_ROLES],
  [ATTRIBUTE.part, REQUEST_PARTS],
];

/** Attributes without which a point of a metric means nothing. */
const NEEDED: Partial<Record<MetricName, readonly string[]>> = {
  [METRIC.requestDuration]: [ATTRIBUTE.role],
  [METRIC.requestAnatomy]: [ATTRIBUTE.role, ATTRIBUTE.part, ATTRIBUTE.band],
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
  for (const [key, words] of VOCABULARIES) {
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
