import type { Translated } from '../Translated';
import type { rollup as english } from '../en/rollup';

export const rollup: Translated<typeof english> = {
  direction: 'Richtung',
  suffered: 'Erlitten: wer die Dienste aufhielt',
  caused: 'Verursacht: wen die Dienste aufhielten',
  neighbourSeconds: 'gewartet, während Nachbarn liefen',
  waitSeconds: 'insgesamt gewartet',
  waitShare: 'der Zeit, in der sie laufen wollten',
  pairsCount: 'Paare aus Wartenden und Laufenden',
  trendSuffered: 'Wer lief, während die Dienste von {{name}} warteten',
  trendCaused: 'Wer wartete, während die Dienste von {{name}} liefen',
  trendHow:
    'Sekunden Wartezeit je Sekunde, alle Dienste zusammen. Ziehen vergrößert.',
  trendLegendSuffered: 'während diese liefen',
  trendLegendCaused: 'diese warteten',
  trendTable: '{{title}}: Sekunden Wartezeit je Sekunde, nach Fenstern',
  pairs: 'Schlimmste Paare',
  pairsSuffered:
    'Jede Zeile ist ein Dienst von {{name}} auf einem Knoten, und wer lief, während er wartete.',
  pairsCaused:
    'Jede Zeile ist ein Dienst von {{name}} auf einem Knoten, und wer wartete, während er lief.',
  pairsNone: 'Kein Paar: niemand wartete hier auf einen Nachbarn.',
  pairsMore: 'Aufgeführt sind die größten {{shown}} von {{all}} Paaren.',
  victim: 'Wartete',
  culprit: 'Lief derweil',
  share: 'Anteil',
  waiting: 'Wartezeit',
  node: 'Knoten',
  asked: 'CPU dessen, was lief',
  inside: 'beide aus {{name}}',
  members: 'Dienste',
  membersWhat:
    'Alle Komponenten und Ressourcen, die der Katalog zu {{name}} zählt, die schlimmsten zuerst: wie lange sie warteten, als Anteil der Zeit, in der sie laufen wollten, wie viel davon auf Nachbarn, und wie lange andere warteten, während sie liefen. Was mehrere beanspruchen, zählt bei jedem.',
  membersNone:
    'Der Katalog nennt keine Komponente oder Ressource von {{name}}, die Sie sehen dürfen.',
  name: 'Name',
  mostly: 'Meistens',
  waitShareShort: 'Der gewollten Zeit',
  neighbourShort: 'Auf Nachbarn',
  causedShort: 'Hielt andere auf',
  hardly: 'kaum etwas',
  noData: 'keine Pods in diesem Zeitraum',
  notAnnotated: 'sagt nicht, wo er läuft',
  ahead: 'Davor',
  stoodMean: 'stand ein Paket der Dienste im Mittel in Warteschlangen',
  queuePairsCount: 'Paare, wer hinter wem stand',
  queueTrendSuffered: 'Hinter wem Pakete der Dienste von {{name}} standen',
  queueTrendCaused: 'Wer hinter Paketen der Dienste von {{name}} stand',
  queueTrendHow:
    'Pakete, die im Mittel zugleich in Warteschlangen von Geräten standen, alle Dienste zusammen. Ziehen vergrößert.',
  queueTrendTable: '{{title}}: Pakete, die zugleich standen, nach Fenstern',
  queueLegendSuffered: 'während Pakete von diesen gingen',
  queueLegendCaused: 'Pakete von diesen standen',
  queuePairsSuffered:
    'Jede Zeile ist ein Dienst von {{name}} auf einem Knoten, und hinter wessen Paketen die seinen standen.',
  queuePairsCaused:
    'Jede Zeile ist ein Dienst von {{name}} auf einem Knoten, und wessen Pakete hinter den seinen standen.',
  queuePairsNone: 'Kein Paar: kein Paket stand hier hinter dem eines Nachbarn.',
  queueMembersWhat:
    'Alle Komponenten und Ressourcen, die der Katalog zu {{name}} zählt, die schlimmsten zuerst: wie lange ein Paket in Warteschlangen von Geräten stand, wie viel davon hinter Nachbarn, und wie viele Pakete anderer zugleich hinter den eigenen standen. Was mehrere beanspruchen, zählt bei jedem.',
  othersBehind: 'Pakete anderer dahinter',
  forbidden: 'was ihn aufhielt, dürfen Sie nicht lesen',
};
