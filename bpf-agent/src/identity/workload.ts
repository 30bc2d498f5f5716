/** The workload that a pod belongs to, from its owner and labels alone: no call to an API server. */
import { WORKLOAD_ATTRIBUTE } from 'backstage-plugin-contention-common/metrics';
import type { Pod } from './pod';

const TEMPLATE_HASH_LABEL = 'pod-template-hash';

/** A CronJob names its Jobs `<name>-<scheduled time>`: minutes since 1970, before Kubernetes 1.21 seconds. */
const CRON_JOB = /^(.+)-\d{8,10}$/;

/** `k8s.deployment.name` and its siblings; empty for a bare pod or an owner of another kind. */
export function workloadAttributes(pod: Pod): Record<string, string> {
  const owners = pod.metadata?.ownerReferences ?? [];
  const owner = owners.find(one => one.controller) ?? owners[0];
  if (!owner?.name) return {};
  const name = owner.name;
  switch (owner.kind) {
    case 'ReplicaSet': {
      const suffix = `-${pod.metadata?.labels?.[TEMPLATE_HASH_LABEL]}`;
      if (!name.endsWith(suffix) || name.length === suffix.length) return {};
      const deployment = name.slice(0, -suffix.length);
      return { [WORKLOAD_ATTRIBUTE.Deployment]: deployment };
    }
    case 'StatefulSet':
      return { [WORKLOAD_ATTRIBUTE.StatefulSet]: name };
    case 'DaemonSet':
      return { [WORKLOAD_ATTRIBUTE.DaemonSet]: name };
    case 'Job': {
      const cron = CRON_JOB.exec(name);
      return {
        [WORKLOAD_ATTRIBUTE.Job]: name,
        ...(cron ? { [WORKLOAD_ATTRIBUTE.CronJob]: cron[1] } : {}),
      };
    }
    default:
      return {};
  }
}
