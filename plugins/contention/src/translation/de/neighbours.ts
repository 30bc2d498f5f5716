import type { Translated } from '../Translated';
import type { neighbours as english } from '../en/neighbours';

export const neighbours: Translated<typeof english> = {
  direction: 'Richtung',
  suffered: 'Erlitten: wer es aufhielt',
  caused: 'Verursacht: wen es aufhielt',
  resource: 'Ressource',
  network: 'Netzwerk (noch nicht gemessen)',
  networkWhy: 'Warten auf das Netzwerk wird noch nicht gemessen',

  neighbourSecondsCaused: 'warteten Nachbarn, während es lief',
  ranForCaused: 'lief es',
  waitSeconds: 'auf eine CPU gewartet',
  waitShare: 'der Zeit, in der es laufen wollte',
  neighbourShare: 'davon, während Nachbarn liefen',
  ranFor: 'gelaufen',

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

  culprits: 'Nachbarn',
  victims: 'Aufgehalten',
  culpritsHow:
    'Wer lief, während {{name}} wartete. Gemessen ist genau das: „lief währenddessen“.',
  victimsHow: 'Wer wartete, während {{name}} lief.',
  noCulprit: 'Kein Nachbar lief, während {{name}} wartete.',
  noVictim: 'Niemand wartete, während {{name}} lief.',
  seen: '{{name}}: von {{from}} bis {{to}}',
  podsInKubernetes: 'Pods in Kubernetes',
  cpuUsed: 'CPU, genutzt von angefordert',
  cpuThere: 'CPU von {{name}} dort',

  overTime: '{{what}}, im Lauf der Zeit',
  apart: 'Keine Nachbarn',
  apartSuffered:
    'Der Rest der Wartezeit: es selbst, sein eigenes Limit, der Host, und was nicht bekannt ist.',
  apartCaused:
    'Aus demselben Pod: sie teilen ein Schicksal und sind niemand anders.',
  apartTable: 'Wartezeit, die nicht von Nachbarn kommt',

  nodes: 'Knoten',
  nodesHow: 'Wartezeit auf jedem Knoten, alle im selben Maßstab.',
  whileNeighbours: 'Während Nachbarn liefen',
  meanCpu: 'CPU im Mittel',
  mostOfIt: 'Das meiste davon',
  waitingOn: 'Wartezeit auf {{node}} im Lauf der Zeit',
  nodeWaited: '{{waited}} gewartet, {{neighbours}} während Nachbarn liefen',
  nodeWaitedMostly:
    '{{waited}} gewartet, {{neighbours}} während Nachbarn liefen, meist {{culprit}}',
  nodeCpu: 'CPU des Knotens im Mittel: {{cpu}}',
  shareOf: '{{share}} von {{all}}',
};
