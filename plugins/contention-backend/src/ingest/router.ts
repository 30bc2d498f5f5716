/** `POST /otlp/v1/metrics`: OTLP over HTTP, as any exporter or Collector speaks it. */
import type {
  HttpAuthService,
  LoggerService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { contentionIngestPermission } from 'backstage-plugin-contention-common';
import express, { type Request, type Response } from 'express';
import Router from 'express-promise-router';
import {
  CONTENT_TYPE,
  decodeJson,
  decodeProtobuf,
  encodeResponse,
  encodeStatus,
  LimitExceededError,
  MalformedError,
  RPC_CODE,
  type OtlpEncoding,
} from '../otlp';
import { StoreBusyError, type Retention, type Store } from '../store';
import { readBody } from './body';
import { IngestError } from './errors';
import { Gate } from './gate';
import { normalise } from './normalise';
import type { IngestSettings } from './settings';
import { clusterBinding } from './tenancy';

export interface IngestRouterOptions {
  store: Store;
  settings: IngestSettings;
  retention: Retention;
  httpAuth: HttpAuthService;
  permissions: PermissionsService;
  logger: LoggerService;
  now?: () => number;
}

export function createIngestRouter(
  options: IngestRouterOptions,
): express.Router {
  const { store, settings, retention, httpAuth, permissions, logger } = options;
  const now = options.now ?? Date.now;
  const gate = new Gate(settings.maxConcurrent);

  /** The subject of the token, if it may send metrics. */
  async function authorizedSubject(request: Request): Promise<string> {
    const credentials = await httpAuth.credentials(request, {
      allow: ['service'],
    });
    const [decision] = await permissions.authorize(
      [{ permission: contentionIngestPermission }],
      { credentials },
    );
    const { subject } = credentials.principal;
    if (decision.result !== AuthorizeResult.ALLOW) {
      throw IngestError.forbidden(
        `'${subject}' lacks the permission ${contentionIngestPermission.name}`,
      );
    }
    return subject;
  }

  async function ingest(
    request: Request,
    response: Response,
    encoding: OtlpEncoding,
  ): Promise<void> {
    const clusterOf = clusterBinding(
      await authorizedSubject(request),
      settings,
    );
    const body = await readBody(request, settings);
    const decode = encoding === 'protobuf' ? decodeProtobuf : decodeJson;
    const nowMs = now();
    const { batch, rejected, reasons } = normalise(
      decode(body, settings.decode),
      {
        nowMs,
        oldestMs: nowMs - retention.rawMs,
        impossibleBeforeMs: nowMs - retention.quarterMs,
        maxFutureMs: settings.maxFutureMs,
        clusterOf,
      },
    );
    if (batch.series.length > 0) await store.ingest(batch, nowMs);
    const partial =
      rejected > 0
        ? { rejectedDataPoints: rejected, errorMessage: reasons.join('; ') }
        : undefined;
    response
      .status(200)
      .type(CONTENT_TYPE[encoding])
      .send(encodeResponse(encoding, partial));
  }

  const router = Router();
  router.post('/otlp/v1/metrics', async (request, response) => {
    const encoding = encodingOf(request);
    try {
      if (!encoding) {
        throw IngestError.unsupported(
          `content-type '${request.headers['content-type'] ?? ''}' is not understood; ` +
            `use ${CONTENT_TYPE.protobuf} or ${CONTENT_TYPE.json}`,
        );
      }
      await gate.through(() => ingest(request, response, encoding));
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal.status >= 500) {
        logger.warn(
          `Metrics were not stored: ${refusal.message}`,
          error as Error,
        );
      }
      // The rest of a body that nobody will read must not keep the connection busy.
      if (!request.readableEnded) response.set('connection', 'close');
      if (refusal.retryAfterSeconds) {
        response.set('retry-after', String(refusal.retryAfterSeconds));
      }
      response
        .status(refusal.status)
        .type(CONTENT_TYPE[encoding ?? 'json'])
        .send(
          encodeStatus(encoding ?? 'json', refusal.rpcCode, refusal.message),
        );
    }
  });
  return router;
}

function encodingOf(request: Request): OtlpEncoding | undefined {
  const type = (request.headers['content-type'] ?? '').split(';')[0].trim();
  switch (type.toLowerCase()) {
    case 'application/x-protobuf':
    case 'application/protobuf':
      return 'protobuf';
    case 'application/json':
      return 'json';
    default:
      return undefined;
  }
}

function refusalOf(error: unknown): IngestError {
  if (error instanceof IngestError) return error;
  if (error instanceof MalformedError) {
    return IngestError.badRequest(error.message);
  }
  if (error instanceof LimitExceededError) {
    return IngestError.tooLarge(error.message);
  }
  if (error instanceof StoreBusyError) return IngestError.busy(error.message);
  if (error instanceof Error && error.name === 'AuthenticationError') {
    return new IngestError(401, RPC_CODE.unauthenticated, error.message);
  }
  if (error instanceof Error && error.name === 'NotAllowedError') {
    return IngestError.forbidden(error.message);
  }
  return new IngestError(
    500,
    RPC_CODE.internal,
    'the metrics could not be stored; the log of the backend says why',
  );
}
