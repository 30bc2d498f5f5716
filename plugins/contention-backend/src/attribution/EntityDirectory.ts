/**
 * The catalog's annotated entities and groups in memory, refreshed in the background with the plugin's own credentials. A
 * page view reads it and never waits for the catalog. Knows nothing of who is asking (see Visibility.ts).
 */
import { CATALOG_FILTER_EXISTS } from '@backstage/catalog-client';
import type {
  AuthService,
  BackstageCredentials,
  LoggerService,
} from '@backstage/backend-plugin-api';
import {
  parseEntityRef,
  RELATION_OWNED_BY,
  stringifyEntityRef,
  type Entity,
} from '@backstage/catalog-model';
import {
  KUBERNETES_ANNOTATION,
  KUBERNETES_LABEL_SELECTOR_QUERY_ANNOTATION,
} from '@backstage/plugin-kubernetes-common';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import {
  ANNOTATION_CGROUP_PATH,
  ANNOTATION_SYSTEMD_UNIT,
  printable,
  type EntityLink,
} from 'backstage-plugin-contention-common';
import type { StoredResource } from '../store';
import {
  claimOf,
  claims,
  labelsOf,
  type Claim,
  type ServiceLocator,
} from './claims';

const FIELDS = [
  'kind',
  'metadata.name',
  'metadata.namespace',
  'metadata.title',
  'metadata.annotations',
  'relations',
  'spec.profile.displayName',
];

/** Owners asked for in one request. */
const REFS_PER_CALL = 500;

/** A catalog that could not be read for this many intervals is worth saying. */
const OUTDATED_REFRESHES = 5;

interface Snapshot {
  claims: Claim[];
  links: Map<string, EntityLink>;
  /** What was read of each: see FIELDS. */
  entities: Map<string, Entity>;
  /** Claims by the one label that nearly all of them ask for; the rest is tried one by one. */
  byKubernetesId: Map<string, Claim[]>;
  others: Claim[];
  /** What a tool may call each entity, in lower case. */
  names: Map<string, ReadonlySet<string>>;
  /** Entities that claim a resource, by its id; the attributes are one object as long as it is known. */
  memo: Map<
    number,
    Pick<StoredResource, 'attributes'> & { entities: string[] }
  >;
}

/** Resources whose claimants are remembered; beyond that all are forgotten. */
const MAX_KNOWN = 200_000;

export class EntityDirectory {
  private snapshot: Snapshot = indexed([], {
    links: new Map(),
    entities: new Map(),
    names: new Map(),
  });
  private readMs: number | undefined;

  constructor(
    private readonly options: {
      catalog: CatalogService;
      auth: AuthService;
      logger: LoggerService;
      locator: ServiceLocator;
      /** How often `refresh` is called. */
      refreshEveryMs: number;
      now?: () => number;
    },
  ) {}

  /** Whether the catalog was read at all: before, nothing is known of anybody. */
  get isLoaded(): boolean {
    return this.readMs !== undefined;
  }

  /** When the catalog was last read, if that is so long ago that several refreshes must have failed. */
  outdatedSince(nowMs: number): number | undefined {
    if (this.readMs === undefined) return undefined;
    const limitMs = OUTDATED_REFRESHES * this.options.refreshEveryMs;
    return nowMs - this.readMs > limitMs ? this.readMs : undefined;
  }

  /** Reads the catalog anew. Throws when the catalog cannot be read; what was known stays. */
  async refresh(): Promise<void> {
    const { catalog, auth, logger, locator } = this.options;
    const startMs = (this.options.now ?? Date.now)();
    const credentials = await auth.getOwnServiceCredentials();
    const pages = catalog.streamEntities(
      {
        filter: [
          KUBERNETES_ANNOTATION,
          KUBERNETES_LABEL_SELECTOR_QUERY_ANNOTATION,
          ANNOTATION_SYSTEMD_UNIT,
          ANNOTATION_CGROUP_PATH,
        ].map(annotation => ({
          [`metadata.annotations.${annotation}`]: CATALOG_FILTER_EXISTS,
        })),
        fields: FIELDS,
      },
      { credentials },
    );
    const annotated: Entity[] = [];
    for await (const page of pages) annotated.push(...page);
    const owners = await this.titlesOf(annotated, credentials);
    const found = annotated.flatMap(entity => {
      const claim = claimOf(entity, locator);
      if (claim?.problem && !this.knowsProblem(claim)) {
        logger.warn(`${claim.entityRef}: ${claim.problem}`);
      }
      return claim ? [claim] : [];
    });
    const before = this.snapshot;
    this.snapshot = indexed(found, {
      links: byRef(annotated, entity => linkOf(entity, owners)),
      entities: byRef(annotated, entity => entity),
      names: byRef(annotated, namesOf),
    });
    // Who claims what follows from the claims alone.
    if (JSON.stringify(found) === JSON.stringify(before.claims)) {
      this.snapshot.memo = before.memo;
    }
    this.readMs = startMs;
  }

  /** What the owners of entities are called. */
  private async titlesOf(
    entities: readonly Entity[],
    credentials: BackstageCredentials,
  ): Promise<Map<string, string>> {
    const refs = [
      ...new Set(entities.flatMap(entity => ownerOf(entity) ?? [])),
    ];
    const titles = new Map<string, string>();
    for (let start = 0; start < refs.length; start += REFS_PER_CALL) {
      const entityRefs = refs.slice(start, start + REFS_PER_CALL);
      const { items } = await this.options.catalog.getEntitiesByRefs(
        { entityRefs, fields: FIELDS },
        { credentials },
      );
      items.forEach((owner, index) => {
        if (owner) titles.set(entityRefs[index], titleOf(owner));
      });
    }
    return titles;
  }

  private knowsProblem(claim: Claim): boolean {
    return this.snapshot.claims.some(
      known =>
        known.entityRef === claim.entityRef && known.problem === claim.problem,
    );
  }

  /** Entities that claim a resource, by name; empty: nobody does. */
  entitiesOf(resource: StoredResource): string[] {
    const { memo } = this.snapshot;
    const { id, attributes } = resource;
    const known = memo.get(id);
    if (known?.attributes === attributes) return known.entities;
    const entities = this.claimantsOf(resource);
    if (memo.size >= MAX_KNOWN) memo.clear();
    memo.set(id, { attributes, entities });
    return entities;
  }

  /** As `entitiesOf`, for what is no resource any more. */
  claimantsOf(resource: Omit<StoredResource, 'id'>): string[] {
    const { byKubernetesId, others } = this.snapshot;
    const labels = labelsOf(resource);
    const id = labels.get(KUBERNETES_ANNOTATION);
    const candidates = [
      ...(id === undefined ? [] : (byKubernetesId.get(id) ?? [])),
      ...others,
    ];
    return candidates
      .filter(claim => claims(claim, resource, labels))
      .map(claim => claim.entityRef)
      .sort();
  }

  /**
   * Annotated entities that a tool may mean by a name: its reference or a part of it, its title, its Kubernetes id, or the id
   * that PagerDuty's plugin knows it by. All of them, whoever may see them.
   */
  entitiesCalled(name: string): string[] {
    const wanted = name.toLowerCase();
    return [...this.snapshot.names]
      .filter(([, names]) => names.has(wanted))
      .map(([entityRef]) => entityRef)
      .sort();
  }

  /** All annotated entities. */
  links(): Iterable<EntityLink> {
    return this.snapshot.links.values();
  }

  /** What all annotated entities say. */
  claims(): readonly Claim[] {
    return this.snapshot.claims;
  }

  /** An annotated entity, as far as it was read; whoever may see it. */
  entity(entityRef: string): Entity | undefined {
    return this.snapshot.entities.get(entityRef);
  }

  /** Title and owner of an annotated entity. */
  link(entityRef: string): EntityLink | undefined {
    return this.snapshot.links.get(entityRef);
  }

  /** The link of an entity that was read with a reader's credentials; its owner's title comes from here. */
  linkOfEntity(entity: Entity): EntityLink {
    const entityRef = stringifyEntityRef(entity);
    return this.link(entityRef) ?? linkOf(entity, new Map());
  }

  claimOfEntity(entity: Entity): Claim | undefined {
    return claimOf(entity, this.options.locator);
  }
}

/** https://pagerduty.github.io/backstage-plugin-docs: the id that an incident carries. */
const PAGERDUTY_SERVICE = 'pagerduty.com/service-id';

function namesOf(entity: Entity): ReadonlySet<string> {
  const { name, namespace = 'default', title, annotations } = entity.metadata;
  const kind = entity.kind;
  return new Set(
    [
      name,
      title,
      `${namespace}/${name}`,
      `${kind}:${name}`,
      `${kind}:${namespace}/${name}`,
      annotations?.[KUBERNETES_ANNOTATION],
      annotations?.[PAGERDUTY_SERVICE],
    ].flatMap(text => (text ? [text.toLowerCase()] : [])),
  );
}

function byRef<Value>(
  entities: readonly Entity[],
  valueOf: (entity: Entity) => Value,
): Map<string, Value> {
  return new Map(
    entities.map(entity => [stringifyEntityRef(entity), valueOf(entity)]),
  );
}

function indexed(
  all: Claim[],
  maps: Pick<Snapshot, 'links' | 'entities' | 'names'>,
): Snapshot {
  const byKubernetesId = new Map<string, Claim[]>();
  const others: Claim[] = [];
  for (const claim of all) {
    const id = onlyKubernetesId(claim);
    if (id === undefined) others.push(claim);
    else byKubernetesId.set(id, [...(byKubernetesId.get(id) ?? []), claim]);
  }
  return {
    claims: all,
    ...maps,
    byKubernetesId,
    others,
    memo: new Map(),
  };
}

/** The label value that a claim needs, when it claims nothing else. */
function onlyKubernetesId(claim: Claim): string | undefined {
  if (claim.systemdUnits.length > 0 || claim.cgroupPaths.length > 0) {
    return undefined;
  }
  const requirement = claim.pods?.selector.find(
    ({ key, operator, values }) =>
      key === KUBERNETES_ANNOTATION && operator === 'in' && values.length === 1,
  );
  return requirement?.values[0];
}

function ownerOf(entity: Entity): string | undefined {
  return entity.relations?.find(({ type }) => type === RELATION_OWNED_BY)
    ?.targetRef;
}

function titleOf(entity: Entity): string {
  const profile = entity.spec?.profile as { displayName?: string } | undefined;
  return printable(
    profile?.displayName || entity.metadata.title || entity.metadata.name,
  );
}

function linkOf(entity: Entity, titles: Map<string, string>): EntityLink {
  const owner = ownerOf(entity);
  return {
    entityRef: stringifyEntityRef(entity),
    title: printable(entity.metadata.title || entity.metadata.name),
    ...(owner
      ? {
          owner: {
            entityRef: owner,
            title: titles.get(owner) ?? parseEntityRef(owner).name,
          },
        }
      : {}),
  };
}
