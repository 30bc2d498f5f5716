/**
 * The backend, played from fixtures: four services with a story of their own, and one entity for each state that can
 * stand in the way of data. Its clock can be set, for tests.
 */
import type {
  DiagnosisReport,
  Direction,
  ReportRequest,
  ReportState,
} from 'backstage-plugin-contention-common';
import type { ContentionApi } from '../api';
import type { ReportBase } from '../report/ReportPage';
import type { Range } from './base';
import { coverageOf } from './coverage';
import { EvidenceShelf } from './evidence/EvidenceShelf';
import { FixtureResponseError } from './FixtureResponseError';
import { fastLatency, emptyLatency, slowLatency } from './latency';
import { markersOf } from './markers';
import {
  batchReportNeighbours,
  calmNeighbours,
  checkoutNeighbours,
  emptyNeighbours,
  heldUpValues,
  inventoryNeighbours,
} from './neighbours';
import { queuesOf } from './network';
import { resolveAnswer } from './resolve';
import { queuesOfNode } from './nodeQueues';
import { nodeAt, nodesAt } from './nodes';
import { calmPeers, lossyPeers, noPeers } from './peers';
import { pairsOf, queuePairsOf } from './rollup';
import { emptyThrottling, notThrottled, throttled } from './throttling';

export { FixtureResponseError };

const HOUR_MS = 3_600_000;

export class FixtureContentionApi implements ContentionApi {
  private readonly clock: () => number;
  private readonly answered = new Set<string>();
  private readonly shelf: EvidenceShelf;

  constructor(options: { clock?: () => number } = {}) {
    this.clock = options.clock ?? Date.now;
    this.shelf = new EvidenceShelf({
      reportsAt: atMs => new FixtureContentionApi({ clock: () => atMs }),
      clock: this.clock,
    });
  }

  neighbours: ContentionApi['neighbours'] = async (ref, request, options) => {
    const direction: Direction = options?.direction ?? 'suffered';
    const { name, range } = await this.question(ref, request, options?.signal);
    const now = this.clock();
    const status = this.statusOf(name, range);
    if (status.state !== 'ok') {
      return { ...emptyNeighbours(name, range, direction), status };
    }
    if (options?.resource === 'network') {
      return this.told(name, queuesOf(name, range, direction, now));
    }
    switch (name) {
      case 'checkout':
      case 'reviews':
      case 'shipping':
      case 'media':
      case 'flaky':
      case 'newcomer':
        return this.told(name, checkoutNeighbours(range, direction, now));
      case 'batch-report':
        return batchReportNeighbours(range, direction, now);
      case 'inventory':
        return this.told(name, inventoryNeighbours(range, direction));
      default:
        return calmNeighbours(name, range, direction);
    }
  };

  throttling: ContentionApi['throttling'] = async (ref, request, options) => {
    const { name, range } = await this.question(ref, request, options?.signal);
    const status = this.statusOf(name, range);
    if (status.state !== 'ok') {
      return { ...emptyThrottling(name, range), status };
    }
    return this.told(
      name,
      name === 'inventory' ? throttled(range) : notThrottled(name, range),
    );
  };

  latency: ContentionApi['latency'] = async (ref, request, options) => {
    const { name, range } = await this.question(ref, request, options?.signal);
    const status = this.statusOf(name, range);
    if (status.state !== 'ok') {
      return { ...emptyLatency(name, range), status };
    }
    const now = this.clock();
    const report =
      name === 'checkout'
        ? slowLatency(range, now, options)
        : fastLatency(name, range, now, options);
    return this.told(name, report);
  };

  peers: ContentionApi['peers'] = async (ref, request, options) => {
    const { name, range } = await this.question(ref, request, options?.signal);
    if (this.statusOf(name, range).state !== 'ok') {
      return noPeers(name, range, 'not-measured');
    }
    switch (name) {
      case 'checkout':
        return lossyPeers(range);
      case 'mail-relay':
        return noPeers(name, range, 'not-measured');
      case 'feedback':
        return noPeers(name, range, 'none');
      case 'newcomer':
        throw new FixtureResponseError(502, 'Bad gateway', 'e4da3b7f-bbce');
      case 'shipping':
        return {
          ...lossyPeers(range),
          problems: [
            {
              what: 'Services of demo',
              detail:
                'They could not be read (the Kubernetes plugin answered 403): connections to them show an address instead of a name.',
            },
          ],
        };
      default:
        return calmPeers(name, range);
    }
  };

  resolve: ContentionApi['resolve'] = async question => {
    if (question.at && Number.isNaN(Date.parse(question.at))) {
      throw new FixtureResponseError(400, `at: '${question.at}' is no time`);
    }
    return resolveAnswer(question, this.clock());
  };

  diagnosis: ContentionApi['diagnosis'] = async (ref, request, options) => {
    const neighbours = await this.neighbours(ref, request, options);
    const { name, range } = await this.question(ref, request, options?.signal);
    const queues =
      name === 'orders'
        ? queuesOf(name, range, 'suffered', this.clock())
        : undefined;
    const worst =
      name === 'inventory' ? throttled(range) : (queues ?? neighbours);
    const { entity, clusters, status, freshness, confidence, problems } =
      neighbours;
    const { axis, markers } = neighbours;
    const report: DiagnosisReport = {
      entity,
      range,
      clusters,
      status,
      freshness,
      confidence,
      problems,
      axis,
      markers,
      verdict: status.state === 'ok' ? worst.verdict : neighbours.verdict,
      tab: name === 'inventory' ? 'throttling' : 'neighbours',
      ...(queues?.network
        ? { valuesOf: 'queue-p99', values: queues.network.p99Values }
        : { valuesOf: 'held-share', values: heldUpValues(neighbours) }),
    };
    return report;
  };

  createEvidence: ContentionApi['createEvidence'] = (...call) =>
    this.shelf.createEvidence(...call);

  evidence: ContentionApi['evidence'] = (...call) =>
    this.shelf.evidence(...call);

  evidenceFile: ContentionApi['evidenceFile'] = (...call) =>
    this.shelf.evidenceFile(...call);

  evidenceOf: ContentionApi['evidenceOf'] = (...call) =>
    this.shelf.evidenceOf(...call);

  evidenceSeen: ContentionApi['evidenceSeen'] = (...call) =>
    this.shelf.evidenceSeen(...call);

  replyToEvidence: ContentionApi['replyToEvidence'] = (...call) =>
    this.shelf.replyToEvidence(...call);

  deleteEvidence: ContentionApi['deleteEvidence'] = (...call) =>
    this.shelf.deleteEvidence(...call);

  nodes: ContentionApi['nodes'] = async (request, filter) =>
    nodesAt(this.rangeOf(request), request?.cluster, filter, this.clock());

  node: ContentionApi['node'] = async (place, request, options) => {
    const now = this.clock();
    const report = nodeAt(place, this.rangeOf(request), now);
    return options?.resource === 'network'
      ? queuesOfNode(report, options.interfaceName, now)
      : report;
  };

  private rangeOf(request: ReportRequest | undefined): Range {
    const to = request?.to ?? this.clock();
    const lengthMs = (request?.lastSeconds ?? HOUR_MS / 1000) * 1000;
    return { from: request?.from ?? to - lengthMs, to };
  }

  pairs: ContentionApi['pairs'] = async (ref, request, options) => {
    const { range } = await this.question(ref, request, options?.signal);
    const direction: Direction = options?.direction ?? 'suffered';
    const ask = options?.resource === 'network' ? queuePairsOf : pairsOf;
    return ask(ref, range, direction, this.clock());
  };

  coverage: ContentionApi['coverage'] = async request => {
    const to = this.clock();
    const lengthMs = (request?.lastSeconds ?? (24 * HOUR_MS) / 1000) * 1000;
    return coverageOf({ from: to - lengthMs, to });
  };

  /** A report that stands, with what changed and with what is wrong with its data. */
  private told<R extends ReportBase>(name: string, report: R): R {
    const markers = markersOf(name, report.range, this.clock());
    return withTrouble(name, { ...report, markers });
  }

  private async question(
    entityRef: string,
    request: ReportRequest | undefined,
    signal: AbortSignal | undefined,
  ): Promise<{ name: string; range: Range }> {
    const name = entityRef.split('/')[1];
    const to = request?.to ?? this.clock();
    const lengthMs = (request?.lastSeconds ?? HOUR_MS / 1000) * 1000;
    const range = { from: request?.from ?? to - lengthMs, to };
    if (name === 'payments') {
      throw new FixtureResponseError(403, 'Unauthorized');
    }
    if (name === 'recommendations') {
      throw new FixtureResponseError(
        503,
        'The store does not answer: SQLITE_BUSY: database is locked',
        '8f14e45f-ceea-467f-a0e6-1e6f2c9c1b52',
      );
    }
    if (name === 'flaky' && this.answered.has(name)) {
      throw new FixtureResponseError(502, 'Bad gateway', 'c9f0f895-fb98');
    }
    if (name === 'slow') {
      await new Promise((_, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason));
      });
    }
    this.answered.add(name);
    return { name, range };
  }

  private statusOf(name: string, range: Range): ReportState {
    const now = this.clock();
    const keptSince = now - 30 * 24 * HOUR_MS;
    switch (name) {
      case 'legacy-billing':
        return {
          state: 'not-annotated',
          yaml: 'metadata:\n  annotations:\n    backstage.io/kubernetes-id: legacy-billing\n',
        };
      case 'ghost':
        return {
          state: 'no-pods',
          lookedFor: [
            'pods with the label backstage.io/kubernetes-id=ghost',
            'in every namespace',
            'in every cluster',
          ],
          agents: [
            { cluster: 'demo', node: 'node-a', lastSeen: now - 8_000 },
            { cluster: 'demo', node: 'node-b', lastSeen: now - 11_000 },
          ],
        };
      case 'archive':
        return {
          state: 'no-data',
          nearest: { from: now - 27 * HOUR_MS, to: now - 26 * HOUR_MS },
          ...(range.to < keptSince && { keptSince }),
        };
      default:
        return { state: 'ok' };
    }
  }
}

/** What is wrong with the data of some entities, on top of a report that stands. */
function withTrouble<R extends ReportBase>(name: string, report: R): R {
  switch (name) {
    case 'reviews':
      return {
        ...cutOff(report, report.range.to - 14 * 60_000),
        freshness: {
          newest: report.range.to - 14 * 60_000,
          ageSeconds: 840,
          stale: true,
          staleNodes: [
            {
              cluster: 'demo',
              node: 'node-a',
              lastSeen: report.range.to - 14 * 60_000,
            },
          ],
        },
      };
    case 'shipping':
      return {
        ...report,
        problems: [
          {
            what: 'Owners',
            detail:
              'the catalog did not answer in time; names are shown without owners',
          },
        ],
        freshness: {
          ...report.freshness,
          staleNodes: [
            {
              cluster: 'demo',
              node: 'node-b',
              lastSeen: report.range.to - 9 * 60_000,
            },
          ],
        },
        confidence: {
          ...report.confidence,
          unattributedShare: 0.051,
          lostEvents: 1_240,
          losses: [
            {
              repaired: false,
              text: '1,240 waits were longer than the log of who ran: their oldest part is not known.',
            },
          ],
          missing: ['node-b has no BTF: its waits are estimated'],
          notes: ['2 windows of node-b arrived late and are included'],
        },
      };
    case 'newcomer':
      return begunAt(report, report.range.to - 6 * 60_000);
    case 'media':
      return { ...report, clusters: ['demo', 'eu-west-1'] };
    default:
      return report;
  }
}

/** Without the windows that begin after a moment, as when an agent went quiet: every list of values ends there. */
function cutOff<R extends ReportBase>(report: R, atMs: number): R {
  const windows = report.axis.startsMs.length;
  const kept = report.axis.startsMs.filter(start => start < atMs).length;
  return JSON.parse(JSON.stringify(report), (_, value) =>
    Array.isArray(value) && value.length === windows && windows > 0
      ? value.slice(0, kept)
      : value,
  );
}

/** Without data before a moment: null in every list of values. */
function begunAt<R extends ReportBase>(report: R, atMs: number): R {
  const { startsMs } = report.axis;
  const blank = (value: unknown, index: number) =>
    startsMs[index] < atMs ? null : value;
  const axis = report.axis;
  const copy = JSON.parse(JSON.stringify(report), (key, value) =>
    Array.isArray(value) &&
    value.length === startsMs.length &&
    key !== 'startsMs'
      ? value.map(blank)
      : value,
  );
  return { ...copy, axis };
}
