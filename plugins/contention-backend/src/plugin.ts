/** The backend plugin: puts the parts together and starts the background work. */
import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { readDurationFromConfig } from '@backstage/config';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import { durationToMilliseconds } from '@backstage/types';
import { contentionPermissions } from 'backstage-plugin-contention-common';
import {
  CatalogOutline,
  EntityDirectory,
  ReadAccess,
  REFRESH_TURN_MS,
  Visibility,
  whenDue,
  type ServiceLocator,
} from './attribution';
import { wireEvidence } from './evidence';
import {
  createIngestRouter,
  readIngestSettings,
  readNameRetention,
  readRetention,
} from './ingest';
import { NodeLists } from './catalogCoverage';
import { ClusterReader, ServiceLists } from './kubernetes';
import {
  createNodesRouter,
  createReportRouter,
  createResolveRouter,
  createRollupRouter,
} from './router';
import { KnexStore } from './store';

/** How often the catalog is read anew; while developing one wants to see a change of owner at once. */
function catalogRefresh(config: Parameters<typeof readRetention>[0]) {
  const key = 'contention.catalogRefresh';
  if (config.has(key)) return readDurationFromConfig(config, { key });
  return { seconds: process.env.NODE_ENV === 'development' ? 5 : 60 };
}

function serviceLocator(
  config: Parameters<typeof readRetention>[0],
): ServiceLocator {
  const type = config.getOptionalString('kubernetes.serviceLocatorMethod.type');
  return type === 'singleTenant' || type === 'catalogRelation'
    ? type
    : 'multiTenant';
}

/** The outline of the catalog is read once for this many readings of annotations. */
const OUTLINE_EVERY = 5;

/** Whether the portal's Kubernetes plugin is asked for nodes and Services of its clusters: where there is one, unless told not to. */
function asksKubernetes(config: Parameters<typeof readRetention>[0]): boolean {
  return (
    config.getOptionalBoolean('contention.coverage.kubernetesNodes') ??
    config.has('kubernetes.clusterLocatorMethods')
  );
}

/**
 * The plugin, for `backend.add(...)`.
 *
 * @public
 */
export const contentionPlugin = createBackendPlugin({
  pluginId: 'contention',
  register(env) {
    env.registerInit({
      deps: {
        auditor: coreServices.auditor,
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        database: coreServices.database,
        events: eventsServiceRef,
        discovery: coreServices.discovery,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        logger: coreServices.logger,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        scheduler: coreServices.scheduler,
        userInfo: coreServices.userInfo,
      },
      async init(deps) {
        const { auth, catalog, config, httpAuth, logger, permissions } = deps;
        const retention = readRetention(config);
        const store = await KnexStore.create(
          deps.database,
          retention,
          readNameRetention(config),
        );
        const refreshEveryMs = durationToMilliseconds(catalogRefresh(config));
        const refreshTurn = {
          milliseconds: Math.min(REFRESH_TURN_MS, refreshEveryMs),
        };
        const directory = new EntityDirectory({
          auth,
          catalog,
          logger,
          locator: serviceLocator(config),
          refreshEveryMs,
        });
        const visibility = new Visibility({ auth, catalog });
        const outline = new CatalogOutline({ auth, catalog });
        const clusterLists = {
          reader: new ClusterReader(deps),
          logger,
          enabled: asksKubernetes(config),
        };
        const nodeLists = new NodeLists(clusterLists);
        const services = new ServiceLists(clusterLists);
        const access = new ReadAccess({ auth, visibility, permissions });
        deps.permissionsRegistry.addPermissions(contentionPermissions);

        deps.httpRouter.use(
          createIngestRouter({
            store,
            settings: readIngestSettings(config),
            retention,
            httpAuth,
            permissions,
            logger,
          }),
        );
        deps.httpRouter.use(
          createReportRouter({
            store,
            directory,
            visibility,
            access,
            services,
            catalog,
            httpAuth,
          }),
        );
        deps.httpRouter.use(
          createNodesRouter({
            store,
            directory,
            visibility,
            access,
            httpAuth,
          }),
        );
        deps.httpRouter.use(
          createResolveRouter({
            store,
            directory,
            visibility,
            access,
            catalog,
            httpAuth,
            permissions,
            baseUrl: config.getOptionalString('app.baseUrl'),
          }),
        );

        deps.httpRouter.use(
          createRollupRouter({
            store,
            directory,
            outline,
            nodeLists,
            visibility,
            access,
            catalog,
            httpAuth,
          }),
        );

        await deps.scheduler.scheduleTask({
          id: 'contention-catalog-outline',
          scope: 'local',
          frequency: refreshTurn,
          timeout: { minutes: 15 },
          // The whole catalog, where annotations are a part of it.
          fn: whenDue(outline, OUTLINE_EVERY * refreshEveryMs),
        });
        await deps.scheduler.scheduleTask({
          id: 'contention-cluster-lists',
          scope: 'local',
          frequency: { minutes: 5 },
          // The Kubernetes plugin starts at the same time.
          initialDelay: { seconds: 15 },
          timeout: { minutes: 5 },
          fn: async () => {
            await Promise.all([nodeLists.refresh(), services.refresh()]);
          },
        });
        await wireEvidence({
          ...deps,
          store,
          directory,
          services,
          visibility,
          retention,
        });

        await deps.scheduler.scheduleTask({
          id: 'contention-catalog',
          scope: 'local',
          frequency: refreshTurn,
          timeout: { minutes: 5 },
          fn: whenDue(directory, refreshEveryMs),
        });
        await deps.scheduler.scheduleTask({
          id: 'contention-roll-up',
          scope: 'global',
          frequency: { minutes: 1 },
          initialDelay: { seconds: 30 },
          timeout: { minutes: 15 },
          fn: async () => {
            await store.rollUp(Date.now());
          },
        });
        await deps.scheduler.scheduleTask({
          id: 'contention-retention',
          scope: 'global',
          frequency: { minutes: 15 },
          initialDelay: { minutes: 2 },
          timeout: { minutes: 30 },
          fn: async () => {
            await store.rollUp(Date.now());
            await store.purge(Date.now());
          },
        });
      },
    });
  },
});
