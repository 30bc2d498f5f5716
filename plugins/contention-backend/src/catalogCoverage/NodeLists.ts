/**
 * Which nodes the clusters have, as far as it can be known: the Kubernetes plugin of the same portal reads them. An agent knows
 * its own node only, so without that plugin a node that never had an agent cannot be known.
 */
import { z } from 'zod';
import { ClusterLists, type ClusterListsOptions } from '../kubernetes';

export interface ClusterNodes {
  cluster: string;
  /** Absent when they could not be read. */
  nodes?: readonly string[];
  readAtMs?: number;
  problem?: string;
}

const nodeSchema = z.object({ metadata: z.object({ name: z.string() }) });

export type NodeListsOptions = Pick<
  ClusterListsOptions<typeof nodeSchema>,
  'reader' | 'logger' | 'enabled' | 'now'
>;

export class NodeLists {
  private readonly lists: ClusterLists<typeof nodeSchema>;

  constructor(options: NodeListsOptions) {
    this.lists = new ClusterLists({
      ...options,
      path: '/api/v1/nodes',
      item: nodeSchema,
      what: 'nodes',
    });
  }

  /** As they were read last; a cluster that could not be read keeps its nodes and says why. */
  all(): readonly ClusterNodes[] {
    return this.lists.all().map(({ items, ...list }) => ({
      ...list,
      ...(items ? { nodes: items.map(({ metadata }) => metadata.name) } : {}),
    }));
  }

  /** Never throws: what could not be read is said in the answer. */
  refresh(): Promise<void> {
    return this.lists.refresh();
  }
}
