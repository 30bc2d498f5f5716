/**
 * The REST interface as typed calls. Knows the paths and the schemas; refuses to know where the backend lives (the
 * fetch API resolves `plugin://`) and who is asking (the fetch API adds the token).
 */
import { ResponseError } from '@backstage/errors';
import type { z } from 'zod';
import type { RequestRole } from '../metrics';
import {
  coverageReportSchema,
  diagnosisReportSchema,
  evidenceHeadSchema,
  evidenceListSchema,
  evidenceReplySchema,
  evidenceSchema,
  evidenceSeenSchema,
  latencyReportSchema,
  neighboursReportSchema,
  nodeReportSchema,
  nodesReportSchema,
  pairsReportSchema,
  peersReportSchema,
  resolveAnswerSchema,
  throttlingReportSchema,
  type CoverageReport,
  type DiagnosisReport,
  type Direction,
  type Evidence,
  type EvidenceHead,
  type EvidenceList,
  type EvidenceReply,
  type EvidenceReplyRequest,
  type EvidenceRequest,
  type EvidenceSeen,
  type EvidenceSeenRequest,
  type LatencyReport,
  type NeighboursReport,
  type NodeQuestion,
  type NodeReport,
  type NodesFilter,
  type NodesReport,
  type PairsReport,
  type PeersReport,
  type ResolveAnswer,
  type Resource,
  type ResolveKey,
  type ThrottlingReport,
} from '../schema';

/** What `fetchApiRef` of both frontend systems gives: a fetch that understands `plugin://<pluginId>/...`. */
export interface FetchLike {
  fetch(input: string, init?: RequestInit): Promise<Response>;
}

/**
 * A range, fixed (`from`, `to`) or up to now (`lastSeconds`), and, where several clusters have data, one of them. All
 * optional: the backend answers the last hour.
 */
export interface ReportRequest {
  /** Epoch milliseconds. */
  from?: number;
  /** Epoch milliseconds. */
  to?: number;
  /** Up to now by the backend's clock, seconds; not together with `from` or `to`. */
  lastSeconds?: number;
  /** Width of a window, seconds; the store rounds up to what it has. */
  stepSeconds?: number;
  cluster?: string;
}

export interface CallOptions {
  signal?: AbortSignal;
}

export interface NeighboursOptions extends CallOptions {
  direction?: Direction;
  resource?: Resource;
}

/** What is asked of one node: see `nodeQuestionSchema`. */
export interface NodeOptions extends CallOptions, Partial<NodeQuestion> {}

/** Which requests the latency report is of; times are epoch milliseconds. See `latencyQuerySchema`. */
export interface LatencyOptions extends CallOptions {
  role?: RequestRole;
  selectFrom?: number;
  selectTo?: number;
  bandFromSeconds?: number;
  bandToSeconds?: number;
}

export type EvidenceFormat = 'md' | 'json' | 'svg';

/** Which records of an entity: those that overlap a range (epoch milliseconds), or all; newest or most overlap first. */
export interface EvidenceFilter {
  from?: number;
  to?: number;
  cluster?: string;
  limit?: number;
  offset?: number;
}

/** Who and when, as text in whatever form a tool prints it. */
export type ResolveQuestion = Partial<
  Record<ResolveKey | 'at' | 'from' | 'to', string>
>;

/** The backend answered something that is no report: usually a frontend and a backend of different versions. */
export class UnexpectedAnswerError extends Error {
  constructor(path: string, detail: string) {
    super(
      `The contention backend answered ${path} in a form this page does not know (${detail}). ` +
        `Are both plugins of the same version?`,
    );
    this.name = 'UnexpectedAnswerError';
  }
}

/**
 * Calls the contention backend.
 *
 * Every method throws `ResponseError` (with `statusCode`) when the backend answers with an error, `UnexpectedAnswerError`
 * when the answer does not fit the schema, and what the fetch API throws when there is no answer at all.
 */
export class ContentionClient {
  private readonly fetchApi: FetchLike;

  constructor(options: { fetchApi: FetchLike }) {
    this.fetchApi = options.fetchApi;
  }

  /** Who hurts this entity, or whom it hurts. `entityRef` is full, e.g. `component:default/checkout`. */
  neighbours(
    entityRef: string,
    request: ReportRequest = {},
    options: NeighboursOptions = {},
  ): Promise<NeighboursReport> {
    const { direction, resource, signal } = options;
    return this.get(neighboursReportSchema, entityRef, 'neighbours', signal, {
      ...queryOf(request),
      direction,
      resource,
    });
  }

  /** Which quota stopped this entity. */
  throttling(
    entityRef: string,
    request: ReportRequest = {},
    options: CallOptions = {},
  ): Promise<ThrottlingReport> {
    return this.get(
      throttlingReportSchema,
      entityRef,
      'throttling',
      options.signal,
      queryOf(request),
    );
  }

  /** How long requests of this entity took, and what the slow ones were made of. */
  latency(
    entityRef: string,
    request: ReportRequest = {},
    options: LatencyOptions = {},
  ): Promise<LatencyReport> {
    return this.get(latencyReportSchema, entityRef, 'latency', options.signal, {
      ...queryOf(request),
      role: options.role,
      selectFrom: options.selectFrom?.toString(),
      selectTo: options.selectTo?.toString(),
      bandFrom: options.bandFromSeconds?.toString(),
      bandTo: options.bandToSeconds?.toString(),
    });
  }

  /** Whom this entity calls, who calls it, and how connections with them fare. */
  peers(
    entityRef: string,
    request: ReportRequest = {},
    options: CallOptions = {},
  ): Promise<PeersReport> {
    return this.get(
      peersReportSchema,
      entityRef,
      'peers',
      options.signal,
      queryOf(request),
    );
  }

  /** One verdict and one spark line: the overview card. */
  diagnosis(
    entityRef: string,
    request: ReportRequest = {},
    options: CallOptions = {},
  ): Promise<DiagnosisReport> {
    return this.get(
      diagnosisReportSchema,
      entityRef,
      'diagnosis',
      options.signal,
      queryOf(request),
    );
  }

  /** Freezes everything the tabs show for an entity and a range. */
  createEvidence(
    request: EvidenceRequest,
    options: CallOptions = {},
  ): Promise<EvidenceHead> {
    return this.call(evidenceHeadSchema, '/v1/evidence', {
      method: 'POST',
      body: request,
      signal: options.signal,
    });
  }

  /** Says that a link with a fixed range was opened, so that the backend can freeze it. Answers at once. */
  evidenceSeen(
    request: EvidenceSeenRequest,
    options: CallOptions = {},
  ): Promise<EvidenceSeen> {
    return this.call(evidenceSeenSchema, '/v1/evidence/seen', {
      method: 'POST',
      body: request,
      signal: options.signal,
    });
  }

  /** One frozen record, as the reader may see it. */
  evidence(id: string, options: CallOptions = {}): Promise<Evidence> {
    return this.call(evidenceSchema, evidencePath(id), options);
  }

  /** A frozen record as a file to keep: Markdown, JSON or a picture. */
  async evidenceFile(
    id: string,
    format: EvidenceFormat,
    options: CallOptions = {},
  ): Promise<Blob> {
    const response = await this.send(`${evidencePath(id)}.${format}`, {
      signal: options.signal,
      accept: '*/*',
    });
    return response.blob();
  }

  /** The frozen records of an entity, whether or not the catalog still has it. */
  evidenceOf(
    entityRef: string,
    filter: EvidenceFilter = {},
    options: CallOptions = {},
  ): Promise<EvidenceList> {
    return this.get(evidenceListSchema, entityRef, 'evidence', options.signal, {
      from: filter.from?.toString(),
      to: filter.to?.toString(),
      cluster: filter.cluster,
      limit: filter.limit?.toString(),
      offset: filter.offset?.toString(),
    });
  }

  /** Appends a note in the name of an accused entity; `mayReplyFor` of the record says of which. */
  replyToEvidence(
    id: string,
    request: EvidenceReplyRequest,
    options: CallOptions = {},
  ): Promise<EvidenceReply> {
    return this.call(evidenceReplySchema, `${evidencePath(id)}/replies`, {
      method: 'POST',
      body: request,
      signal: options.signal,
    });
  }

  /** Deletes a record and its replies, for good. */
  async deleteEvidence(id: string, options: CallOptions = {}): Promise<void> {
    await this.send(evidencePath(id), {
      method: 'DELETE',
      signal: options.signal,
    });
  }

  /** Who waited for whom, over all members of a System, Domain or Group. */
  pairs(
    entityRef: string,
    request: ReportRequest = {},
    options: NeighboursOptions = {},
  ): Promise<PairsReport> {
    const { direction, resource, signal } = options;
    return this.get(pairsReportSchema, entityRef, 'pairs', signal, {
      ...queryOf(request),
      direction,
      resource,
    });
  }

  /** Workloads that no entity claims, entities without data, nodes without an agent. */
  coverage(
    request: ReportRequest = {},
    options: CallOptions = {},
  ): Promise<CoverageReport> {
    return this.call(coverageReportSchema, '/v1/coverage', {
      signal: options.signal,
      query: queryOf(request),
    });
  }

  /**
   * From what an alert tool knows to the pages it means. The question goes to the backend as it came: it knows the forms of
   * times and names (see `resolveQuerySchema`).
   */
  resolve(
    question: ResolveQuestion,
    options: CallOptions = {},
  ): Promise<ResolveAnswer> {
    return this.call(resolveAnswerSchema, '/v1/resolve', {
      signal: options.signal,
      query: question,
    });
  }

  /** How crowded nodes are, and by whom: a page of them. */
  nodes(
    request: ReportRequest = {},
    filter: Partial<NodesFilter> = {},
    options: CallOptions = {},
  ): Promise<NodesReport> {
    const { resource, search, state, sort, order, limit, offset } = filter;
    return this.call(nodesReportSchema, '/v1/nodes', {
      signal: options.signal,
      query: {
        ...queryOf(request),
        resource,
        search: search || undefined,
        state,
        sort,
        order,
        limit: limit?.toString(),
        offset: offset?.toString(),
      },
    });
  }

  /** Who lives on a node, and who waits there while who runs. */
  node(
    place: { cluster: string; node: string },
    request: Omit<ReportRequest, 'cluster'> = {},
    options: NodeOptions = {},
  ): Promise<NodeReport> {
    const { resource, interfaceName, signal } = options;
    const path = [place.cluster, place.node].map(encodeURIComponent).join('/');
    return this.call(nodeReportSchema, `/v1/nodes/${path}`, {
      signal,
      query: { ...queryOf(request), resource, interfaceName },
    });
  }

  private async get<Schema extends z.ZodType>(
    schema: Schema,
    entityRef: string,
    report: string,
    signal: AbortSignal | undefined,
    query: Record<string, string | undefined>,
  ): Promise<z.infer<Schema>> {
    const path = `/v1/entities/${entityPath(entityRef)}/${report}`;
    return this.call(schema, path, { signal, query });
  }

  private async call<Schema extends z.ZodType>(
    schema: Schema,
    path: string,
    call: Call,
  ): Promise<z.infer<Schema>> {
    const response = await this.send(path, call);
    const parsed = schema.safeParse(await response.json());
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw new UnexpectedAnswerError(
        path,
        `${issue.path.join('.') || 'the answer'}: ${issue.message}`,
      );
    }
    return parsed.data;
  }

  private async send(
    path: string,
    { method, signal, query = {}, body, accept = 'application/json' }: Call,
  ): Promise<Response> {
    const search = new URLSearchParams();
    for (const [key, value] of Object.entries(query)) {
      if (value !== undefined) search.set(key, value);
    }
    const suffix = search.size > 0 ? `?${search}` : '';
    const response = await this.fetchApi.fetch(
      `plugin://contention${path}${suffix}`,
      {
        method,
        signal,
        headers: {
          accept,
          ...(body && { 'content-type': 'application/json' }),
        },
        body: body && JSON.stringify(body),
      },
    );
    if (!response.ok) throw await ResponseError.fromResponse(response);
    return response;
  }
}

interface Call {
  method?: 'POST' | 'DELETE';
  signal?: AbortSignal;
  query?: Record<string, string | undefined>;
  body?: object;
  /** Media type; JSON if not given. */
  accept?: string;
}

function evidencePath(id: string): string {
  return `/v1/evidence/${encodeURIComponent(id)}`;
}

function queryOf(request: ReportRequest): Record<string, string | undefined> {
  return {
    from: request.from?.toString(),
    to: request.to?.toString(),
    last: request.lastSeconds?.toString(),
    step: request.stepSeconds?.toString(),
    cluster: request.cluster,
  };
}

/** `kind:namespace/name` as the three path segments. */
function entityPath(entityRef: string): string {
  const match = /^([^:/]+):([^:/]+)\/([^:/]+)$/.exec(entityRef);
  if (!match) {
    throw new TypeError(
      `'${entityRef}' is no full entity reference (kind:namespace/name)`,
    );
  }
  return match.slice(1).map(encodeURIComponent).join('/');
}
