/**
 * The addresses that alert tools send to, in the events plugin: one for each tool that has a secret in the configuration.
 * Refuses whatever does not prove where it comes from; what passes is published for this plugin (see subscribe.ts).
 */
import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { eventsExtensionPoint } from '@backstage/plugin-events-node/alpha';
import { isProven } from './proof';
import { INCIDENT_TOOLS, readIncidentSettings, topicOf } from './settings';

export const incidentsModule = createBackendModule({
  pluginId: 'events',
  moduleId: 'contention-incidents',
  register(env) {
    env.registerInit({
      deps: {
        config: coreServices.rootConfig,
        events: eventsExtensionPoint,
        logger: coreServices.logger,
      },
      async init({ config, events, logger }) {
        const settings = readIncidentSettings(config);
        for (const tool of INCIDENT_TOOLS) {
          const proof = settings[tool];
          if (!proof) continue;
          events.addHttpPostIngress({
            topic: topicOf(tool),
            validator: async ({ headers, raw }, context) => {
              if (isProven(proof, { headers, body: raw.body })) return;
              logger.warn(`A webhook that is not from ${tool} was refused`);
              context.reject({
                status: 403,
                payload: { message: 'The signature or token is not valid' },
              });
            },
          });
        }
      },
    });
  },
});
