/**
 * What the catalog has besides annotations: which components and resources there are, what they are part of and who owns
 * them. In memory, refreshed in the background with the plugin's own credentials, more rarely than annotations, for it is
 * the whole catalog. Knows nothing of who is asking (see Visibility.ts).
 */
import type { AuthService } from '@backstage/backend-plugin-api';
import {
  parseEntityRef,
  RELATION_CHILD_OF,
  RELATION_OWNED_BY,
  RELATION_PART_OF,
  stringifyEntityRef,
  type Entity,
} from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { EntityLink } from 'backstage-plugin-contention-common';

const FIELDS = [
  'kind',
  'metadata.name',
  'metadata.namespace',
  'metadata.title',
  'relations',
  'spec.type',
  'spec.profile.displayName',
];

/** Kinds that can be measured. */
const RUNNING = ['component', 'resource'];

export interface OutlineEntity {
  link: EntityLink;
  /** In lower case. */
  kind: string;
  /** `spec.type`. */
  type?: string;
}

interface Snapshot {
  entities: Map<string, OutlineEntity>;
  /** What is part of, and which groups are children of, an entity. */
  parts: Map<string, string[]>;
  owned: Map<string, string[]>;
}

export class CatalogOutline {
  private snapshot: Snapshot = {
    entities: new Map(),
    parts: new Map(),
    owned: new Map(),
  };
  private loaded = false;

  constructor(
    private readonly options: { catalog: CatalogService; auth: AuthService },
  ) {}

  get isLoaded(): boolean {
    return this.loaded;
  }

  /** Reads the catalog anew. Throws when the catalog cannot be read; what was known stays. */
  async refresh(): Promise<void> {
    const { catalog, auth } = this.options;
    const credentials = await auth.getOwnServiceCredentials();
    const pages = catalog.streamEntities(
      {
        filter: { kind: [...RUNNING, 'system', 'domain', 'group'] },
        fields: FIELDS,
      },
      { credentials },
    );
    const all: Entity[] = [];
    for await (const page of pages) all.push(...page);
    this.snapshot = snapshotOf(all);
    this.loaded = true;
  }

  entity(entityRef: string): OutlineEntity | undefined {
    return this.snapshot.entities.get(entityRef);
  }

  /** Components and resources, in the order of their references. */
  running(): OutlineEntity[] {
    return [...this.snapshot.entities.values()]
      .filter(({ kind }) => RUNNING.includes(kind))
      .sort((a, b) => (a.link.entityRef < b.link.entityRef ? -1 : 1));
  }

  /**
   * Components and resources that are part of a System or Domain, or that a Group or one of the groups below it owns: parts
   * of parts, too, each once. What a group's component is part of does not matter.
   */
  membersOf(entityRef: string): string[] {
    const { entities, parts, owned } = this.snapshot;
    const seen = new Set([entityRef]);
    const queue = [entityRef];
    for (const ref of queue) {
      const next = [...(parts.get(ref) ?? []), ...(owned.get(ref) ?? [])];
      for (const other of next) {
        if (seen.has(other)) continue;
        seen.add(other);
        queue.push(other);
      }
    }
    return queue
      .slice(1)
      .filter(ref => RUNNING.includes(entities.get(ref)?.kind ?? ''))
      .sort();
  }
}

function snapshotOf(all: readonly Entity[]): Snapshot {
  const titles = new Map(
    all.map(entity => [stringifyEntityRef(entity), titleOf(entity)]),
  );
  const entities = new Map<string, OutlineEntity>();
  const parts = new Map<string, string[]>();
  const owned = new Map<string, string[]>();
  const note = (into: Map<string, string[]>, key: string, ref: string) =>
    into.set(key, [...(into.get(key) ?? []), ref]);
  for (const entity of all) {
    const entityRef = stringifyEntityRef(entity);
    const kind = entity.kind.toLocaleLowerCase('en-US');
    const type = entity.spec?.type;
    const relations = entity.relations ?? [];
    const owner = relations.find(({ type: is }) => is === RELATION_OWNED_BY);
    entities.set(entityRef, {
      kind,
      ...(typeof type === 'string' ? { type } : {}),
      link: {
        entityRef,
        title: titleOf(entity),
        ...(owner
          ? {
              owner: {
                entityRef: owner.targetRef,
                title:
                  titles.get(owner.targetRef) ??
                  parseEntityRef(owner.targetRef).name,
              },
            }
          : {}),
      },
    });
    for (const { type: is, targetRef } of relations) {
      if (is === RELATION_PART_OF || is === RELATION_CHILD_OF) {
        note(parts, targetRef, entityRef);
      } else if (is === RELATION_OWNED_BY && RUNNING.includes(kind)) {
        note(owned, targetRef, entityRef);
      }
    }
  }
  return { entities, parts, owned };
}

function titleOf(entity: Entity): string {
  const profile = entity.spec?.profile as { displayName?: string } | undefined;
  return profile?.displayName || entity.metadata.title || entity.metadata.name;
}
