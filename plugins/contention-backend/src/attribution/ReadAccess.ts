/**
 * Which entities a reader may see *and* read the waiting of: visible in the catalog, and `contention.read` on each. One
 * question for many entities; the permission backend decides.
 */
import type {
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { contentionReadPermission } from 'backstage-plugin-contention-common';
import type { Visibility } from './Visibility';

/** Questions in one request to the permission backend: its body parser takes 100 KB. */
const QUESTIONS_PER_CALL = 200;

export interface Access {
  visible: ReadonlySet<string>;
  /** A part of the visible ones. */
  readable: ReadonlySet<string>;
}

export class ReadAccess {
  constructor(
    private readonly options: {
      visibility: Visibility;
      permissions: PermissionsService;
    },
  ) {}

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
