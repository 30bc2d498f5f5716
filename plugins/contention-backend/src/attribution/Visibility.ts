/**
 * Which entities a reader may see: one batched catalog call with the reader's own credentials, remembered briefly. The
 * catalog decides; we only ask.
 */
import type {
  AuthService,
  BackstageCredentials,
} from '@backstage/backend-plugin-api';
import type { CatalogService } from '@backstage/plugin-catalog-node';

const REMEMBER_MS = 30_000;
const MAX_READERS = 1_000;

interface Known {
  untilMs: number;
  visible: Map<string, boolean>;
}

export class Visibility {
  private readonly byReader = new Map<string, Known>();

  constructor(
    private readonly options: {
      catalog: CatalogService;
      auth: AuthService;
      now?: () => number;
    },
  ) {}

  /** The entities among `entityRefs` that the reader may see. */
  async visible(
    entityRefs: readonly string[],
    credentials: BackstageCredentials,
  ): Promise<Set<string>> {
    const known = this.knownOf(credentials);
    const missing = [...new Set(entityRefs)].filter(
      ref => !known.visible.has(ref),
    );
    if (missing.length > 0) {
      const { items } = await this.options.catalog.getEntitiesByRefs(
        { entityRefs: missing, fields: ['kind', 'metadata.name'] },
        { credentials },
      );
      missing.forEach((ref, index) =>
        known.visible.set(ref, items[index] !== undefined),
      );
    }
    return new Set(entityRefs.filter(ref => known.visible.get(ref)));
  }

  private knownOf(credentials: BackstageCredentials): Known {
    const { now = Date.now } = this.options;
    const reader = this.readerOf(credentials);
    const nowMs = now();
    const known = this.byReader.get(reader);
    if (known && known.untilMs > nowMs) return known;
    if (this.byReader.size >= MAX_READERS) this.byReader.clear();
    const fresh = { untilMs: nowMs + REMEMBER_MS, visible: new Map() };
    this.byReader.set(reader, fresh);
    return fresh;
  }

  private readerOf(credentials: BackstageCredentials): string {
    const { auth } = this.options;
    if (auth.isPrincipal(credentials, 'user')) {
      return `user ${credentials.principal.userEntityRef}`;
    }
    if (auth.isPrincipal(credentials, 'service')) {
      return `service ${credentials.principal.subject}`;
    }
    return 'nobody';
  }
}
