/** Puts evidence into the plugin: routes, sign-in by cookie for plain links, alerts, and the work in the background. */
import type {
  AuditorService,
  AuthService,
  DatabaseService,
  HttpAuthService,
  HttpRouterService,
  LoggerService,
  PermissionsService,
  RootConfigService,
  SchedulerService,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { EventsService } from '@backstage/plugin-events-node';
import type { EntityDirectory, Visibility } from '../attribution';
import type { KnownServices } from '../kubernetes';
import { subscribeToIncidents } from '../incidents/subscribe';
import { allowPlainLinks, createEvidenceRouter } from '../router/evidence';
import type { Retention, Store } from '../store';
import { EvidenceAccess } from './access';
import { AutomaticEvidence } from './automatic';
import { EvidenceService } from './EvidenceService';
import { EvidenceStore } from './EvidenceStore';
import { readEvidenceSettings } from './settings';

export interface EvidenceWiring {
  auditor: AuditorService;
  auth: AuthService;
  catalog: CatalogService;
  config: RootConfigService;
  database: DatabaseService;
  directory: EntityDirectory;
  events: EventsService;
  httpAuth: HttpAuthService;
  httpRouter: HttpRouterService;
  logger: LoggerService;
  permissions: PermissionsService;
  retention: Retention;
  scheduler: SchedulerService;
  services: KnownServices;
  store: Store;
  userInfo: UserInfoService;
  visibility: Visibility;
}

const DAY_MS = 24 * 3_600_000;

/** The database has to be migrated before. */
export async function wireEvidence(options: EvidenceWiring): Promise<void> {
  const { catalog, auth, auditor, logger, scheduler, retention } = options;
  const settings = readEvidenceSettings(options.config);
  const evidence = new EvidenceStore(await options.database.getClient());
  const service = new EvidenceService({ ...options, evidence, settings });
  const automatic = new AutomaticEvidence({
    evidence,
    service,
    catalog,
    auth,
    auditor,
    logger,
    settings: settings.automatic,
  });
  allowPlainLinks(options.httpRouter);
  options.httpRouter.use(
    createEvidenceRouter({
      service,
      automatic,
      access: new EvidenceAccess(options),
      auditor,
      httpAuth: options.httpAuth,
      settings: settings.automatic,
    }),
  );
  await scheduler.scheduleTask({
    id: 'contention-evidence',
    scope: 'global',
    frequency: { minutes: 1 },
    initialDelay: { seconds: 45 },
    timeout: { minutes: 15 },
    fn: async () => {
      await automatic.run();
      await evidence.forgetAutomatic(Date.now() - retention.quarterMs - DAY_MS);
    },
  });
  await subscribeToIncidents({
    ...options,
    automatic,
    settings: settings.automatic,
  });
}
