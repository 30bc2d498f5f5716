/** What `contention.ingest` and `contention.retention` in app-config mean, with their defaults (see config.d.ts). */
import type { Config } from '@backstage/config';
import { readDurationFromConfig } from '@backstage/config';
import { durationToMilliseconds } from '@backstage/types';
import type { DecodeLimits } from '../otlp';
import { DEFAULT_NAMES, type NameRetention, type Retention } from '../store';

export interface IngestSettings {
  /** Bytes on the wire. */
  maxBodyBytes: number;
  /** Bytes after decompression. */
  maxInflatedBytes: number;
  decode: DecodeLimits;
  /** Requests that may be worked on or wait at once; one more is told to come back. */
  maxConcurrent: number;
  /** A point may end this much in the future: clocks differ. */
  maxFutureMs: number;
  /** Cluster that a token's subject is bound to. */
  clusterOf: ReadonlyMap<string, string>;
  allowUnbound: boolean;
}

export function readRetention(config: Config): Retention {
  const duration = (key: string, hours: number) =>
    config.has(`contention.retention.${key}`)
      ? durationToMilliseconds(
          readDurationFromConfig(config, {
            key: `contention.retention.${key}`,
          }),
        )
      : hours * 3_600_000;
  const kept: Retention = {
    rawMs: duration('raw', 6),
    minuteMs: duration('minutes', 3 * 24),
    quarterMs: duration('quarters', 30 * 24),
  };
  if (!(kept.rawMs <= kept.minuteMs && kept.minuteMs <= kept.quarterMs)) {
    throw new Error(
      `contention.retention: raw must not be kept longer than minutes, nor minutes longer than quarters`,
    );
  }
  return kept;
}

/** How long the names of what ran are kept after its data: `contention.retention.names` and `.maxNames`. */
export function readNameRetention(config: Config): NameRetention {
  const key = 'contention.retention.names';
  const maxNames =
    config.getOptionalNumber('contention.retention.maxNames') ??
    DEFAULT_NAMES.maxNames;
  if (!(maxNames > 0)) {
    throw new Error('contention.retention.maxNames must be more than 0');
  }
  return {
    namesMs: config.has(key)
      ? durationToMilliseconds(readDurationFromConfig(config, { key }))
      : DEFAULT_NAMES.namesMs,
    maxNames,
  };
}

export function readIngestSettings(config: Config): IngestSettings {
  const ingest = config.getOptionalConfig('contention.ingest');
  const number = (key: string, fallback: number) => {
    const value = ingest?.getOptionalNumber(key) ?? fallback;
    if (!(value > 0)) {
      throw new Error(`contention.ingest.${key} must be more than 0`);
    }
    return value;
  };
  const clusterOf = new Map<string, string>();
  for (const binding of ingest?.getOptionalConfigArray('clusters') ?? []) {
    const subject = binding.getString('subject');
    if (clusterOf.has(subject)) {
      throw new Error(
        `contention.ingest.clusters binds '${subject}' more than once`,
      );
    }
    clusterOf.set(subject, binding.getString('cluster'));
  }
  return {
    maxBodyBytes: number('maxBodyBytes', 4 * 1024 * 1024),
    maxInflatedBytes: number('maxInflatedBytes', 32 * 1024 * 1024),
    decode: {
      maxPoints: number('maxPoints', 100_000),
      maxAttributes: number('maxAttributes', 64),
      maxAttributeLength: number('maxAttributeLength', 1024),
      maxBuckets: 1024,
    },
    maxConcurrent: number('maxConcurrent', 8),
    maxFutureMs: 10 * 60_000,
    clusterOf,
    allowUnbound: ingest?.getOptionalBoolean('allowUnbound') ?? false,
  };
}
