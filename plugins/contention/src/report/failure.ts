/** What is known about a failed call, in words for a person and an id for whoever reads the logs. */

export interface Failure {
  forbidden: boolean;
  what: string;
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
  const what =
    text(body?.error?.message) ??
    text(candidate.message) ??
    'The request failed for an unknown reason';
  const status = typeof statusCode === 'number' ? statusCode : undefined;
  return {
    forbidden: status === 403,
    status,
    what: status && status !== 403 ? `${what} (HTTP ${status})` : what,
    requestId:
      response?.headers?.get?.('x-request-id') ??
      text(body?.error?.requestId) ??
      requestLine(body?.request),
  };
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
