/** Whose data a token may bring: the subject of the token is bound to a cluster, so one agent cannot speak for another's. */
import { ATTRIBUTE } from 'backstage-plugin-contention-common';
import type { Attributes } from '../otlp';
import { IngestError } from './errors';
import type { IngestSettings } from './settings';

/** Cluster of data that names none and whose sender is bound to none. */
export const DEFAULT_CLUSTER = 'default';

/**
 * @returns the function that gives a resource its cluster; it throws IngestError 403 for data of another cluster
 * @throws IngestError 403 for a subject that is bound to no cluster, unless those are allowed
 */
export function clusterBinding(
  subject: string,
  settings: Pick<IngestSettings, 'clusterOf' | 'allowUnbound'>,
): (resource: Attributes) => string {
  const bound = settings.clusterOf.get(subject);
  if (bound === undefined && !settings.allowUnbound) {
    throw IngestError.forbidden(
      `'${subject}' is bound to no cluster: add it to contention.ingest.clusters in app-config`,
    );
  }
  return resource => {
    const claimed = resource[ATTRIBUTE.cluster];
    if (claimed === undefined || claimed === '')
      return bound ?? DEFAULT_CLUSTER;
    if (bound !== undefined && claimed !== bound) {
      throw IngestError.forbidden(
        `'${subject}' is bound to the cluster '${bound}' and must not send data of '${claimed}'`,
      );
    }
    return String(claimed);
  };
}
