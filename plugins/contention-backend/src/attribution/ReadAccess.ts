/**
 * Which entities a reader may see *and* read the waiting of: visible in the catalog, and `contention.read` on each. One
 * question for many entities; the permission backend decides.
 */
import type {
  AuthService,
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { contentionReadPermission } from 'backstage-plugin-contention-common';
import { ReaderMemory } from './ReaderMemory';
import type { Visibility } from './Visibility';

/** Questions in one request to the permission backend: its body parser takes 100 KB. */
const QUESTIONS_PER_CALL = 200;

export interface Access {
  visible: ReadonlySet<string>;
  /** A part of the visible ones. */
  readable: ReadonlySet<string>;
}

export class ReadAccess {
  /** Whom readers were allowed to read. */
  private readonly allowed: ReaderMemory<true>;

  constructor(
    private readonly options: {
      auth: AuthService;
      visibility: Visibility;
      permissions: PermissionsService;
      now?: () => number;
    },
  ) {
    this.allowed = new ReaderMemory(options.auth, options.now);
  }

  /**
   * Throws `NotAllowedError` for whoever may not read an entity. Remembers only that a person may, as briefly as who sees what:
   * whoever is given the permission need not wait for it, and tokens of one service may be restricted each in another way.
   */
  async require(
    entityRef: string,
    credentials: BackstageCredentials,
  ): Promise<void> {
    const { auth, permissions } = this.options;
    const allowed = auth.isPrincipal(credentials, 'user')
      ? this.allowed.of(credentials)
      : undefined;
    if (allowed?.has(entityRef)) return;
    const [{ result }] = await permissions.authorize(
      [{ permission: contentionReadPermission, resourceRef: entityRef }],
      { credentials },
    );
    if (result !== AuthorizeResult.ALLOW) {
      throw new NotAllowedError(
        `You lack the permission ${contentionReadPermission.name} on ${entityRef}`,
      );
    }
    allowed?.set(entityRef, true);
  }

  /** Throws `NotAllowedError` for whoever may read nothing at all. */
  async requireAny(credentials: BackstageCredentials): Promise<void> {
    if ((await this.decisionFor(credentials)) === AuthorizeResult.DENY) {
      throw new NotAllowedError(
        `You lack the permission ${contentionReadPermission.name}`,
      );
    }
  }

  async of(
    entityRefs: readonly string[],
    credentials: BackstageCredentials,
  ): Promise<Access> {
    const visible = await this.options.visibility.visible(
      entityRefs,
      credentials,
    );
    const decision = await this.decisionFor(credentials);
    if (decision === AuthorizeResult.ALLOW) {
      return { visible, readable: visible };
    }
    const readable = new Set<string>();
    if (decision === AuthorizeResult.DENY) return { visible, readable };
    const asked = [...visible];
    for (let start = 0; start < asked.length; start += QUESTIONS_PER_CALL) {
      const refs = asked.slice(start, start + QUESTIONS_PER_CALL);
      const answers = await this.options.permissions.authorize(
        refs.map(resourceRef => ({
          permission: contentionReadPermission,
          resourceRef,
        })),
        { credentials },
      );
      refs.forEach((ref, index) => {
        if (answers[index].result === AuthorizeResult.ALLOW) readable.add(ref);
      });
    }
    return { visible, readable };
  }

  /** For all entities at once, or `CONDITIONAL`. */
  private async decisionFor(
    credentials: BackstageCredentials,
  ): Promise<AuthorizeResult> {
    const [{ result }] = await this.options.permissions.authorizeConditional(
      [{ permission: contentionReadPermission }],
      { credentials },
    );
    return result;
  }
}
