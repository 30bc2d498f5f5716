/** Coverage of a portal that has been used for a while: most is claimed, and something of each kind is not. */
import type {
  CoverageReport,
  UnclaimedWorkload,
} from 'backstage-plugin-contention-common';
import type { Range } from './base';
import { entityLink } from './parties';

const lines = (...annotations: string[]) =>
  [
    'metadata:',
    '  annotations:',
    ...annotations.map(line => `    ${line}`),
  ].join('\n');

function workload(
  name: string,
  range: Range,
  more: Partial<UnclaimedWorkload> & Pick<UnclaimedWorkload, 'suggestion'>,
): UnclaimedWorkload {
  const [namespace, own] = name.split('/');
  return {
    key: `workload:demo/${name}`,
    name,
    place: 'kubernetes',
    workload: { cluster: 'demo', namespace, kind: 'Deployment', name: own },
    instances: 2,
    nodes: ['node-a', 'node-b'],
    lastSeen: range.to - 20_000,
    ...more,
  };
}

export function coverageOf(range: Range): CoverageReport {
  const byName = Array.from({ length: 24 }, (_, index) => {
    const name = `worker-${String(index + 1).padStart(2, '0')}`;
    return workload(`jobs/${name}`, range, {
      instances: 1,
      nodes: ['node-b'],
      suggestion: {
        annotations: lines(
          `backstage.io/kubernetes-label-selector: app=${name}`,
          'backstage.io/kubernetes-namespace: jobs',
        ),
      },
    });
  });
  const workloads = [
    workload('kube-system/node-exporter', range, {
      instances: 14,
      nodes: Array.from({ length: 14 }, (_, index) => `node-${index + 1}`),
      workload: {
        cluster: 'demo',
        namespace: 'kube-system',
        kind: 'DaemonSet',
        name: 'node-exporter',
      },
      suggestion: {
        annotations: lines(
          'backstage.io/kubernetes-label-selector: app.kubernetes.io/name=node-exporter',
          'backstage.io/kubernetes-namespace: kube-system',
        ),
      },
    }),
    workload('shop/gift-cards', range, {
      suggestion: {
        annotations: lines('backstage.io/kubernetes-id: gift-cards'),
        podLabels:
          'template:\n  metadata:\n    labels:\n      backstage.io/kubernetes-id: gift-cards',
        note: 'No label of its pods that agents report tells what they are: they need one. Agents report the labels on their allow-list only.',
      },
    }),
    ...byName,
    workload('=HYPERLINK("https://evil.example")', range, {
      key: 'unit:demo/evil',
      place: 'systemd',
      workload: {
        cluster: 'demo',
        systemdUnit: '=HYPERLINK("https://evil.example")',
      },
      instances: 1,
      nodes: ['node-a'],
      suggestion: {
        annotations: lines(
          'contention/systemd-unit: "=HYPERLINK(\\"https://evil.example\\")"',
        ),
        note: 'It claims the unit of this name on every node.',
      },
    }),
    workload('/batch/nightly', range, {
      key: 'cgroup:demo//batch/nightly',
      place: 'cgroup',
      workload: { cluster: 'demo', cgroupPath: '/batch/nightly' },
      instances: 1,
      nodes: ['node-a'],
      suggestion: {
        annotations: lines('contention/cgroup-path: /batch/nightly'),
        note: 'It claims everything below this path, on every node.',
      },
    }),
  ];
  const claimedWorkloads = 31;
  const entities: CoverageReport['entities'] = [
    {
      entity: entityLink('ghost', 'shop'),
      kind: 'component',
      type: 'service',
      gap: 'no-pods',
      lookedFor: [
        'pods with the labels backstage.io/kubernetes-id=ghost in any namespace of any cluster',
      ],
    },
    {
      entity: entityLink('legacy-billing', 'payments'),
      kind: 'component',
      type: 'service',
      gap: 'not-annotated',
      lookedFor: [],
      annotations: lines('backstage.io/kubernetes-id: legacy-billing'),
    },
    {
      entity: entityLink('mail-relay', 'shop'),
      kind: 'component',
      type: 'service',
      gap: 'not-understood',
      lookedFor: [
        "the label selector 'app in mail' is not valid: after 'in' comes no '('",
      ],
    },
  ];
  return {
    range,
    counts: {
      workloads: claimedWorkloads + workloads.length,
      claimedWorkloads,
      entities: 18,
      entitiesWithData: 18 - entities.length,
      entitiesThatDoNotRun: 4,
      nodes: 4,
      reportingNodes: 2,
    },
    workloads,
    entities,
    nodes: [
      { cluster: 'demo', node: 'node-d', state: 'no-agent', isListed: true },
      {
        cluster: 'demo',
        node: 'node-c',
        state: 'silent',
        lastSeen: range.to - 5 * 3_600_000,
        isListed: false,
      },
      {
        cluster: 'demo',
        node: 'node-a',
        state: 'reporting',
        lastSeen: range.to - 8_000,
        isListed: true,
      },
      {
        cluster: 'demo',
        node: 'node-b',
        state: 'reporting',
        lastSeen: range.to - 11_000,
        isListed: true,
      },
    ],
    nodeLists: [
      { cluster: 'demo', source: 'kubernetes', readAt: range.to - 120_000 },
      {
        cluster: 'eu-west-1',
        source: 'agents',
        problem: 'the Kubernetes plugin answered 403',
      },
    ],
    left: { workloads: 0, entities: 0 },
  };
}
