/**
 * Which workloads an entity claims: the rules of `@backstage/plugin-kubernetes`, applied to what agents report, and two
 * annotations for what runs outside of Kubernetes. Pure.
 *
 * 1. `backstage.io/kubernetes-label-selector`, if there; else the pod label `backstage.io/kubernetes-id` must equal the
 *    annotation of that name, or the entity's name where the annotation is empty.
 * 2. `backstage.io/kubernetes-namespace`, if there, restricts to that namespace.
 * 3. Clusters by `kubernetes.serviceLocatorMethod.type`, as that plugin chooses them.
 */
import { stringifyEntityRef, type Entity } from '@backstage/catalog-model';
import {
  KUBERNETES_ANNOTATION,
  KUBERNETES_LABEL_SELECTOR_QUERY_ANNOTATION,
} from '@backstage/plugin-kubernetes-common';
import {
  ANNOTATION_CGROUP_PATH,
  ANNOTATION_SYSTEMD_UNIT,
  ATTRIBUTE,
  POD_LABEL_PREFIX,
} from 'backstage-plugin-contention-common';
import type { StoredResource } from '../store';
import {
  matches,
  parseSelector,
  SelectorError,
  type Labels,
  type Selector,
} from './selector';

const NAMESPACE_ANNOTATION = 'backstage.io/kubernetes-namespace';
const CLUSTER_ANNOTATION = 'backstage.io/kubernetes-cluster';

/** `kubernetes.serviceLocatorMethod.type`; `multiTenant` where the Kubernetes plugin is not configured. */
export type ServiceLocator = 'multiTenant' | 'singleTenant' | 'catalogRelation';

/** What an entity's annotations say. */
export interface Claim {
  entityRef: string;
  pods?: {
    selector: Selector;
    selectorText: string;
    namespace?: string;
  };
  /** Clusters that the claim is restricted to; absent: all. */
  clusters?: readonly string[];
  systemdUnits: readonly string[];
  cgroupPaths: readonly string[];
  /** Why a part of the annotations is not used. */
  problem?: string;
}

/** The claim of an entity; undefined when it carries none of the annotations. */
export function claimOf(
  entity: Entity,
  locator: ServiceLocator,
): Claim | undefined {
  const annotations = entity.metadata.annotations ?? {};
  const has = (key: string) => annotations[key] !== undefined;
  const claim: Claim = {
    entityRef: stringifyEntityRef(entity),
    clusters: clustersOf(entity, locator),
    systemdUnits: commaList(annotations[ANNOTATION_SYSTEMD_UNIT]),
    cgroupPaths: commaList(annotations[ANNOTATION_CGROUP_PATH]).map(
      withoutTrailingSlash,
    ),
  };
  if (
    has(KUBERNETES_ANNOTATION) ||
    has(KUBERNETES_LABEL_SELECTOR_QUERY_ANNOTATION)
  ) {
    const id = annotations[KUBERNETES_ANNOTATION] || entity.metadata.name;
    const selectorText =
      annotations[KUBERNETES_LABEL_SELECTOR_QUERY_ANNOTATION] ||
      `${KUBERNETES_ANNOTATION}=${id}`;
    try {
      claim.pods = {
        selector: parseSelector(selectorText),
        selectorText,
        namespace: annotations[NAMESPACE_ANNOTATION] || undefined,
      };
    } catch (error) {
      if (!(error instanceof SelectorError)) throw error;
      claim.problem = error.message;
    }
    return claim;
  }
  const claimsHost =
    claim.systemdUnits.length > 0 || claim.cgroupPaths.length > 0;
  return claimsHost ? claim : undefined;
}

function clustersOf(
  entity: Entity,
  locator: ServiceLocator,
): string[] | undefined {
  if (locator === 'singleTenant') {
    const cluster = entity.metadata.annotations?.[CLUSTER_ANNOTATION];
    return cluster ? [cluster] : undefined;
  }
  if (locator === 'catalogRelation') {
    const prefix = `resource:${entity.metadata.namespace ?? 'default'}/`;
    return (entity.relations ?? [])
      .filter(
        ({ type, targetRef }) =>
          type === 'dependsOn' && targetRef.startsWith(prefix),
      )
      .map(({ targetRef }) => targetRef.slice(prefix.length));
  }
  return undefined;
}

function commaList(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map(item => item.trim())
    .filter(item => item !== '');
}

function withoutTrailingSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

/** The labels that an agent reported of a pod. */
export function labelsOf(resource: Pick<StoredResource, 'attributes'>): Labels {
  const labels = new Map<string, string>();
  for (const [key, value] of Object.entries(resource.attributes)) {
    if (key.startsWith(POD_LABEL_PREFIX)) {
      labels.set(key.slice(POD_LABEL_PREFIX.length), String(value));
    }
  }
  return labels;
}

/** Whether a claim covers a resource: a container, a pod, a systemd unit or any other cgroup. */
export function claims(
  claim: Claim,
  resource: Pick<StoredResource, 'attributes' | 'cluster'>,
  labels: Labels = labelsOf(resource),
): boolean {
  const { attributes, cluster } = resource;
  const isPod =
    attributes[ATTRIBUTE.podUid] !== undefined ||
    attributes[ATTRIBUTE.podName] !== undefined;
  if (isPod) {
    const { pods, clusters } = claim;
    if (pods && (!clusters || clusters.includes(cluster))) {
      const { namespace, selector } = pods;
      const inNamespace =
        namespace === undefined ||
        attributes[ATTRIBUTE.namespace] === namespace;
      if (inNamespace && matches(selector, labels)) return true;
    }
  }
  const unit = attributes[ATTRIBUTE.systemdUnit];
  if (unit !== undefined && claim.systemdUnits.includes(String(unit))) {
    return true;
  }
  const path = attributes[ATTRIBUTE.cgroupPath];
  return (
    path !== undefined &&
    claim.cgroupPaths.some(
      claimed =>
        path === claimed ||
        claimed === '/' ||
        String(path).startsWith(`${claimed}/`),
    )
  );
}

/** What was looked for, one rule a line, for a person who wonders why nothing was found. */
export function describeClaim(claim: Claim): string[] {
  const lines: string[] = [];
  if (claim.problem) lines.push(claim.problem);
  if (claim.pods) {
    const { selectorText, namespace } = claim.pods;
    lines.push(
      `pods with the labels ${selectorText} in ${
        namespace ? `the namespace ${namespace}` : 'any namespace'
      } of ${
        claim.clusters
          ? `the cluster${claim.clusters.length === 1 ? '' : 's'} ${claim.clusters.join(', ') || '(none: the entity depends on no cluster)'}`
          : 'any cluster'
      }`,
    );
  }
  for (const unit of claim.systemdUnits) lines.push(`the systemd unit ${unit}`);
  for (const path of claim.cgroupPaths) {
    lines.push(`the cgroup ${path} and everything below it`);
  }
  return lines;
}

/** The lines that make an entity ours, to be copied into its catalog-info.yaml. */
export function annotationYaml(entity: Entity): string {
  return [
    'metadata:',
    '  annotations:',
    `    ${KUBERNETES_ANNOTATION}: ${entity.metadata.name}`,
  ].join('\n');
}
