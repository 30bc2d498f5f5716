// Names that Kubernetes would make up: pod uids, container ids, the suffixes of ReplicaSets and pods. Derived from what
// they name, so that a later run recognises what an earlier one left behind. Pure.
import { createHash } from 'node:crypto';

/** First group of the uid of every pod of the demo, of any folder on this machine. */
export const UID_PREFIX = 'c0de4e40';

const digest = (...parts) =>
  createHash('sha256').update(parts.join('\0')).digest('hex');

/** Which folder a demo belongs to: four hex digits in the uids of its pods, so that two do not clear each other away. */
export const instanceOf = folder => digest('instance', folder).slice(0, 4);

/** Uid of a service's pod; another generation is another pod. */
export function podUid(instance, service, generation) {
  const hex = digest('pod', instance, service, generation);
  return `${UID_PREFIX}-${instance}-4${hex.slice(0, 3)}-a${hex.slice(3, 6)}-${hex.slice(6, 18)}`;
}

/** Whether a uid is that of a pod of this instance. */
export const belongsTo = (uid, instance) =>
  uid.startsWith(`${UID_PREFIX}-${instance}-`);

/** Whether a uid is that of a pod of any demo. */
export const isDemoUid = uid => uid.startsWith(`${UID_PREFIX}-`);

/** Container id: 64 hex digits. The name of the sandbox's own container is `POD`, as it was in Docker's days. */
export const containerId = (uid, container) =>
  digest('container', uid, container);

/** Letters and digits that Kubernetes uses in generated names: no vowels, nothing that looks like another. */
const SAFE_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

function safeString(length, ...seed) {
  const bytes = Buffer.from(digest(...seed), 'hex');
  return Array.from(
    bytes.subarray(0, length),
    byte => SAFE_ALPHABET[byte % SAFE_ALPHABET.length],
  ).join('');
}

/** The `pod-template-hash` of a service's current ReplicaSet. */
export const podTemplateHash = service =>
  safeString(9, 'template', service.name, service.version);

/** Name of a service's pod: what owns it, five letters. A Deployment's pods are owned by a ReplicaSet of its. */
export const podName = (service, generation) =>
  `${ownerName(service)}-${safeString(5, 'pod', service.name, generation)}`;

/** Name of what owns a service's pod. */
export const ownerName = service =>
  service.workload === 'DaemonSet'
    ? service.name
    : `${service.name}-${podTemplateHash(service)}`;

/** A uid for an object that has no cgroup (ReplicaSet, Deployment). */
export function objectUid(kind, name) {
  const hex = digest('object', kind, name);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-b${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
