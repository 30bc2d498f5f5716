import type { Translated } from '../Translated';
import type { charts as english } from '../en/charts';

export const charts: Translated<typeof english> = {
  legend: 'Legende',
  noData: 'keine Daten',
  nothing: 'nichts',
  requests: 'Anfragen',
  waits: 'Wartezeiten',
  noRequests: 'keine Anfragen',
  noWaits: 'keine Wartezeiten',
  noWaiting: 'keine Wartezeit',
  noPackets: 'kein Paket stand',
  requestsPerSecond: 'Anfragen je Sekunde',
  waitingPerSecond: 'Sekunden Wartezeit je Sekunde',
  packetsStanding: 'Pakete, die zugleich standen',
  shareStopped: 'Anteil gedrosselter Perioden',
  cpus: 'CPUs',
  used: 'genutzt',
  neededAtMost: 'höchstens gebraucht',
  limit: 'Limit',

  markIsRequest: 'Jede Marke ist eine Anfrage',
  markIsWait: 'Jede Marke ist eine Wartezeit',
  oneRequest: '1 Anfrage',
  oneWait: '1 Wartezeit',
  cellOfRequests: '{{number}} Anfragen in einer Zelle',
  cellOfWaits: '{{number}} Wartezeiten in einer Zelle',

  notMeasured: 'In diesem Zeitraum wurde nichts gemessen.',
  median: 'Median {{duration}}',
  worst: 'längste {{duration}}',
  bucket: '{{from}} bis {{to}}: {{number}}',

  keys: '{{chart}}. Pfeiltasten gehen durch die Zeit',
  keysZoom:
    '{{chart}}. Pfeiltasten gehen durch die Zeit, mit Umschalt markieren sie eine Strecke, Eingabe: vergrößern',
  keysSelect:
    '{{chart}}. Pfeiltasten gehen durch die Zeit, mit Umschalt markieren sie eine Strecke, Eingabe: auswählen',
  keysChoose:
    '{{chart}}. Pfeiltasten gehen durch die Zeit, mit Umschalt markieren sie eine Strecke, Eingabe: wählen',
  noMoment: 'Kein Zeitpunkt gewählt',
  letGoZoom: 'Loslassen vergrößert',
  letGoSelect: 'Loslassen wählt aus',
  letGoChoose: 'Loslassen wählt',

  changes: '{{number}} Änderungen',
  rollout: 'Rollout',
  restart: 'Neustart',
  pods: 'Pods',
  image: 'Image',
  cpuLimit: 'CPU-Limit',
  cpuRequest: 'CPU-Request',
};
