import type { Translated } from '../Translated';
import type { latency as english } from '../en/latency';

export const latency: Translated<typeof english> = {
  whichRequests: 'Welche Anfragen',
  getsChoice: 'Eingehende Anfragen',
  getsTitle: 'Wie lange seine Anfragen dauerten',
  getsAnatomy: 'Woraus seine Anfragen bestanden',
  getsPeer: 'Aufrufer',
  sendsChoice: 'Ausgehende Anfragen',
  sendsTitle: 'Wie lange die gesendeten Anfragen dauerten',
  sendsAnatomy: 'Woraus die gesendeten Anfragen bestanden',
  sendsPeer: 'Aufgerufen',
  choiceCount: '{{choice}}: {{number}}',
  choiceNone: '{{choice}}: keine',
  choiceNotMeasured: '{{choice}}: nicht gemessen',

  figureMedian: 'Median',
  figureRate: 'Rate',
  figureRequests: 'Anfragen',
  before: 'zuvor {{value}}',
  usually: 'sonst {{value}}',

  noRequests: 'Keine Anfragen in diesem Zeitraum',
  notMeasuredHere: 'Anfragen werden hier nicht gemessen',
  neitherGoodNorBad: 'Das ist weder gut noch schlecht.',
  notAllWell: 'Das heißt nicht „alles ist gut“.',
  threadsBelow:
    'Wie lange die Threads auf eine CPU warteten, ist gemessen und steht unten.',

  durationHow:
    'Vom ersten Byte der Anfrage bis zum ersten Byte der Antwort. Waagerecht die Zeit, senkrecht die Dauer, auf logarithmischer Skala: je kräftiger die Farbe, desto mehr Anfragen.',
  duration: 'Dauer',
  durationSummary:
    '{{title}}, {{range}}: {{number}} Anfragen, Median {{median}}, p99 {{p99}}',
  requestsPerSecond: 'Anfragen je Sekunde',
  rateSummary: 'Anfragen je Sekunde, {{range}}: {{rate}} im Mittel',
  requests: 'Anfragen',
  number: 'Anzahl',
  rate: 'Rate',

  selected:
    'Ausgewählt: {{selection}}. Das Folgende handelt von diesen Anfragen.',
  dragToSee:
    'Ziehen Sie über einen Teil des Bildes, um zu sehen, woraus diese Anfragen bestanden.',
  zoomIn: 'Vergrößern',
  clearSelection: 'Auswahl aufheben',
  dragging: 'Ziehen',
  dragSelects: 'Ziehen wählt aus',
  dragZooms: 'Ziehen vergrößert',

  ofSelected: 'Von den ausgewählten Anfragen: {{selection}}.',
  anatomyHow:
    'Jeder Augenblick, in dem eine Anfrage offen war, gehört zu einem Teil. Teile mit einem Namen führen auf dessen Seite, im selben Zeitraum.',
  noneSelected: 'Im ausgewählten Teil gibt es keine Anfragen.',
  nothingSaid: 'Kein Agent sagte, woraus diese Anfragen bestanden.',
  slowest1: 'Langsamstes 1 %',
  slowest10: 'Langsamste 10 %',
  all: 'Alle',
  overThreshold: '{{name}}, über {{duration}}',
  over: 'über {{duration}}',
  upTo: 'bis {{duration}}',
  count_one: '{{number}} Anfrage',
  count_other: '{{number}} Anfragen',
  estimated: 'geschätzt',
  parts: 'Teile',
  byDuration: 'Nach Dauer',
  showAllDurations: 'Jede Dauer zeigen',
  selectThese: 'Diese auswählen',
  none: 'keine',

  worst: 'Schlimmste Anfragen',
  worstHow:
    'Die langsamsten je Container und Intervall, wie sie gesehen wurden. Ein Balken ist so lang, wie die Anfrage dauerte.',
  worstHowSelected:
    'Die langsamsten je Container und Intervall, unter den ausgewählten, wie sie gesehen wurden. Ein Balken ist so lang, wie die Anfrage dauerte.',
  noneKept: 'Keine wurde aufbewahrt.',
  ended: 'Endete',
  took: 'Dauerte',
  exchange:
    'Ein Austausch: auf der Verbindung waren mehrere Anfragen zugleich offen',
  madeOf: 'Bestand aus',
  mostlyRan: 'meist lief {{culprit}}',

  where: 'Wo',
  whereHow:
    'Der Balken reicht vom Median bis p99, auf einer logarithmischen Skala für alle Zeilen.',
  breakDown: 'Aufschlüsseln nach',
  byPods: 'Anfragen nach Pod',
  byContainers: 'Anfragen nach Container',
  byNodes: 'Anfragen nach Knoten',
  app: 'App',
  sidecar: 'Sidecar',
  meshProxy: 'Mesh-Proxy',
  countedNowhere: '{{role}}, sonst nirgends gezählt',
  countedAtApp:
    'Dieselben Anfragen kommen hier nur durch: gezählt werden sie an der App',
  medianToP99: 'Median bis p99',

  normal: 'Verglichen mit dem Üblichen',
  noEarlier:
    'Kein früherer Tag ist gespeichert: was üblich ist, ist noch nicht bekannt.',
  thisRange: 'Dieser Zeitraum',
  justBefore: 'Unmittelbar davor',
  usual: 'Üblich: Median der Tage darunter',
  dayBefore: 'Ein Tag zuvor',
  daysBefore: '{{number}} Tage zuvor',

  waitInDetail: 'Warten auf eine CPU, im Einzelnen',
  waits: 'Wie lange Threads auf eine CPU warteten',
  waitsHow:
    'Waagerecht die Zeit, senkrecht die Länge der Wartezeit, auf logarithmischer Skala. Je kräftiger die Farbe, desto mehr Wartezeiten.',
  waitLength: 'Länge einer Wartezeit',
  waitsSummary:
    '{{title}}, {{range}}: {{number}} Wartezeiten, Median {{median}}, p99 {{p99}}',
  waitsNumber: 'Wartezeiten',
  stillWaiting: 'Warten noch',
  stillWaitingHow:
    'Threads, die am Ende des Zeitraums auf eine CPU warteten. Ihre Wartezeit zählt, sobald sie endet.',
  openWaits: 'Wartezeiten, die noch andauern',
  longestSoFar: 'Längste bisher',
  seenAt: 'Gesehen um',
  longest: 'Längste Wartezeiten auf eine CPU',
  waited: 'Wartete',
  mostlyWhile: 'Meist lief derweil',
  byContainer: 'Wartezeit nach Container',
  ofWanted: 'Der Zeit, in der er laufen wollte',
  ran: 'Lief',

  requestsExact:
    'Anfragen: auf jeder Verbindung war immer nur eine offen, darum ist jede von ihrem ersten Byte bis zum ersten Byte ihrer Antwort gemessen.',
  requestsEstimated:
    'Anfragen: {{share}} sind Austausche auf Verbindungen mit mehreren offenen Anfragen zugleich (Pipelining, HTTP/2, gRPC). Wo eine beginnt und endet, ist geschätzt; sie sind gekennzeichnet.',
};
