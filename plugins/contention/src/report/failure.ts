/** What is known about a failed call, in words for a person and an id for whoever reads the logs. */
import type { Words } from '../translation';

export interface Failure {
  forbidden: boolean;
  /** In the words of whoever answered; undefined where it gave none. */
  what?: string;
  /** Of the answer; undefined when there was none. */
  status?: number;
  /** What the logs know the request by; undefined when there was no answer at all. */
  requestId?: string;
}

interface ResponseErrorLike {
  statusCode?: unknown;
  message?: unknown;
  body?: {
    error?: { message?: unknown; requestId?: unknown };
    request?: { method?: unknown; url?: unknown };
  };
  response?: { headers?: { get?(name: string): string | null } };
}

export function describeFailure(error: unknown): Failure {
  const candidate = (error ?? {}) as ResponseErrorLike;
  const { body, response, statusCode } = candidate;
  const status = typeof statusCode === 'number' ? statusCode : undefined;
  return {
    forbidden: status === 403,
    status,
    what: text(body?.error?.message) ?? text(candidate.message),
    requestId:
      response?.headers?.get?.('x-request-id') ??
      text(body?.error?.requestId) ??
      requestLine(body?.request),
  };
}

/** What is said to a person; with the number of the error, where that says more. */
export function whyItFailed({ what, status }: Failure, t: Words): string {
  const why = what ?? t('report.unknownReason');
  return status && status !== 403 ? `${why} (HTTP ${status})` : why;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function requestLine(
  request: { method?: unknown; url?: unknown } | undefined,
): string | undefined {
  const url = text(request?.url);
  return url && `${text(request?.method) ?? 'GET'} ${url}`;
}
