/**
 * Which Services have which addresses, as the Kubernetes plugin of the same portal reads them. A socket that connects to a
 * Service has its virtual address at the other end, never a pod's: without this list that stays an address.
 */
import { z } from 'zod';
import { ClusterLists, type ClusterListsOptions } from './ClusterLists';

export interface ClusterService {
  cluster: string;
  namespace: string;
  name: string;
  /** Its labels, and what it asks of its pods. */
  labels: Readonly<Record<string, string>>;
  /** Labels of its pods; empty: somebody else says where it leads. */
  selector: Readonly<Record<string, string>>;
}

const textMap = z.record(z.string(), z.string());

const serviceSchema = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    labels: textMap.nullish(),
  }),
  spec: z.object({
    clusterIP: z.string().nullish(),
    clusterIPs: z.array(z.string()).nullish(),
    externalIPs: z.array(z.string()).nullish(),
    selector: textMap.nullish(),
  }),
  status: z
    .object({
      loadBalancer: z
        .object({
          ingress: z.array(z.object({ ip: z.string().nullish() })).nullish(),
        })
        .nullish(),
    })
    .nullish(),
});
type RawService = z.output<typeof serviceSchema>;

export type ServiceListsOptions = Pick<
  ClusterListsOptions<typeof serviceSchema>,
  'reader' | 'logger' | 'enabled' | 'now'
>;

/** What a report asks: whose address it is, and of which clusters that is not known. */
export interface KnownServices {
  at(cluster: string, address: string): ClusterService | undefined;
  /** Clusters whose Services could not be read the last time, and why. */
  problems(): { cluster: string; problem: string }[];
}

export const NO_SERVICES: KnownServices = {
  at: () => undefined,
  problems: () => [],
};

export class ServiceLists implements KnownServices {
  private readonly lists: ClusterLists<typeof serviceSchema>;
  private byAddress = new Map<string, ClusterService>();

  constructor(options: ServiceListsOptions) {
    this.lists = new ClusterLists({
      ...options,
      path: '/api/v1/services',
      item: serviceSchema,
      what: 'Services',
    });
  }

  at(cluster: string, address: string): ClusterService | undefined {
    return this.byAddress.get(keyOf(cluster, address));
  }

  problems(): { cluster: string; problem: string }[] {
    return this.lists
      .all()
      .flatMap(({ cluster, problem }) =>
        problem === undefined ? [] : [{ cluster, problem }],
      );
  }

  /** Never throws: what could not be read is a problem. */
  async refresh(): Promise<void> {
    await this.lists.refresh();
    this.byAddress = new Map(
      this.lists.all().flatMap(({ cluster, items = [] }) =>
        items.flatMap(item => {
          const service = serviceOf(cluster, item);
          return addressesOf(item).map(
            address => [keyOf(cluster, address), service] as const,
          );
        }),
      ),
    );
  }
}

function serviceOf(
  cluster: string,
  { metadata, spec }: RawService,
): ClusterService {
  const { namespace, name, labels } = metadata;
  return {
    cluster,
    namespace,
    name,
    labels: labels ?? {},
    selector: spec.selector ?? {},
  };
}

/** A Service without a virtual address says `None`: its pods are connected to directly. */
function addressesOf({ spec, status }: RawService): string[] {
  return [
    spec.clusterIP,
    ...(spec.clusterIPs ?? []),
    ...(spec.externalIPs ?? []),
    ...(status?.loadBalancer?.ingress ?? []).map(({ ip }) => ip),
  ].filter((address): address is string => !!address && address !== 'None');
}

/** Addresses are unique within a cluster only. */
function keyOf(cluster: string, address: string): string {
  return `${cluster}\0${address}`;
}
