/**
 * Which nodes the clusters have, as far as it can be known: the Kubernetes plugin of the same portal reads them with its own
 * credentials, in the background, never while somebody waits. An agent knows its own node only, so without that plugin a
 * node that never had an agent cannot be known.
 */
import type {
  AuthService,
  DiscoveryService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { ResponseError } from '@backstage/errors';
import { z } from 'zod';

export interface ClusterNodes {
  cluster: string;
  /** Absent when they could not be read. */
  nodes?: readonly string[];
  readAtMs?: number;
  problem?: string;
}

const clustersSchema = z.object({
  items: z.array(z.object({ name: z.string() })),
});

const nodesSchema = z.object({
  metadata: z.object({ continue: z.string().optional() }).optional(),
  items: z.array(z.object({ metadata: z.object({ name: z.string() }) })),
});

const TIMEOUT_MS = 15_000;
const PAGE_SIZE = 500;
/** A cluster of Kubernetes has up to 5,000 nodes; whoever sends more pages than this never ends. */
const MAX_PAGES = 40;

export interface NodeListsOptions {
  auth: AuthService;
  discovery: DiscoveryService;
  logger: LoggerService;
  /** Off: nobody is asked. */
  enabled: boolean;
  now?: () => number;
}

export class NodeLists {
  private lists: ClusterNodes[] = [];

  constructor(private readonly options: NodeListsOptions) {}

  /** Whether anybody is asked at all. */
  get isEnabled(): boolean {
    return this.options.enabled;
  }

  /** As they were read last; a cluster that could not be read keeps its nodes and says why. */
  all(): readonly ClusterNodes[] {
    return this.lists;
  }

  /** Never throws: what could not be read is said in the answer. */
  async refresh(): Promise<void> {
    const { enabled, logger, now = Date.now } = this.options;
    if (!enabled) return;
    let clusters: string[];
    try {
      const answer = clustersSchema.parse(await this.get('/clusters'));
      clusters = answer.items.map(({ name }) => name);
    } catch (error) {
      logger.debug(`The Kubernetes plugin names no clusters: ${error}`);
      this.lists = this.lists.map(list => ({
        ...list,
        problem: reasonOf(error),
      }));
      return;
    }
    this.lists = await Promise.all(
      clusters.map(async (cluster): Promise<ClusterNodes> => {
        try {
          const nodes = await this.nodesOf(cluster);
          return { cluster, nodes, readAtMs: now() };
        } catch (error) {
          logger.debug(`The nodes of ${cluster} cannot be read: ${error}`);
          const known = this.lists.find(list => list.cluster === cluster);
          return { ...known, cluster, problem: reasonOf(error) };
        }
      }),
    );
  }

  private async nodesOf(cluster: string): Promise<string[]> {
    const names: string[] = [];
    let next: string | undefined;
    for (let page = 0; page < MAX_PAGES; page++) {
      const query = new URLSearchParams({ limit: String(PAGE_SIZE) });
      if (next) query.set('continue', next);
      const answer = nodesSchema.parse(
        await this.get(`/proxy/api/v1/nodes?${query}`, {
          'Backstage-Kubernetes-Cluster': cluster,
        }),
      );
      names.push(...answer.items.map(({ metadata }) => metadata.name));
      next = answer.metadata?.continue || undefined;
      if (!next) break;
    }
    return names;
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

/** In the words of a page: no address, no token. */
function reasonOf(error: unknown): string {
  if (error instanceof ResponseError) {
    return `the Kubernetes plugin answered ${error.statusCode}`;
  }
  if (error instanceof z.ZodError) return 'the answer was no list of nodes';
  if (error instanceof Error && error.name === 'TimeoutError') {
    return 'the Kubernetes plugin did not answer in time';
  }
  return 'the Kubernetes plugin could not be reached';
}
