/** Freezes what the fixtures show, as the backend would. */
import type {
  Evidence,
  EvidenceReply,
  EvidenceReports,
} from 'backstage-plugin-contention-common';
import type { Reports } from '../../report/ReportSource';
import type { Range } from '../base';
import { entityLink } from '../parties';

const HOUR_MS = 3_600_000;

/** 64 hex digits that are always the same for the same text; no real hash. */
function hashOf(text: string): string {
  let state = 0x811c9dc5;
  let digits = '';
  while (digits.length < 64) {
    for (const character of `${text}${digits.length}`) {
      state = Math.imul(state ^ character.charCodeAt(0), 0x01000193) >>> 0;
    }
    digits += state.toString(16).padStart(8, '0');
  }
  return digits;
}

export async function reportsOf(
  reports: Reports,
  entityRef: string,
  range: Range,
): Promise<EvidenceReports> {
  return {
    diagnosis: await reports.diagnosis(entityRef, range),
    latency: {
      server: await reports.latency(entityRef, range, { role: 'server' }),
      client: await reports.latency(entityRef, range, { role: 'client' }),
    },
    throttling: await reports.throttling(entityRef, range),
    neighbours: {
      suffered: await reports.neighbours(entityRef, range, {
        direction: 'suffered',
      }),
      caused: await reports.neighbours(entityRef, range, {
        direction: 'caused',
      }),
      network: {
        suffered: await reports.neighbours(entityRef, range, {
          direction: 'suffered',
          resource: 'network',
        }),
        caused: await reports.neighbours(entityRef, range, {
          direction: 'caused',
          resource: 'network',
        }),
      },
    },
    peers: await reports.peers?.(entityRef, range),
  };
}

export interface RecordOptions {
  id?: string;
  entityRef: string;
  range: Range;
  createdAt: number;
  about?: Partial<Evidence>;
}

export async function recordOf(
  reports: Reports,
  options: RecordOptions,
): Promise<Evidence> {
  const { entityRef, range, createdAt, about } = options;
  const hash = hashOf(`${entityRef} ${range.from} ${createdAt}`);
  const frozen = await reportsOf(reports, entityRef, range);
  const { entity, verdict } = frozen.diagnosis;
  return {
    id: options.id ?? hash.slice(0, 32),
    hash,
    schemaVersion: 1,
    entity,
    range,
    title: `${entity.title}, the last hour`,
    origin: 'manual',
    createdAt,
    createdBy: { entityRef: 'user:default/amelia', title: 'Amelia Park' },
    software: { name: 'backstage-plugin-contention-backend', version: '0.1.0' },
    reports: frozen,
    verdict,
    replies: [],
    replyCount: 0,
    integrity: { state: 'intact' },
    redacted: false,
    entityExists: true,
    mayReplyFor: [],
    mayDelete: false,
    ...about,
  };
}

/** The hour that ended so many days ago. */
export function hourOf(nowMs: number, daysAgo: number): Range {
  const to = nowMs - daysAgo * 24 * HOUR_MS;
  return { from: to - HOUR_MS, to };
}

export function replyFor(
  record: Pick<Evidence, 'hash'>,
  name: string,
  team: string,
  at: number,
  text: string,
): EvidenceReply {
  const hash = hashOf(`${record.hash} ${text}`);
  return {
    id: hash.slice(0, 32),
    at,
    by: { entityRef: 'user:default/nikolai', title: 'Nikolai Brandt' },
    onBehalfOf: entityLink(name, team),
    text,
    previous: record.hash,
    hash,
  };
}
