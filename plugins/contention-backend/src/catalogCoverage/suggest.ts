/**
 * The annotation that would claim a workload: the fewest labels that tell it from all others of its namespace, or what the
 * host calls it. Made only of what agents report, so that what it says will match. Pure.
 */
import { KUBERNETES_ANNOTATION } from '@backstage/plugin-kubernetes-common';
import {
  ANNOTATION_CGROUP_PATH,
  ANNOTATION_SYSTEMD_UNIT,
  ATTRIBUTE,
  type ClaimSuggestion,
} from 'backstage-plugin-contention-common';
import { labelsOf } from '../attribution';
import { workloadOf } from '../reports/parties';
import type { WorkloadFacts } from './workloads';
import { annotationLines, yamlScalar } from './yaml';

const SELECTOR_ANNOTATION = 'backstage.io/kubernetes-label-selector';
const NAMESPACE_ANNOTATION = 'backstage.io/kubernetes-namespace';

/** Labels that say what a pod is, the most telling first. */
const TELLING = [
  'app.kubernetes.io/name',
  'app',
  'k8s-app',
  'app.kubernetes.io/instance',
  'app.kubernetes.io/component',
];

/** Labels that change with every version or pod. */
const FLEETING =
  /^(?:pod-template-hash|controller-revision-hash|pod-template-generation|controller-uid|job-name|statefulset\.kubernetes\.io\/pod-name|apps\.kubernetes\.io\/pod-index|batch\.kubernetes\.io\/.*)$/;

/** Workloads of a namespace, to tell one from the others. */
export class Neighbourhood {
  private readonly byNamespace = new Map<string, WorkloadFacts[]>();

  constructor(workloads: readonly WorkloadFacts[]) {
    for (const workload of workloads) {
      const key = namespaceKey(workload);
      const known = this.byNamespace.get(key);
      if (known) known.push(workload);
      else this.byNamespace.set(key, [workload]);
    }
  }

  /** Other workloads of its namespace that have these labels, too. */
  alsoMatched(
    workload: WorkloadFacts,
    labels: readonly (readonly [string, string])[],
  ): WorkloadFacts[] {
    const there = this.byNamespace.get(namespaceKey(workload)) ?? [];
    return there.filter(other => {
      if (other.key === workload.key) return false;
      const own = labelsOf(other.newest);
      return labels.every(([key, value]) => own.get(key) === value);
    });
  }
}

/** A claim covers all clusters, so the cluster makes no difference. */
function namespaceKey({ newest }: WorkloadFacts): string {
  return String(newest.attributes[ATTRIBUTE.namespace] ?? '');
}

export function suggestionFor(
  workload: WorkloadFacts,
  neighbourhood: Neighbourhood,
): ClaimSuggestion {
  const { newest, place } = workload;
  switch (place) {
    case 'kubernetes':
      return forPods(workload, neighbourhood);
    case 'systemd':
      return {
        annotations: annotationLines({
          [ANNOTATION_SYSTEMD_UNIT]: String(
            newest.attributes[ATTRIBUTE.systemdUnit],
          ),
        }),
        note: 'It claims the unit of this name on every node.',
      };
    default:
      return forCgroup(workload);
  }
}

function forCgroup({ newest, place }: WorkloadFacts): ClaimSuggestion {
  const path = String(newest.attributes[ATTRIBUTE.cgroupPath] ?? '');
  const note =
    place === 'container'
      ? 'The path holds the id of the container: it is another one when the container is made anew. A slice of its own (--cgroup-parent) stays.'
      : 'It claims everything below this path, on every node.';
  return {
    annotations: annotationLines({ [ANNOTATION_CGROUP_PATH]: path }),
    note: path.includes(',')
      ? 'The path has a comma, which the annotation takes for the end of a path: it cannot be claimed.'
      : note,
  };
}

function forPods(
  workload: WorkloadFacts,
  neighbourhood: Neighbourhood,
): ClaimSuggestion {
  const { newest } = workload;
  const labels = labelsOf(newest);
  const id = labels.get(KUBERNETES_ANNOTATION);
  if (id !== undefined) {
    return {
      annotations: annotationLines({ [KUBERNETES_ANNOTATION]: id }),
      note: 'Its pods carry the label already; no entity that says so was found.',
    };
  }
  const namespace = newest.attributes[ATTRIBUTE.namespace];
  const inNamespace: Record<string, string> =
    namespace === undefined
      ? {}
      : { [NAMESPACE_ANNOTATION]: String(namespace) };
  const lasting = [...labels]
    .filter(([key]) => !FLEETING.test(key))
    .sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1));
  const fewest = fewestLabels(workload, lasting, neighbourhood);
  if (fewest) {
    const others = neighbourhood.alsoMatched(workload, fewest);
    return {
      annotations: annotationLines({
        [SELECTOR_ANNOTATION]: fewest
          .map(([key, value]) => `${key}=${value}`)
          .join(','),
        ...inNamespace,
      }),
      ...(others.length > 0
        ? {
            note: `The same labels are on ${others.length === 1 ? 'another workload' : `${others.length} other workloads`} of its namespace, which this claims, too: ${others
              .slice(0, 3)
              .map(({ name }) => name)
              .join(', ')}${others.length > 3 ? ', …' : ''}.`,
          }
        : {}),
    };
  }
  const { name, pod } = workloadOf(newest);
  const own = name ?? pod ?? workload.name;
  return {
    annotations: annotationLines({ [KUBERNETES_ANNOTATION]: own }),
    podLabels: [
      'template:',
      '  metadata:',
      '    labels:',
      `      ${KUBERNETES_ANNOTATION}: ${yamlScalar(own)}`,
    ].join('\n'),
    note: 'No label of its pods that agents report tells what they are: they need one. Agents report the labels on their allow-list only.',
  };
}

/** One label that tells it apart, or two, or else all of them. Undefined: it has none. */
function fewestLabels(
  workload: WorkloadFacts,
  labels: readonly (readonly [string, string])[],
  neighbourhood: Neighbourhood,
): readonly (readonly [string, string])[] | undefined {
  if (labels.length === 0) return undefined;
  const telling = labels.slice(0, TELLING.length);
  const choices = [
    ...telling.map(label => [label]),
    ...telling.flatMap((first, index) =>
      telling.slice(index + 1).map(second => [first, second]),
    ),
  ];
  return (
    choices.find(
      choice => neighbourhood.alsoMatched(workload, choice).length === 0,
    ) ?? labels
  );
}

function rank(key: string): number {
  const index = TELLING.indexOf(key);
  return index < 0 ? TELLING.length : index;
}
