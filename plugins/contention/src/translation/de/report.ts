import type { Translated } from '../Translated';
import type { report as english } from '../en/report';

export const report: Translated<typeof english> = {
  latency: 'Latenz',
  throttling: 'Drosselung',
  neighbours: 'Laute Nachbarn',
  viewLatency: 'Latenz',
  viewThrottling: 'Drosselung',
  viewNeighbours: 'laute Nachbarn',

  since: 'Seit {{moment}}',
  inAllOf: 'Im ganzen Zeitraum {{range}}:',
  nothingBefore:
    'Vor {{moment}} wurde nichts gemessen: die Diagramme beginnen dort.',
  changes: 'Änderungen in diesem Zeitraum',
  changed: 'In diesem Zeitraum geändert:',
  showAll: 'Alle {{number}} zeigen',

  notMeasured: 'Nicht gemessen',
  sure: 'Wie sicher das ist',
  exact:
    'Gemessen, keine Stichprobe: der Kernel verfolgt jede Wartezeit von der ersten bis zur letzten Nanosekunde.',
  ledger: 'Aus der Buchführung des Kernels selbst (cpu.stat).',
  estimated: 'Geschätzt: manche dieser Zahlen sind nicht einzeln gemessen.',
  unattributed: '{{share}} der Wartezeit ließen sich niemandem zuordnen.',
  nothingLost: 'Kein Ereignis des Kernels ging verloren.',
  unknownReason: 'Die Anfrage schlug aus unbekanntem Grund fehl',

  networkWork: 'Arbeit für seine Netzwerkpakete',
  severalClaim: 'mehrere Entitäten beanspruchen diesen Pod',
  mayNotSee: 'Sie dürfen nicht sehen, wer das ist',
  eitherOr: 'oder',
  within: 'innerhalb der Anforderung',
  withinMeans: 'Der Knoten ist zu voll',
  over: 'mehr als angefordert',
  overMeans: 'Es braucht mehr CPU, als es angefordert hat',
  requestUnknown: 'Anforderung nicht bekannt',
  requestUnknownMeans: 'Seine CPU-Anforderung ist nicht bekannt',
  usedOf: '{{used}} von {{asked}}',
  usedOfTooFull: '{{used}} von {{asked}}: der Knoten ist zu voll',
  usedTooFull: '{{used}}: der Knoten ist zu voll',

  showTable: 'Als Tabelle zeigen',
  showChart: 'Als Diagramm zeigen',
  sectionShowTable: '{{title}}: als Tabelle zeigen',
  sectionShowChart: '{{title}}: als Diagramm zeigen',
  windowStarts: 'Fenster beginnt',
  byWindow: '{{title}}, nach Fenstern',
  dragToZoom: 'Ziehen vergrößert.',

  what: 'Was',
  name: 'Name',
  owner: 'Eigentümer',
  node: 'Knoten',
  pod: 'Pod',
  container: 'Container',
  when: 'Wann',
  waiting: 'Wartezeit',
  shareOfWaiting: 'Anteil an der Wartezeit',
  median: 'Median',
  notKnown: 'nicht bekannt',
};
