/**
 * What an alert tool says, as something that can be looked up: ids without their scheme, addresses without their port, names
 * without what some tools write around them. Pure.
 */
import type { ResolveWho } from 'backstage-plugin-contention-common';
import type { IdentityKey } from '../store';

export interface Question {
  /** Narrow down whatever is looked up. */
  cluster?: string;
  namespace?: string;
  /** Preferred where a pod has several; excludes none. */
  containerName?: string;
  /** From what says most to what says least: the first that finds something counts. */
  look: Look[];
}

export type Look =
  | { by: IdentityKey; kind?: string }
  | { by: { type: 'service'; name: string } };

export function questionOf(who: ResolveWho): Question {
  const look: Look[] = [];
  const { cluster } = who;
  let { namespace } = who;
  let containerName: string | undefined;

  if (who.container !== undefined) {
    const key = containerKey(who.container);
    if (key) look.push({ by: key });
    else containerName = who.container;
  }
  if (who.pod !== undefined) {
    const [pod, within] = afterSlash(who.pod);
    namespace ??= within;
    look.push({ by: { type: 'pod', pod } });
  }
  if (who.ip !== undefined) {
    look.push({ by: { type: 'ip', ip: plainAddress(who.ip) } });
  }
  if (who.workload !== undefined) {
    const [workload, before] = afterSlash(who.workload);
    const kind = before && kindOf(before);
    if (before && !kind) namespace ??= before;
    look.push({ by: { type: 'workload', workload }, kind });
  }
  if (who.service !== undefined) {
    look.push({ by: { type: 'service', name: who.service } });
    // A Kubernetes service is mostly called as what stands behind it.
    if (!who.service.includes(':')) {
      const [workload] = afterSlash(who.service);
      look.push({ by: { type: 'workload', workload } });
    }
  }
  if (who.node !== undefined) {
    look.push({ by: { type: 'node', node: withoutPort(who.node) } });
  }
  return { cluster, namespace, containerName, look };
}

/** `containerd://<id>`, the id alone, or the 12 digits that `docker ps` prints; undefined for a container's name. */
function containerKey(text: string): IdentityKey | undefined {
  const scheme = /^[a-z][a-z0-9.+-]*:\/\//i.exec(text);
  const id = text.slice(scheme?.[0].length ?? 0);
  if (/^[0-9a-f]{12,63}$/i.test(id)) {
    return { type: 'container-prefix', prefix: id.toLowerCase() };
  }
  if (/^[0-9a-f]{64}$/i.test(id)) {
    return { type: 'container', id: id.toLowerCase() };
  }
  return scheme && id !== '' ? { type: 'container', id } : undefined;
}

/** What follows the last slash, and the part before it. */
function afterSlash(text: string): [last: string, before?: string] {
  const parts = text.split('/');
  return [parts.at(-1)!, parts.at(-2)];
}

const KINDS: Record<string, string> = {
  deployment: 'Deployment',
  deploy: 'Deployment',
  statefulset: 'StatefulSet',
  sts: 'StatefulSet',
  daemonset: 'DaemonSet',
  ds: 'DaemonSet',
  job: 'Job',
  cronjob: 'CronJob',
  cj: 'CronJob',
};

function kindOf(text: string): string | undefined {
  return (
    KINDS[text.toLowerCase().replace(/s?(\.apps|\.batch)?$/, '')] ??
    KINDS[text.toLowerCase()]
  );
}

/** Prometheus says `instance="10.0.0.5:8080"`; IPv6 with a port stands in brackets. */
function plainAddress(text: string): string {
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(text);
  const address = bracketed ? bracketed[1] : withoutPort(text);
  return address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
}

/** `node-a:9100`; an IPv6 address has more colons than one. */
function withoutPort(text: string): string {
  return /^[^:]+:\d+$/.test(text) ? text.slice(0, text.indexOf(':')) : text;
}
