/** The evidence calls of the backend, played: freezes what the fixtures show, keeps it as long as the page is open. */
import type {
  Evidence,
  EvidenceHead,
  EvidenceSeenRequest,
} from 'backstage-plugin-contention-common';
import type { ContentionApi } from '../../api';
import type { Reports } from '../../report/ReportSource';
import { FixtureResponseError } from '../FixtureResponseError';
import { recordOf, replyFor } from './record';
import { EVIDENCE_IDS, storyRecords } from './stories';

type EvidenceCalls = Pick<
  ContentionApi,
  | 'createEvidence'
  | 'evidence'
  | 'evidenceFile'
  | 'evidenceOf'
  | 'evidenceSeen'
  | 'replyToEvidence'
  | 'deleteEvidence'
>;

/** Who looks at the fixtures. */
const ME = { entityRef: 'user:default/guest', title: 'Guest' };

/** May not be frozen by this reader. */
const NOT_TO_BE_FROZEN = 'component:default/search';

export class EvidenceShelf implements EvidenceCalls {
  private readonly reportsAt: (atMs: number) => Reports;
  private readonly clock: () => number;
  private stored?: Promise<Evidence[]>;
  private readonly opened = new Set<string>();

  constructor(options: {
    reportsAt: (atMs: number) => Reports;
    clock: () => number;
  }) {
    this.reportsAt = options.reportsAt;
    this.clock = options.clock;
  }

  createEvidence: EvidenceCalls['createEvidence'] = async request => {
    const { entityRef, title, note, incidentUrl } = request;
    if (incidentUrl && !/^https?:/.test(incidentUrl)) {
      throw new FixtureResponseError(
        400,
        'an incident URL begins with http:// or https://',
      );
    }
    const record = await recordOf(this.reportsAt(this.clock()), {
      entityRef,
      range: { from: Number(request.from), to: Number(request.to) },
      createdAt: this.clock(),
      about: { title: title ?? entityRef, note, incidentUrl, createdBy: ME },
    });
    (await this.records()).push({ ...record, mayDelete: true });
    return headOf(record);
  };

  evidence: EvidenceCalls['evidence'] = async (id, options) => {
    if (id === EVIDENCE_IDS.forbidden) {
      throw new FixtureResponseError(403, 'Unauthorized');
    }
    if (id === EVIDENCE_IDS.failed) {
      throw new FixtureResponseError(
        503,
        'The store does not answer: SQLITE_BUSY: database is locked',
        '4b227777-d4dd-1fc6-1c6f-884f48641d02',
      );
    }
    if (id === EVIDENCE_IDS.slow) {
      await new Promise((_, reject) => {
        options?.signal?.addEventListener('abort', () =>
          reject(options.signal?.reason),
        );
      });
    }
    return this.find(id);
  };

  evidenceFile: EvidenceCalls['evidenceFile'] = async (id, format) => {
    const record = await this.find(id);
    return new Blob([
      format === 'json' ? JSON.stringify(record) : `# ${record.title}\n`,
    ]);
  };

  evidenceOf: EvidenceCalls['evidenceOf'] = async (entityRef, filter = {}) => {
    const { from = -Infinity, to = Infinity, limit = 50, offset = 0 } = filter;
    const fitting = (await this.records())
      .filter(record => record.entity.entityRef === entityRef)
      .filter(({ range }) => range.from < to && range.to > from)
      .sort((a, b) => b.createdAt - a.createdAt);
    return {
      items: fitting.slice(offset, offset + limit).map(headOf),
      total: fitting.length,
      mayCreate: entityRef !== NOT_TO_BE_FROZEN,
    };
  };

  /** Is frozen when it is asked about for the second time. */
  evidenceSeen: EvidenceCalls['evidenceSeen'] = async request => {
    const { entityRef, from, to } = request;
    const key = JSON.stringify([entityRef, from, to]);
    if (!this.opened.has(key)) {
      this.opened.add(key);
      return { state: 'pending' };
    }
    return { state: 'frozen', id: await this.frozenLink(request) };
  };

  replyToEvidence: EvidenceCalls['replyToEvidence'] = async (id, request) => {
    const record = await this.find(id);
    const on = record.mayReplyFor.find(
      ({ entityRef }) => entityRef === request.onBehalfOf,
    );
    if (!on) throw new FixtureResponseError(403, 'Unauthorized');
    const reply = {
      ...replyFor(record, on.title, 'data', this.clock(), request.text),
      by: ME,
      onBehalfOf: on,
    };
    record.replies = [...record.replies, reply];
    record.replyCount += 1;
    return reply;
  };

  deleteEvidence: EvidenceCalls['deleteEvidence'] = async id => {
    const gone = await this.find(id);
    this.stored = Promise.resolve(
      (await this.records()).filter(record => record !== gone),
    );
  };

  private async frozenLink(request: EvidenceSeenRequest): Promise<string> {
    const { entityRef, from, to } = request;
    const { id } = await this.createEvidence({
      entityRef,
      from,
      to,
      title: 'Opened link',
    });
    const record = await this.find(id);
    record.origin = 'link';
    return id;
  }

  private async find(id: string): Promise<Evidence> {
    const record = (await this.records()).find(known => known.id === id);
    if (!record) throw new FixtureResponseError(404, 'There is no such record');
    return record;
  }

  private records(): Promise<Evidence[]> {
    this.stored ??= storyRecords(this.reportsAt, this.clock());
    return this.stored;
  }
}

function headOf(record: Evidence): EvidenceHead {
  const { reports, replies, integrity, redacted, ...rest } = record;
  const { entityExists, mayReplyFor, mayDelete, ...head } = rest;
  return head;
}
