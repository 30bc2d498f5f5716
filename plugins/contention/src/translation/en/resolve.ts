/** From a name and a time in a ticket to a page. */
export const resolve = {
  title: 'Find a page from an alert',
  what: 'From a pod, an address or a service and a time to what held it up then.',
  intro:
    'Say what you know of it, and when it was. Times may be in any form that an alert prints.',
  ask: 'Find',
  anything: 'anything at all',
  readAs: 'The link was read like this',

  namespace: 'Namespace',
  namespaceExample: 'shop',
  pod: 'Pod',
  podExample: 'checkout-5d8f7c9b64-x2x4z',
  container: 'Container',
  containerExample: 'containerd://4f1e2d3c…',
  ip: 'Pod address',
  ipExample: '10.0.0.5',
  node: 'Node',
  nodeExample: 'node-a',
  workload: 'Workload',
  workloadExample: 'deployment/checkout',
  service: 'Service',
  serviceExample: 'component:default/checkout',
  cluster: 'Cluster',
  clusterExample: 'production',
  at: 'At',
  atExample: '2026-11-21T10:00:00Z',
  from: 'From',
  fromExample: '2026-11-21T10:00:00Z',
  to: 'To',
  toExample: '2026-11-21T11:00:00Z',
  when: 'When',

  several: '{{number}} services fit',
  more: '… and {{number}} more. Say more of what you know.',
  owner: 'Owner:',
  onNode: 'on {{node}},',
  seenIn: 'seen {{range}}',

  unclaimedTitle: 'It ran, and belongs to no service in the catalog',
  unclaimedBody:
    'Give its pods the label {{label}}, and these lines to the entity it belongs to. What was measured before appears too.',
  unclaimedUnit:
    'Give these lines to the entity it belongs to. What was measured before appears too.',

  noneTitle: 'Nothing fits',
  lookedFor: 'What was looked for:',
  nothingNear: 'Nothing that you may see comes close, in name or in time.',
  nearest: 'What comes close:',
  name: 'much the same name',
  time: 'at another time',
  place: 'in another place',
} as const;
