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
  forbidden: 'was ihn aufhielt, dürfen Sie nicht lesen',
};
