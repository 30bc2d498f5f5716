/**
 * Which entities a reader may see: one batched catalog call with the reader's own credentials, remembered briefly. The
 * catalog decides; we only ask.
 */
import type {
  AuthService,
  BackstageCredentials,
} from '@backstage/backend-plugin-api';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { ReaderMemory } from './ReaderMemory';

export class Visibility {
  private readonly known: ReaderMemory<boolean>;

  constructor(
    private readonly options: {
      catalog: CatalogService;
      auth: AuthService;
      now?: () => number;
    },
  ) {
    this.known = new ReaderMemory(options.auth, options.now);
  }

  /** The entities among `entityRefs` that the reader may see. */
  async visible(
    entityRefs: readonly string[],
    credentials: BackstageCredentials,
  ): Promise<Set<string>> {
    const known = this.known.of(credentials);
    const missing = [...new Set(entityRefs)].filter(ref => !known.has(ref));
    if (missing.length > 0) {
      const { items } = await this.options.catalog.getEntitiesByRefs(
        { entityRefs: missing, fields: ['kind', 'metadata.name'] },
        { credentials },
      );
      missing.forEach((ref, index) =>
        known.set(ref, items[index] !== undefined),
      );
    }
    return new Set(entityRefs.filter(ref => known.get(ref)));
  }
}
