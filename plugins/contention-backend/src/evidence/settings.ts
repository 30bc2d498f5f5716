/** What `contention.evidence` in app-config means, with its defaults (see config.d.ts). */
import { readDurationFromConfig, type Config } from '@backstage/config';
import { durationToMilliseconds } from '@backstage/types';

export interface EvidenceSettings {
  /** Bytes of one record as it is stored, compressed. */
  maxRecordBytes: number;
  /** Replies to one record. */
  maxReplies: number;
  automatic: {
    /** Freeze ranges whose links are opened. */
    links: boolean;
    /** Automatic records of one entity; the oldest go first. */
    maxPerEntity: number;
    /** Ranges of one entity that may wait for their turn. */
    maxWaiting: number;
    /** How long after a range has ended: agents send every 10 s, and roll-ups take a minute. */
    settleMs: number;
    /** How much before and after the moment of an alert is frozen. */
    beforeMs: number;
    afterMs: number;
  };
}

const MINUTE_MS = 60_000;

export function readEvidenceSettings(config: Config): EvidenceSettings {
  const evidence = config.getOptionalConfig('contention.evidence');
  const number = (key: string, fallback: number) => {
    const value = evidence?.getOptionalNumber(key) ?? fallback;
    if (!(value > 0)) {
      throw new Error(`contention.evidence.${key} must be more than 0`);
    }
    return value;
  };
  const duration = (key: string, fallbackMs: number) =>
    evidence?.has(key)
      ? durationToMilliseconds(readDurationFromConfig(evidence, { key }))
      : fallbackMs;
  return {
    maxRecordBytes: number('maxRecordBytes', 2 * 1024 * 1024),
    maxReplies: number('maxReplies', 100),
    automatic: {
      links: evidence?.getOptionalBoolean('automatic.links') ?? true,
      maxPerEntity: number('automatic.maxPerEntity', 50),
      maxWaiting: number('automatic.maxWaiting', 20),
      settleMs: duration('automatic.settle', 2 * MINUTE_MS),
      beforeMs: duration('automatic.before', 60 * MINUTE_MS),
      afterMs: duration('automatic.after', 15 * MINUTE_MS),
    },
  };
}
