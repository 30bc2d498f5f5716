/** Evidence over HTTP: checks who asks, reads the request, answers, and writes the audit log. Knows no rule of its own. */
import type {
  AuditorService,
  HttpAuthService,
  HttpRouterService,
} from '@backstage/backend-plugin-api';
import { isError } from '@backstage/errors';
import {
  evidenceListQuerySchema,
  evidenceReplyRequestSchema,
  evidenceRequestSchema,
  evidenceSeenRequestSchema,
  type Evidence,
} from 'backstage-plugin-contention-common';
import express, { type Request, type Response } from 'express';
import Router from 'express-promise-router';
import type { AutomaticEvidence } from '../evidence/automatic';
import type { EvidenceAccess } from '../evidence/access';
import type { EvidenceService } from '../evidence/EvidenceService';
import { evidenceMarkdown } from '../evidence/markdown';
import type { EvidenceSettings } from '../evidence/settings';
import { evidenceSvg } from '../evidence/svg';
import { parsed } from './parsed';

export interface EvidenceRouterOptions {
  service: EvidenceService;
  automatic: AutomaticEvidence;
  access: EvidenceAccess;
  auditor: AuditorService;
  httpAuth: HttpAuthService;
  settings: EvidenceSettings['automatic'];
}

/** A note and a reply have up to 10 000 characters, of up to 6 bytes each in JSON. */
const MAX_BODY = '256kb';

/** What a browser may do with a file that others had a hand in: show it. */
const FILE_HEADERS = {
  'content-security-policy':
    "default-src 'none'; sandbox; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-site',
  // Not the same for every reader.
  'cache-control': 'private, no-store',
};

const FORMS: Record<
  string,
  { type: string; make: (evidence: Evidence) => string }
> = {
  json: {
    type: 'application/json; charset=utf-8',
    make: evidence => JSON.stringify(evidence, null, 2),
  },
  md: { type: 'text/markdown; charset=utf-8', make: evidenceMarkdown },
  svg: { type: 'image/svg+xml; charset=utf-8', make: evidenceSvg },
};

/** Plain links of a browser work with the cookie of the portal's sign-in. */
export function allowPlainLinks(httpRouter: HttpRouterService): void {
  for (const form of Object.keys(FORMS)) {
    httpRouter.addAuthPolicy({
      path: `/v1/evidence/:id.${form}`,
      allow: 'user-cookie',
    });
  }
}

export function createEvidenceRouter({
  service,
  automatic,
  access,
  auditor,
  httpAuth,
  settings,
}: EvidenceRouterOptions): express.Router {
  const router = Router();
  const json = express.json({ limit: MAX_BODY });

  const userOf = async (request: Request) =>
    access.reader(await httpAuth.credentials(request, { allow: ['user'] }));
  const readerOf = async (request: Request) =>
    access.reader(
      await httpAuth.credentials(request, { allow: ['user', 'service'] }),
    );

  /** Whatever becomes of it is in the audit log: `evidence-<verb>`. */
  async function audited<Result>(
    request: Request,
    verb: string,
    meta: Record<string, string | number | undefined>,
    act: () => Promise<Result>,
    outcome: (
      result: Result,
    ) => Record<string, string | undefined> = () => ({}),
  ): Promise<Result> {
    const isRead = verb === 'read' || verb === 'list';
    const event = await auditor.createEvent({
      eventId: `evidence-${verb}`,
      severityLevel: isRead ? 'low' : 'medium',
      request,
      meta: JSON.parse(JSON.stringify(meta)),
    });
    try {
      const result = await act();
      await event.success({
        meta: JSON.parse(JSON.stringify(outcome(result))),
      });
      return result;
    } catch (error) {
      await event.fail({
        error: isError(error) ? error : new Error(String(error)),
      });
      throw error;
    }
  }

  router.post('/v1/evidence', json, async (request, response) => {
    const reader = await userOf(request);
    const wanted = parsed(evidenceRequestSchema, request.body);
    const { entityRef, from, to, cluster, title, note, incidentUrl } = wanted;
    const head = await audited(
      request,
      'create',
      { entityRef, from, to, cluster },
      () =>
        service.create(reader, {
          entityRef,
          fromMs: from,
          toMs: to,
          cluster,
          title,
          note,
          incidentUrl,
        }),
      ({ id }) => ({ evidenceId: id }),
    );
    response.status(201).location(`evidence/${head.id}`).json(head);
  });

  router.post('/v1/evidence/seen', json, async (request, response) => {
    const reader = await userOf(request);
    const seen = parsed(evidenceSeenRequestSchema, request.body);
    const { entityRef, from, to, cluster } = seen;
    await service.entityFor(reader, entityRef);
    if (!settings.links) {
      response.status(202).json({ state: 'off' });
      return;
    }
    const answer = await audited(
      request,
      'seen',
      { entityRef, from, to, cluster },
      async () =>
        automatic.want({
          entityRef,
          fromMs: from,
          toMs: to,
          cluster,
          origin: 'link',
          createdBy: await service.personOf(reader),
        }),
      ({ state }) => ({ state }),
    );
    response.status(202).json(answer);
    // After the answer: nobody waits for it. What fails is in the audit log, and is tried again.
    if (answer.state === 'pending') automatic.runInBackground();
  });

  router.get(
    /^\/v1\/evidence\/([0-9a-f]{32})\.(json|md|svg)$/,
    async (request, response) => {
      const { 0: id, 1: form } = request.params;
      const reader = access.reader(
        await httpAuth.credentials(request, {
          allow: ['user', 'service'],
          allowLimitedAccess: true,
        }),
      );
      const evidence = await audited(request, 'read', { id, form }, () =>
        service.read(reader, id),
      );
      sendFile(response, evidence, form);
    },
  );

  router.get('/v1/evidence/:id', async (request, response) => {
    const reader = await readerOf(request);
    const { id } = request.params;
    response
      .set('cache-control', 'private, no-store')
      .json(
        await audited(request, 'read', { id }, () => service.read(reader, id)),
      );
  });

  router.delete('/v1/evidence/:id', async (request, response) => {
    const reader = await userOf(request);
    const { id } = request.params;
    await audited(
      request,
      'delete',
      { id },
      () => service.remove(reader, id),
      ({ entity, hash, title }) => ({
        entityRef: entity.entityRef,
        hash,
        title,
      }),
    );
    response.status(204).end();
  });

  router.post('/v1/evidence/:id/replies', json, async (request, response) => {
    const reader = await userOf(request);
    const { id } = request.params;
    const reply = parsed(evidenceReplyRequestSchema, request.body);
    const { onBehalfOf } = reply;
    const written = await audited(
      request,
      'reply',
      { id, onBehalfOf },
      () => service.reply(reader, id, reply),
      ({ hash }) => ({ hash }),
    );
    response.status(201).json(written);
  });

  router.get(
    '/v1/entities/:kind/:namespace/:name/evidence',
    async (request, response) => {
      const reader = await readerOf(request);
      const { kind, namespace, name } = request.params;
      const query = parsed(evidenceListQuerySchema, request.query);
      const entityRef = `${kind}:${namespace}/${name}`.toLocaleLowerCase(
        'en-US',
      );
      response
        .set('cache-control', 'private, no-store')
        .json(await service.list(reader, entityRef, query));
    },
  );
  return router;
}

function sendFile(response: Response, evidence: Evidence, form: string): void {
  const { type, make } = FORMS[form];
  response
    .set(FILE_HEADERS)
    .set('content-type', type)
    .set(
      'content-disposition',
      `inline; filename="evidence-${evidence.id}.${form}"`,
    )
    .send(make(evidence));
}
