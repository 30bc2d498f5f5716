import type { Translated } from '../Translated';
import type { neighbours as english } from '../en/neighbours';

export const neighbours: Translated<typeof english> = {
  direction: 'Richtung',
  suffered: 'Erlitten: wer es aufhielt',
  caused: 'Verursacht: wen es aufhielt',
  resource: 'Ressource',
  network: 'Netzwerk',
  notRecorded: 'Diese Aufzeichnung ist älter als die Messung des Netzwerks',

  neighbourSecondsCaused: 'warteten Nachbarn, während es lief',
  ranForCaused: 'eigene CPU-Zeit',
  waitSeconds: 'auf eine CPU gewartet',
  waitShare: 'der Zeit, in der es laufen wollte',
  neighbourShare: 'davon, während Nachbarn liefen',
  ranFor: 'eigene CPU-Zeit',

  stoodMedian: 'standen seine Pakete im Median in Warteschlangen',
  stoodP99: 'länger standen nur die langsamsten 1 %',
  stoodShare: 'davon hinter Nachbarn',
  othersStoodP99: 'länger standen nur die langsamsten 1 % derer hinter ihm',
  itSent: 'hat es im Mittel gesendet',

  waitedFor: 'Worauf {{name}} wartete',
  whoWaited: 'Wer wartete, während {{name}} lief',
  waitedForHow:
    'Sekunden Wartezeit je Sekunde, alle Threads zusammen. Über der Linie: während Nachbarn liefen. Darunter: alles andere.',
  whoWaitedHow:
    'Sekunden, die andere je Sekunde warteten, während dies hier lief.',
  nothing: 'nichts',
  aboveSuffered: 'darüber: während diese liefen',
  aboveCaused: 'diese warteten',
  below: 'darunter: alles andere',
  waitingTable: '{{title}}: Sekunden Wartezeit je Sekunde, nach Fenstern',

  stoodBehind: 'Hinter wem Pakete von {{name}} standen',
  whoStood: 'Wer hinter Paketen von {{name}} stand',
  stoodBehindHow:
    'Seine Pakete, die zugleich in Warteschlangen von Geräten standen, im Mittel. Über der Linie: während Pakete von Nachbarn abgingen. Darunter: alles andere.',
  whoStoodHow:
    'Pakete anderer, die zugleich in Warteschlangen standen, im Mittel, während seine eigenen abgingen.',
  aboveBehind: 'darüber: während Pakete von diesen abgingen',
  aboveStood: 'Pakete von diesen standen',
  packetsTable: '{{title}}: Pakete, die zugleich standen, nach Fenstern',

  culprits: 'Nachbarn',
  victims: 'Aufgehalten',
  culpritsHow:
    'Wer lief, während {{name}} wartete. Gemessen ist genau das: „lief währenddessen“.',
  victimsHow: 'Wer wartete, während {{name}} lief.',
  noCulprit: 'Kein Nachbar lief, während {{name}} wartete.',
  noVictim: 'Niemand wartete, während {{name}} lief.',
  seen: '{{name}}: von {{from}} bis {{to}}',
  inBursts: 'in Schüben',
  inBurstsEvery: 'in Schüben: etwa alle {{every}}, je höchstens {{longest}}',
  burstsHold:
    '{{share}} davon in {{windows}} von {{all}} Fenstern von {{window}}. Was kürzer ist als ein Fenster, ist nicht zu sehen.',
  podsInKubernetes: 'Pods in Kubernetes',
  cpuUsed: 'CPU, genutzt von angefordert',
  cpuThere: 'CPU von {{name}} dort',
  aheadHow:
    'Wessen Pakete eine Warteschlange verließen, während die von {{name}} darin standen. Gemessen ist genau das: „stand dahinter“.',
  behindHow:
    'Wessen Pakete in einer Warteschlange standen, während die von {{name}} sie verließen.',
  nobodyAhead: 'Kein Paket von {{name}} stand hinter dem eines Nachbarn.',
  nobodyBehind: 'Kein Paket von anderen stand hinter einem von {{name}}.',
  delay: 'Verzögerung je Paket',
  sentMean: 'Gesendet im Mittel',

  overTime: '{{what}}, im Lauf der Zeit',
  apart: 'Keine Nachbarn',
  apartSuffered:
    'Der Rest der Wartezeit: es selbst, sein eigenes Limit, der Host, und was nicht bekannt ist.',
  apartCaused:
    'Aus demselben Pod: sie teilen ein Schicksal und sind niemand anders.',
  apartBehind:
    'Der Rest der Zeit in Warteschlangen: hinter eigenen Paketen, den Sidecars, dem Host, und was nicht bekannt ist.',
  apartTable: 'Wartezeit, die nicht von Nachbarn kommt',

  nodes: 'Knoten',
  nodesHow: 'Wartezeit auf jedem Knoten, alle im selben Maßstab.',
  nodesHowCaused:
    'Wie lange andere auf jedem Knoten warteten, alle im selben Maßstab.',
  nodesPacketsCaused:
    'Pakete anderer, die auf jedem Knoten standen, alle im selben Maßstab.',
  whileNeighbours: 'Während Nachbarn liefen',
  neighboursWaited: 'Nachbarn warteten',
  nodeCaused: 'Nachbarn warteten {{neighbours}}, während es lief',
  nodeCausedMostly:
    'Nachbarn warteten {{neighbours}}, während es lief, am meisten {{victim}}',
  ofNeighbours: 'Von Nachbarn',
  nodeOthersStood: '{{number}} Pakete anderer standen im Mittel',
  nodeOthersStoodMostly:
    '{{number}} Pakete anderer standen im Mittel, die meisten von {{victim}}',
  meanCpu: 'CPU im Mittel',
  mostOfIt: 'Das meiste davon',
  waitingOn: 'Wartezeit auf {{node}} im Lauf der Zeit',
  nodeWaited: '{{waited}} gewartet, {{neighbours}} während Nachbarn liefen',
  nodeWaitedMostly:
    '{{waited}} gewartet, {{neighbours}} während Nachbarn liefen, meist {{culprit}}',
  nodesPackets:
    'Pakete in Warteschlangen auf jedem Knoten, alle im selben Maßstab.',
  standing: 'Pakete in Warteschlangen, im Mittel',
  behindNeighbours: 'Hinter Nachbarn',
  nodeStood:
    '{{number}} Pakete standen im Mittel in Warteschlangen, {{share}} der Zeit hinter Nachbarn',
  nodeStoodMostly:
    '{{number}} Pakete standen im Mittel in Warteschlangen, {{share}} der Zeit hinter Nachbarn, meist {{culprit}}',
  nodeCpu: 'CPU des Knotens im Mittel: {{cpu}}',
  shareOf: '{{share}} von {{all}}',

  noQueue: 'Seine Pakete standen in keiner sichtbaren Warteschlange',
  noQueueMeans:
    'Unten steht, wo Warteschlangen nicht zu sehen sind. Dass keine zu sehen war, heißt nicht, dass das Netzwerk schnell ist.',
  notMeasured: 'Das Netzwerk wird hier nicht gemessen',
  notMeasuredMeans: 'Das heißt nicht, dass alles in Ordnung ist.',
  howLong: 'Wie lange Pakete von {{name}} standen',
  howLongOthers: 'Wie lange Pakete derer hinter {{name}} standen',
  howLongHow:
    'Jedes Paket, das durch die Warteschlange eines Geräts ging, von der Ankunft dort bis zum Abgang. Die meisten stehen so gut wie gar nicht; zu spüren ist das lange Ende.',
  howLongSummary:
    '{{title}}: {{number}} Pakete, Median {{median}}, p99 {{p99}}',
  queues: 'Warteschlangen von Geräten',
  device: 'Gerät',
  packets: 'Pakete',
  drops: 'Verworfene Pakete',
  dropsHow:
    'Pakete an es und von ihm, die der Kernel verworfen hat, und warum.',
  noDrops: 'Der Kernel hat in dieser Zeit kein Paket von {{name}} verworfen.',
  dropWhy: 'Warum, und das Wort des Kernels dafür',
  dropPlace: 'Wo',
  placeQueue: 'Warteschlange eines Geräts',
  placeSocket: 'Puffer eines Sockets',
  placeBacklog: 'Rückstau einer CPU',
  placeConntrack: 'Verbindungsverfolgung',
  placePolicy: 'Firewall oder Richtlinie',
  placeOther: 'anderswo',
  receive: 'Empfangsseite seiner Knoten',
  receiveHow:
    'Pakete, die auf jedem Knoten ankamen, für wen auch immer. Verworfen: der Rückstau einer CPU war voll. Budget verbraucht: es lagen noch Pakete da, als die Empfangsarbeit anderen Platz machen musste. Wessen Pakete es sind, wird nur beobachtet, solange das dauert.',
  receiveDrops: 'Verworfen',
  squeezed: 'Budget verbraucht',
  pressure:
    'Auf {{node}} kamen mehr Pakete, als eine CPU aufnehmen konnte, insgesamt {{pressed}} lang. Wessen sie waren, wurde {{watched}} davon beobachtet: {{share}} kamen von {{sender}}.',
  pressureUnwatched:
    'Auf {{node}} kamen mehr Pakete, als eine CPU aufnehmen konnte, insgesamt {{pressed}} lang. Wessen sie waren, ist nicht bekannt: Es war jedes Mal vorbei, bevor es beobachtet wurde, oder der Agent dort konnte es nicht beobachten.',
  pressureUnseen:
    'Auf {{node}} kamen mehr Pakete, als eine CPU aufnehmen konnte. Wessen sie waren, ist nicht bekannt: Der Agent dort ist älter als diese Ansicht.',
  ownDrops:
    'Von den {{all}} Paketen, für die kein Platz war, gehörten {{own}} zu {{name}}.',
  senders: 'Wer {{node}} Pakete schickte, während es zu viele waren',
  sender: 'Geschickt von',
  senderShare: 'Anteil an den Paketen',
  senderOf: '{{who}} (Team {{owner}})',
  senderSelf: 'ihm selbst',
  senderHost: 'dem Knoten selbst',
  senderUnknown: 'anderen außerhalb des Knotens, oder nicht bekannt',
};
