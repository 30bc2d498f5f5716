/**
 * Who may see, freeze, answer and delete a record. While the catalog has an entity, the catalog and the permission policy
 * decide, as everywhere. When it has left the catalog there is nothing that a condition could be about: then an unconditional
 * *allow* holds, and under a conditional policy only those see it who owned it, by the owner that was frozen with it.
 */
import type {
  AuthService,
  BackstageCredentials,
  PermissionsService,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import { catalogEntityReadPermission } from '@backstage/plugin-catalog-common/alpha';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import {
  AuthorizeResult,
  type ResourcePermission,
} from '@backstage/plugin-permission-common';
import {
  contentionReadPermission,
  type EntityLink,
} from 'backstage-plugin-contention-common';
import type { Visibility } from '../attribution';

export interface AccessOptions {
  auth: AuthService;
  catalog: CatalogService;
  permissions: PermissionsService;
  userInfo: UserInfoService;
  visibility: Visibility;
}

type Permission = ResourcePermission<'catalog-entity'>;

/** One reader, for one request. */
export class Reader {
  private owned?: Promise<ReadonlySet<string>>;
  private readonly onGone = new Map<string, Promise<AuthorizeResult>>();

  constructor(
    private readonly options: AccessOptions,
    readonly credentials: BackstageCredentials,
  ) {}

  /** The signed-in user; undefined for a service. */
  get userRef(): string | undefined {
    const { auth } = this.options;
    return auth.isPrincipal(this.credentials, 'user')
      ? this.credentials.principal.userEntityRef
      : undefined;
  }

  /** Who the reader is or belongs to: nobody for a service. */
  owns(): Promise<ReadonlySet<string>> {
    this.owned ??= this.readOwned();
    return this.owned;
  }

  private async readOwned(): Promise<ReadonlySet<string>> {
    if (this.userRef === undefined) return new Set();
    const { ownershipEntityRefs } = await this.options.userInfo.getUserInfo(
      this.credentials,
    );
    return new Set([this.userRef, ...ownershipEntityRefs]);
  }

  /** Which of these entities, groups and people the reader may see; links say who owned those that are gone. */
  async visible(links: ReadonlyMap<string, EntityLink>): Promise<Set<string>> {
    const refs = [...links.keys()];
    const visible = await this.options.visibility.visible(
      refs,
      this.credentials,
    );
    if (this.userRef !== undefined && links.has(this.userRef)) {
      visible.add(this.userRef);
    }
    const rest = refs.filter(ref => !visible.has(ref));
    const existing = await this.existing(rest);
    for (const ref of rest) {
      if (existing.has(ref)) continue;
      const may = await this.mayOnGone(
        links.get(ref)!,
        catalogEntityReadPermission,
      );
      if (may) visible.add(ref);
    }
    return visible;
  }

  /** `contention.read` on the entity, and seeing it at all. */
  async mayRead(entity: EntityLink): Promise<boolean> {
    const visible = await this.visible(new Map([[entity.entityRef, entity]]));
    return (
      visible.has(entity.entityRef) &&
      (await this.may(contentionReadPermission, entity))
    );
  }

  /** A permission on an entity, whether or not the catalog still has it. */
  async may(permission: Permission, entity: EntityLink): Promise<boolean> {
    if (!(await this.exists(entity.entityRef))) {
      return this.mayOnGone(entity, permission);
    }
    const [{ result }] = await this.options.permissions.authorize(
      [{ permission, resourceRef: entity.entityRef }],
      { credentials: this.credentials },
    );
    return result === AuthorizeResult.ALLOW;
  }

  async exists(entityRef: string): Promise<boolean> {
    return (await this.existing([entityRef])).has(entityRef);
  }

  /** By the plugin's own eyes: what a reader may not see is not gone. */
  private async existing(refs: readonly string[]): Promise<Set<string>> {
    if (refs.length === 0) return new Set();
    const { auth, catalog } = this.options;
    const { items } = await catalog.getEntitiesByRefs(
      { entityRefs: [...refs], fields: ['kind', 'metadata.name'] },
      { credentials: await auth.getOwnServiceCredentials() },
    );
    return new Set(refs.filter((_, index) => items[index] !== undefined));
  }

  private async mayOnGone(
    entity: EntityLink,
    permission: Permission,
  ): Promise<boolean> {
    const known = this.onGone.get(permission.name);
    const asked = known ?? this.askWithout(permission);
    this.onGone.set(permission.name, asked);
    const result = await asked;
    if (result !== AuthorizeResult.CONDITIONAL) {
      return result === AuthorizeResult.ALLOW;
    }
    const owner = entity.owner?.entityRef;
    const mine = await this.owns();
    return (
      mine.has(entity.entityRef) || (owner !== undefined && mine.has(owner))
    );
  }

  private async askWithout(permission: Permission): Promise<AuthorizeResult> {
    const [{ result }] = await this.options.permissions.authorizeConditional(
      [{ permission }],
      { credentials: this.credentials },
    );
    return result;
  }
}

/** Makes readers. */
export class EvidenceAccess {
  constructor(private readonly options: AccessOptions) {}

  reader(credentials: BackstageCredentials): Reader {
    return new Reader(this.options, credentials);
  }
}
