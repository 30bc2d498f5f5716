import type { peers as english } from '../en/peers';
import type { Translated } from '../Translated';

export const peers: Translated<typeof english> = {
  title: 'Upstreams und Downstreams',
  how: 'Wen es aufruft und wer es aufruft, über TCP. So, wie sein eigener Kernel es sah: Anfragen, Umlaufzeiten, wiederholte Segmente, gescheiterte Verbindungen.',
  loading: 'Upstreams und Downstreams werden geladen',
  failed: 'Upstreams und Downstreams waren nicht zu lesen',
  newestFailed: 'Die neueste Antwort fehlt; dies ist die davor.',
  none: 'Keine Verbindungen in diesem Zeitraum',
  notMeasured: 'Verbindungen werden hier nicht gemessen',
  notMeasuredMeans:
    'Die Agenten auf seinen Knoten sind älter als diese Seite, oder ihr Kernel sagt es nicht. Das heißt nicht, dass alles gut ist.',
  notInRecord:
    'Diese Aufzeichnung entstand, bevor Verbindungen ein Teil von Aufzeichnungen waren.',

  which: 'Welche Seite',
  upstreams: 'Upstreams',
  downstreams: 'Downstreams',
  nameServers: 'Nameserver',
  choiceCount: '{{choice}}: {{number}}',
  choiceNone: '{{choice}}: keine',
  upstreamsCaption: 'Upstreams: wen es aufruft',
  downstreamsCaption: 'Downstreams: wer es aufruft',
  noUpstreams: 'Es rief in diesem Zeitraum niemanden auf.',
  noDownstreams: 'Niemand rief es in diesem Zeitraum auf.',

  who: 'Wer',
  requests: 'Anfragen',
  duration: 'Median, p99',
  roundTrip: 'Umlaufzeit',
  sentAgain: 'Wiederholt',
  connecting: 'Verbinden',
  failing: 'Gescheitert',
  cutOff: 'Abbrüche',

  service: 'Service, seine Pods sind nicht bekannt',
  address: 'Adresse, wessen ist nicht bekannt',
  ownPod: 'Sein eigener Pod',
  ownPodMeans: 'ein anderer Container desselben Pods',
  others: 'Andere Adressen',
  othersMeans: 'mehr, als Platz hatten, zusammen',
  hidden: 'Alle, die Sie nicht sehen dürfen, zusammen',
  moreAddresses_one: 'und {{number}} weitere Adresse',
  moreAddresses_other: 'und {{number}} weitere Adressen',
  p99: 'p99 {{duration}}',
  ofSegments: 'von {{number}} Segmenten',
  perMinute: '{{number}}/min',
  resets: '{{sent}} gesendet, {{received}} empfangen',
  resetCount: '{{number}} abgebrochen',
  closedCount: '{{number}}× Fenster zu',
  resetsTitle: 'Abgebrochene Verbindungen',
  ownWindows: 'von ihm {{number}}× geschlossen',
  peerWindows: 'von der Gegenseite {{number}}× geschlossen',

  timeout: 'nach Ablauf der Frist',
  fast: 'nach Lücken',
  probe: 'als Probe',
  syn: 'beim Verbinden',

  refused: 'abgelehnt',
  noAnswer: 'keine Antwort',
  unreachable: 'kein Weg dorthin',
  otherReason: 'andere Gründe',

  nameError: 'kein solcher Name',
  serverFailure: 'Fehler des Servers',

  loss: 'Segmente gehen verloren',
  failures: 'Verbindungen scheitern',
  notReading: 'liest nicht',
  lookupsFail: 'Namensauflösung scheitert',

  nameServersCaption: 'Server, bei denen es Namen nachschlägt',
  lookups: 'Antworten',
  transport: 'Über',
  overflow_one:
    'Seine eigene Warteschlange war voll: eine Verbindung zu {{where}} wurde abgewiesen.',
  overflow_other:
    'Seine eigene Warteschlange war voll: {{number}} Verbindungen zu {{where}} wurden abgewiesen.',
  port: 'Port {{port}}',
  somePort: 'einem seiner Ports',

  map: 'Zwei Schritte um es herum',
  mapHow:
    'Links, wer es aufruft, rechts, wen es aufruft; dahinter, mit wem diese sprechen, soweit Sie deren Daten lesen dürfen. Je dicker eine Linie, desto mehr Anfragen; eine gestrichelte Linie mit Worten hat Schwierigkeiten. Die Pfeiltasten führen von einem zum nächsten.',
  mapSummary:
    'Karte von {{name}}. Aufrufer: {{downstreams}}, Upstreams: {{upstreams}}, dahinter: {{beyond}}',
  leftOut_one: '{{number}} weiterer hat auf der Karte keinen Platz.',
  leftOut_other:
    '{{number}} weitere haben auf der Karte keinen Platz; die des ersten Schritts stehen in den Tabellen oben.',
  columnCallersOfCallers: 'Deren Aufrufer',
  columnCallers: 'Aufrufer',
  columnUpstreams: 'Upstreams',
  columnBeyond: 'Deren Upstreams',
  calls: '{{from}} ruft {{to}} auf',
  noTraffic: 'keine Anfragen',
  againShare: '{{share}} wiederholt',
  lost: '{{share}} verloren',
  notReadingShort: 'liest nicht',
  failedCount: '{{number}} gescheitert',
  caller: 'Aufrufer',
  called: 'Aufgerufen',
};
