/**
 * Freezing: asks for every report that the tabs show, with every name in it, and puts them into one record. Knows reports
 * and records; refuses to know who may freeze, and where records are kept.
 */
import type { Entity } from '@backstage/catalog-model';
import {
  EVIDENCE_SCHEMA_VERSION,
  type EvidenceContent,
  type EvidenceOrigin,
  type EvidencePerson,
  type EvidenceReports,
  type Resource,
} from 'backstage-plugin-contention-common';
import { version } from '../../package.json';
import type { EntityDirectory } from '../attribution';
import {
  buildDiagnosis,
  buildLatency,
  buildNeighbours,
  buildThrottling,
  type ReportRequest,
} from '../reports';
import type { KnownServices } from '../kubernetes';
import { buildPeers, type PeersContext } from '../reports/peers';
import type { Store } from '../store';
import { datedText } from './redact';
import { seal, type SealedRecord } from './record';

export interface FreezeRequest {
  entity: Entity;
  fromMs: number;
  toMs: number;
  cluster?: string;
  title?: string;
  note?: string;
  incidentUrl?: string;
  origin: EvidenceOrigin;
  createdBy: EvidencePerson;
  nowMs: number;
}

/** There is nothing in the range that could be frozen; the message says why. */
export class NothingToFreezeError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NothingToFreezeError';
  }
}

/**
 * A record is of a range that is over, whenever that was: its sentences have both ends and no present tense, as if they had
 * been asked for this long after the range.
 */
const AFTERWARDS_MS = 2 * 60_000;

/** @throws NothingToFreezeError where the range has no data of the entity */
export async function freeze(
  {
    store,
    directory,
    services,
  }: { store: Store; directory: EntityDirectory; services: KnownServices },
  request: FreezeRequest,
): Promise<SealedRecord> {
  const { entity, fromMs, toMs, cluster, nowMs } = request;
  const context: PeersContext = {
    store,
    directory,
    services,
    // Everybody: each reader gets to see what that reader may (see redact.ts).
    visible: async refs => new Set(refs),
    readable: async refs => new Set(refs),
  };
  const report: ReportRequest = {
    entity,
    claim: directory.claimOfEntity(entity),
    fromMs,
    toMs,
    cluster,
    nowMs: Math.max(nowMs, toMs + AFTERWARDS_MS),
  };
  const diagnosis = await buildDiagnosis(context, report);
  if (diagnosis.status.state !== 'ok') {
    throw new NothingToFreezeError(datedText(diagnosis.verdict.sentence));
  }
  const latencyOf = (role: 'server' | 'client') =>
    buildLatency(context, report, { role });
  const neighboursOf = async (resource: Resource) => ({
    suffered: await buildNeighbours(context, report, 'suffered', resource),
    caused: await buildNeighbours(context, report, 'caused', resource),
  });
  // One after the other: nobody waits for a record as for a page.
  const reports: EvidenceReports = {
    diagnosis,
    latency: {
      server: await latencyOf('server'),
      client: await latencyOf('client'),
    },
    throttling: await buildThrottling(context, report),
    neighbours: {
      ...(await neighboursOf('cpu')),
      network: await neighboursOf('network'),
    },
    peers: await buildPeers(context, report),
  };
  return seal(contentOf(request, reports));
}

function contentOf(
  request: FreezeRequest,
  reports: EvidenceReports,
): EvidenceContent {
  const { fromMs, toMs, cluster, note, incidentUrl, origin } = request;
  const { entity } = reports.diagnosis;
  return {
    schemaVersion: EVIDENCE_SCHEMA_VERSION,
    entity,
    range: { from: fromMs, to: toMs },
    cluster,
    title: request.title ?? titleOf(entity.title, fromMs, toMs),
    note,
    incidentUrl,
    origin,
    createdAt: request.nowMs,
    createdBy: request.createdBy,
    software: { name: 'backstage-plugin-contention-backend', version },
    reports: timeless(reports),
  };
}

function titleOf(name: string, fromMs: number, toMs: number): string {
  const text = (ms: number) =>
    new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
  const [from, to] = [text(fromMs), text(toMs)];
  const sameDay = from.slice(0, 10) === to.slice(0, 10);
  const range = ` ${from} to ${sameDay ? to.slice(11) : to} UTC`;
  return `${name.slice(0, 150)}${range}`;
}

/** As JSON knows it (no `undefined`), and without the age of data, which is of the moment of asking. */
function timeless(reports: EvidenceReports): EvidenceReports {
  return JSON.parse(
    JSON.stringify(reports, (key, value) =>
      key === 'freshness' ? { ...value, ageSeconds: undefined } : value,
    ),
  );
}
