/** `GET /v1/nodes` and `GET /v1/nodes/:cluster/:node`: checks who asks, reads the query, answers what that reader may read. */
import type { HttpAuthService } from '@backstage/backend-plugin-api';
import {
  InputError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import {
  nodeQuestionSchema,
  nodesFilterSchema,
  reportQuerySchema,
} from 'backstage-plugin-contention-common';
import express, { type Request } from 'express';
import Router from 'express-promise-router';
import type { z } from 'zod';
import type { EntityDirectory, ReadAccess, Visibility } from '../attribution';
import { buildNode, buildNodes, type NodesContext } from '../reports/nodes';
import type { Store } from '../store';

export interface NodesRouterOptions {
  store: Store;
  directory: EntityDirectory;
  visibility: Visibility;
  access: ReadAccess;
  httpAuth: HttpAuthService;
  now?: () => number;
}

export function createNodesRouter(options: NodesRouterOptions): express.Router {
  const { store, directory, visibility, access, httpAuth } = options;
  const { now = Date.now } = options;

  async function prepare(request: Request) {
    // Before anything that takes its time: the range was asked for relative to this.
    const nowMs = now();
    const credentials = await httpAuth.credentials(request, {
      allow: ['user', 'service'],
    });
    await access.requireAny(credentials);
    const { from, to, step, cluster } = parsed(
      reportQuerySchema,
      request.query,
    );
    if (!directory.isLoaded) {
      throw new ServiceUnavailableError(
        'The catalog has not been read yet; try again in a few seconds',
      );
    }
    const context: NodesContext = {
      store,
      directory,
      reader: {
        visible: refs => visibility.visible(refs, credentials),
        readable: async refs => (await access.of(refs, credentials)).readable,
      },
    };
    return {
      context,
      cluster,
      range: { fromMs: from, toMs: to, stepMs: step && step * 1000, nowMs },
    };
  }

  const router = Router();
  router.get('/v1/nodes', async (request, response) => {
    const { context, cluster, range } = await prepare(request);
    const filter = parsed(nodesFilterSchema, request.query);
    response.json(await buildNodes(context, { ...range, ...filter, cluster }));
  });
  router.get('/v1/nodes/:cluster/:node', async (request, response) => {
    const { context, range } = await prepare(request);
    const { cluster, node } = request.params;
    const question = parsed(nodeQuestionSchema, request.query);
    const report = await buildNode(context, {
      ...range,
      ...question,
      cluster,
      node,
    });
    if (!report) {
      throw new NotFoundError(
        `No agent has ever reported from a node of this name in this cluster`,
      );
    }
    response.json(report);
  });
  return router;
}

function parsed<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [{ path, message }] = result.error.issues;
  throw new InputError([...path, message].join(': '));
}
