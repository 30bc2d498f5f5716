/** The part of the Kubernetes plugin that this plugin asks: its clusters, and its proxy to lists of them. */
import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import Router from 'express-promise-router';

/** @param services - of each cluster, as the API of Kubernetes lists them */
export function kubernetesPlugin(services: Record<string, object[]>) {
  return createBackendPlugin({
    pluginId: 'kubernetes',
    register(env) {
      env.registerInit({
        deps: { httpRouter: coreServices.httpRouter },
        async init({ httpRouter }) {
          const router = Router();
          router.get('/clusters', (_request, response) => {
            response.json({
              items: Object.keys(services).map(name => ({ name })),
            });
          });
          router.get('/proxy/api/v1/:list', (request, response) => {
            const cluster = request.header('Backstage-Kubernetes-Cluster');
            const all =
              request.params.list === 'services'
                ? (services[cluster ?? ''] ?? [])
                : [];
            // Pages of two, to be asked for one after the other.
            const start = Number(request.query.continue ?? 0);
            response.json({
              metadata:
                start + 2 < all.length ? { continue: String(start + 2) } : {},
              items: all.slice(start, start + 2),
            });
          });
          httpRouter.use(router);
        },
      });
    },
  });
}
