import type { Translated } from '../Translated';
import type { range as english } from '../en/range';

export const range: Translated<typeof english> = {
  range: 'Zeitraum',
  last: 'Die letzten',
  lastOf: 'Die letzten {{range}}',
  fromTo: 'Von – bis',
  twiceAsLong: 'Doppelt so lang zeigen',
  zoomOut: 'Verkleinern',
  form: 'Von und bis',
  from: 'Von ({{zone}})',
  to: 'Bis ({{zone}})',
  wrongOrder: 'Das ist nicht nach „Von“',
  show: 'Zeigen',
  cluster: 'Cluster',
  allClusters: 'alle Cluster',
  inCluster: 'Cluster {{cluster}}',
  refresh: 'Neu laden',
  refreshLive: 'Lädt von selbst neu. Jetzt neu laden',
  refreshFixed: 'Neu laden (dieser Zeitraum steht fest)',
  newest: 'Neueste Daten: {{moment}}',
  age: 'Daten {{age}} alt',
};
