import type { resolve as english } from '../en/resolve';
import type { Translated } from '../Translated';

export const resolve: Translated<typeof english> = {
  title: 'Von einem Alarm zur Seite',
  what: 'Von einem Pod, einer Adresse oder einem Dienst und einer Zeit zu dem, was ihn damals aufhielt.',
  intro:
    'Geben Sie an, was Sie wissen, und wann es war. Zeiten dürfen so dastehen, wie ein Alarm sie nennt.',
  ask: 'Suchen',
  anything: 'irgendetwas',
  readAs: 'Der Link wurde so gelesen',

  namespace: 'Namespace',
  namespaceExample: 'shop',
  pod: 'Pod',
  podExample: 'checkout-5d8f7c9b64-x2x4z',
  container: 'Container',
  containerExample: 'containerd://4f1e2d3c…',
  ip: 'Adresse des Pods',
  ipExample: '10.0.0.5',
  node: 'Knoten',
  nodeExample: 'node-a',
  workload: 'Workload',
  workloadExample: 'deployment/checkout',
  service: 'Dienst',
  serviceExample: 'component:default/checkout',
  cluster: 'Cluster',
  clusterExample: 'production',
  at: 'Um',
  atExample: '2026-11-21T10:00:00Z',
  from: 'Von',
  fromExample: '2026-11-21T10:00:00Z',
  to: 'Bis',
  toExample: '2026-11-21T11:00:00Z',
  when: 'Wann',

  several: '{{number}} Dienste passen',
  more: '… und {{number}} weitere. Geben Sie mehr an.',
  owner: 'Gehört:',
  pageOfNode: 'Die Seite des Knotens {{node}} ({{cluster}}) zu dieser Zeit',
  onNode: 'auf {{node}},',
  seenIn: 'gesehen {{range}}',

  unclaimedTitle: 'Es lief, gehört aber zu keinem Dienst im Katalog',
  unclaimedBody:
    'Geben Sie seinen Pods das Label {{label}} und der Entität, zu der es gehört, diese Zeilen. Auch was vorher gemessen wurde, erscheint dann.',
  unclaimedUnit:
    'Geben Sie der Entität, zu der es gehört, diese Zeilen. Auch was vorher gemessen wurde, erscheint dann.',

  noneTitle: 'Nichts passt',
  lookedFor: 'Gesucht wurde:',
  nothingNear:
    'Nichts, was Sie sehen dürfen, kommt dem nahe, weder im Namen noch in der Zeit.',
  nearest: 'Was dem nahe kommt:',
  name: 'fast derselbe Name',
  time: 'zu anderer Zeit',
  place: 'an anderem Ort',
};
