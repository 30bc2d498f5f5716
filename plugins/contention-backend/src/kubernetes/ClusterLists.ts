/**
 * One list of every cluster, kept in memory: read anew in the background, never while somebody waits. Knows how to go on when a
 * cluster cannot be read; refuses to know what the list is of.
 */
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { z } from 'zod';
import { reasonOf, type ClusterReader } from './ClusterReader';

export interface ClusterList<Item> {
  cluster: string;
  /** Absent when they could never be read. */
  items?: readonly Item[];
  readAtMs?: number;
  /** Why it could not be read the last time. */
  problem?: string;
}

export interface ClusterListsOptions<Schema extends z.ZodType> {
  reader: Pick<ClusterReader, 'clusters' | 'list'>;
  logger: LoggerService;
  /** Off: nobody is asked. */
  enabled: boolean;
  /** Of the API of Kubernetes, such as `/api/v1/nodes`. */
  path: string;
  item: Schema;
  /** What the items are, in words: `nodes`. */
  what: string;
  now?: () => number;
}

export class ClusterLists<Schema extends z.ZodType> {
  private lists: ClusterList<z.output<Schema>>[] = [];

  constructor(private readonly options: ClusterListsOptions<Schema>) {}

  /** Whether anybody is asked at all. */
  get isEnabled(): boolean {
    return this.options.enabled;
  }

  /** As they were read last; a cluster that could not be read keeps its list and says why. */
  all(): readonly ClusterList<z.output<Schema>>[] {
    return this.lists;
  }

  /** Never throws: what could not be read is said in the answer. */
  async refresh(): Promise<void> {
    const { enabled, logger, reader, path, item, what } = this.options;
    const { now = Date.now } = this.options;
    if (!enabled) return;
    let clusters: string[];
    try {
      clusters = await reader.clusters();
    } catch (error) {
      logger.debug(`The Kubernetes plugin names no clusters: ${error}`);
      const problem = reasonOf(error, 'clusters');
      this.lists = this.lists.map(list => ({ ...list, problem }));
      return;
    }
    this.lists = await Promise.all(
      clusters.map(async cluster => {
        try {
          const items = await reader.list(cluster, path, item);
          return { cluster, items, readAtMs: now() };
        } catch (error) {
          logger.debug(`The ${what} of ${cluster} cannot be read: ${error}`);
          const known = this.lists.find(list => list.cluster === cluster);
          return { ...known, cluster, problem: reasonOf(error, what) };
        }
      }),
    );
  }
}
