/** From an alert to what is to be frozen: looks up whom it is about, and takes note of the time around it. */
import type {
  AuthService,
  LoggerService,
  RootConfigService,
} from '@backstage/backend-plugin-api';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { isError } from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { EventsService } from '@backstage/plugin-events-node';
import {
  MAX_RANGE_MS,
  resolveQuerySchema,
} from 'backstage-plugin-contention-common';
import type { EntityDirectory } from '../attribution';
import type { AutomaticEvidence } from '../evidence/automatic';
import type { EvidenceSettings } from '../evidence/settings';
import { resolve } from '../resolve';
import type { Store } from '../store';
import { incidentsOf, type Incident } from './payloads';
import {
  INCIDENT_TOOLS,
  readIncidentSettings,
  TOOL_NAME,
  topicOf,
  type IncidentTool,
} from './settings';

export interface IncidentOptions {
  events: EventsService;
  config: RootConfigService;
  logger: LoggerService;
  auth: AuthService;
  catalog: CatalogService;
  store: Store;
  directory: EntityDirectory;
  automatic: AutomaticEvidence;
  settings: EvidenceSettings['automatic'];
  now?: () => number;
}

/** An alert that is about more entities than these is about none in particular. */
const MAX_ENTITIES = 5;

/** The annotation with which the plugin of a tool ties an entity to one of its services. */
const SERVICE_ANNOTATION: Partial<Record<IncidentTool, string>> = {
  pagerduty: 'pagerduty.com/service-id',
};

/** Listens to the tools that have a secret. */
export async function subscribeToIncidents(
  options: IncidentOptions,
): Promise<void> {
  const { config, events, logger } = options;
  const settings = readIncidentSettings(config);
  const open = config.getOptionalStringArray('events.http.topics') ?? [];
  const tools = INCIDENT_TOOLS.filter(tool => {
    if (!settings[tool]) return false;
    if (!open.includes(topicOf(tool))) return true;
    // There it would be taken from anybody, wherever the events plugin runs without our module.
    logger.error(
      `${topicOf(tool)} is in events.http.topics, which asks for no signature: webhooks of ${TOOL_NAME[tool]} are ignored. Remove it there.`,
    );
    return false;
  });
  if (tools.length === 0) return;
  await events.subscribe({
    id: 'contention-incidents',
    topics: tools.map(topicOf),
    onEvent: async ({ topic, eventPayload }) => {
      const tool = tools.find(one => topicOf(one) === topic);
      if (!tool) return;
      try {
        await take(options, tool, eventPayload);
      } catch (error) {
        logger.warn(
          `A webhook of ${TOOL_NAME[tool]} was not understood: ${isError(error) ? error.message : error}`,
        );
      }
    },
  });
  logger.info(
    `Freezing on alerts of ${tools.map(tool => TOOL_NAME[tool]).join(', ')}`,
  );
}

async function take(
  options: IncidentOptions,
  tool: IncidentTool,
  payload: unknown,
): Promise<void> {
  const nowMs = (options.now ?? Date.now)();
  let isPending = false;
  for (const incident of incidentsOf(tool, payload, nowMs)) {
    const range = rangeOf(incident, options.settings);
    if (!range) continue;
    const refs = await entitiesOf(options, tool, incident, nowMs);
    if (refs.length === 0 || refs.length > MAX_ENTITIES) {
      options.logger.info(
        `An alert of ${TOOL_NAME[tool]} is about ${refs.length === 0 ? 'no entity that is known' : `${refs.length} entities, which is too many`}: ${incident.title}`,
      );
      continue;
    }
    for (const entityRef of refs) {
      const { state } = await options.automatic.want({
        entityRef,
        ...range,
        origin: 'webhook',
        title: incident.title,
        incidentUrl: incident.url,
        createdBy: { title: TOOL_NAME[tool] },
      });
      isPending ||= state === 'pending';
    }
  }
  if (isPending) options.automatic.runInBackground();
}

/**
 * Around the beginning; and when it has ended, all of it, where that is more. Undefined for the end of what the range around
 * its beginning holds already.
 */
export function rangeOf(
  { startMs, endMs }: Pick<Incident, 'startMs' | 'endMs'>,
  {
    beforeMs,
    afterMs,
  }: Pick<EvidenceSettings['automatic'], 'beforeMs' | 'afterMs'>,
): { fromMs: number; toMs: number } | undefined {
  const fromMs = startMs - beforeMs;
  if (endMs === undefined) return { fromMs, toMs: startMs + afterMs };
  if (endMs <= startMs + afterMs) return undefined;
  return { fromMs: Math.max(fromMs, endMs - MAX_RANGE_MS), toMs: endMs };
}

async function entitiesOf(
  options: IncidentOptions,
  tool: IncidentTool,
  incident: Incident,
  nowMs: number,
): Promise<string[]> {
  const { auth, catalog, store, directory } = options;
  const credentials = await auth.getOwnServiceCredentials();
  const annotation = SERVICE_ANNOTATION[tool];
  if (annotation && incident.serviceId) {
    const { items } = await catalog.queryEntities(
      {
        filter: { [`metadata.annotations.${annotation}`]: incident.serviceId },
        fields: ['kind', 'metadata.name', 'metadata.namespace'],
        limit: MAX_ENTITIES + 1,
      },
      { credentials },
    );
    if (items.length > 0) return items.map(item => stringifyEntityRef(item));
  }
  // Of a node or a namespace alone, nobody in particular can be told.
  const query = resolveQuerySchema.safeParse({
    ...incident.who,
    node: undefined,
    at: new Date(incident.startMs).toISOString(),
  });
  if (!query.success) return [];
  const present = async (refs: readonly string[]) => {
    const { items } = await catalog.getEntitiesByRefs(
      { entityRefs: [...refs] },
      { credentials },
    );
    return items;
  };
  const answer = await resolve(
    {
      store,
      directory,
      nowMs,
      baseUrl: undefined,
      visible: async refs => new Set(refs),
      readable: async refs => {
        const items = await present(refs);
        return new Set(refs.filter((_, index) => items[index] !== undefined));
      },
      entities: present,
    },
    query.data,
  );
  return answer.pages.map(({ entity }) => entity.entityRef);
}
