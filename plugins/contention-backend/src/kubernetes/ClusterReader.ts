/**
 * What the clusters hold, as the Kubernetes plugin of the same portal reads it with its own credentials. Knows its clusters and
 * pages of a list; refuses to know what the lists are of, and when they are read.
 */
import type {
  AuthService,
  DiscoveryService,
} from '@backstage/backend-plugin-api';
import { ResponseError } from '@backstage/errors';
import { z } from 'zod';

const clustersSchema = z.object({
  items: z.array(z.object({ name: z.string() })),
});

const pageSchema = z.object({
  metadata: z.object({ continue: z.string().optional() }).optional(),
  items: z.array(z.unknown()),
});

const TIMEOUT_MS = 15_000;
const PAGE_SIZE = 500;
/** A cluster of Kubernetes has up to 5,000 nodes and 10,000 Services; whoever sends more pages than this never ends. */
const MAX_PAGES = 40;

export class ClusterReader {
  constructor(
    private readonly options: {
      auth: AuthService;
      discovery: DiscoveryService;
    },
  ) {}

  /** Names of the clusters that the Kubernetes plugin knows. Throws where it does not answer. */
  async clusters(): Promise<string[]> {
    const answer = clustersSchema.parse(await this.get('/clusters'));
    return answer.items.map(({ name }) => name);
  }

  /** A whole list of one cluster, such as `/api/v1/nodes`. Throws where it cannot be read, or an item is none of these. */
  async list<Schema extends z.ZodType>(
    cluster: string,
    path: string,
    item: Schema,
  ): Promise<z.output<Schema>[]> {
    const items: z.output<Schema>[] = [];
    let next: string | undefined;
    for (let page = 0; page < MAX_PAGES; page++) {
      const query = new URLSearchParams({ limit: String(PAGE_SIZE) });
      if (next) query.set('continue', next);
      const answer = pageSchema.parse(
        await this.get(`/proxy${path}?${query}`, {
          'Backstage-Kubernetes-Cluster': cluster,
        }),
      );
      items.push(...answer.items.map(one => item.parse(one)));
      next = answer.metadata?.continue || undefined;
      if (!next) break;
    }
    return items;
  }

  private async get(
    path: string,
    headers: Record<string, string> = {},
  ): Promise<unknown> {
    const { auth, discovery } = this.options;
    const { token } = await auth.getPluginRequestToken({
      onBehalfOf: await auth.getOwnServiceCredentials(),
      targetPluginId: 'kubernetes',
    });
    const response = await fetch(
      `${await discovery.getBaseUrl('kubernetes')}${path}`,
      {
        signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: {
          accept: 'application/json',
          authorization: `Bearer ${token}`,
          ...headers,
        },
      },
    );
    if (!response.ok) throw await ResponseError.fromResponse(response);
    return response.json();
  }
}

/** Why a list could not be read, in the words of a page: no address, no token. */
export function reasonOf(error: unknown, what: string): string {
  if (error instanceof ResponseError) {
    return `the Kubernetes plugin answered ${error.statusCode}`;
  }
  if (error instanceof z.ZodError) return `the answer was no list of ${what}`;
  if (error instanceof Error && error.name === 'TimeoutError') {
    return 'the Kubernetes plugin did not answer in time';
  }
  return 'the Kubernetes plugin could not be reached';
}
