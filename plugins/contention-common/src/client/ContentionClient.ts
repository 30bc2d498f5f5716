/**
 * The REST interface as typed calls. Knows the paths and the schemas; refuses to know where the backend lives (the
 * fetch API resolves `plugin://`) and who is asking (the fetch API adds the token).
 */
import { ResponseError } from '@backstage/errors';
import type { z } from 'zod';
import type { RequestRole } from '../metrics';
import {
  diagnosisReportSchema,
  latencyReportSchema,
  neighboursReportSchema,
  throttlingReportSchema,
  type DiagnosisReport,
  type Direction,
  type LatencyReport,
  type NeighboursReport,
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
  resource?: 'cpu';
}

/** Which requests the latency report is of; times are epoch milliseconds. See `latencyQuerySchema`. */
export interface LatencyOptions extends CallOptions {
  role?: RequestRole;
  selectFrom?: number;
  selectTo?: number;
  bandFromSeconds?: number;
  bandToSeconds?: number;
}

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

  private async get<Schema extends z.ZodType>(
    schema: Schema,
    entityRef: string,
    report: string,
    signal: AbortSignal | undefined,
    query: Record<string, string | undefined>,
  ): Promise<z.infer<Schema>> {
    const path = `/v1/entities/${entityPath(entityRef)}/${report}`;
    const search = new URLSearchParams();
    for (const [key, value] of Object.entries(query)) {
      if (value !== undefined) search.set(key, value);
    }
    const suffix = search.size > 0 ? `?${search}` : '';
    const response = await this.fetchApi.fetch(
      `plugin://contention${path}${suffix}`,
      { signal, headers: { accept: 'application/json' } },
    );
    if (!response.ok) throw await ResponseError.fromResponse(response);
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
