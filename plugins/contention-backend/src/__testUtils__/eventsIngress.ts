/**
 * The events plugin's HTTP ingress: the real one where it is installed, and a stand-in of the same contract (the raw body to
 * the validator, then a publication) that is there in any case.
 */
import {
  coreServices,
  createBackendPlugin,
  type BackendFeature,
} from '@backstage/backend-plugin-api';
import {
  eventsServiceRef,
  type HttpPostIngressOptions,
} from '@backstage/plugin-events-node';
import {
  eventsExtensionPoint,
  type EventsExtensionPoint,
} from '@backstage/plugin-events-node/alpha';
import express from 'express';
import Router from 'express-promise-router';

const standIn = createBackendPlugin({
  pluginId: 'events',
  register(env) {
    const added: HttpPostIngressOptions[] = [];
    env.registerExtensionPoint(eventsExtensionPoint, {
      addHttpPostIngress: options => added.push(options),
    } as Partial<EventsExtensionPoint> as EventsExtensionPoint);
    env.registerInit({
      deps: { events: eventsServiceRef, httpRouter: coreServices.httpRouter },
      async init({ events, httpRouter }) {
        const router = Router();
        router.use(express.raw({ type: '*/*' }));
        for (const { topic, validator } of added) {
          router.post(`/http/${topic}`, async (request, response) => {
            const body = JSON.parse(request.body.toString());
            const { headers } = request;
            let refusal: { status?: number; payload?: unknown } | undefined;
            await validator?.(
              { body, headers, raw: { body: request.body, encoding: 'utf-8' } },
              { reject: details => (refusal = details ?? {}) },
            );
            if (refusal) {
              response.status(refusal.status ?? 403).json(refusal.payload);
              return;
            }
            await events.publish({
              topic,
              eventPayload: body,
              metadata: headers,
            });
            response.status(202).json({ status: 'accepted' });
          });
        }
        httpRouter.addAuthPolicy({ path: '/http', allow: 'unauthenticated' });
        httpRouter.use(router);
      },
    });
  },
});

/** By name, for `describe.each`. */
export function ingresses(): [string, BackendFeature][] {
  const all: [string, BackendFeature][] = [['a stand-in', standIn]];
  const name = '@backstage/plugin-events-backend';
  try {
    all.push([name, jest.requireActual(name).default]);
  } catch (error) {
    if ((error as { code?: string }).code !== 'MODULE_NOT_FOUND') throw error;
  }
  return all;
}
