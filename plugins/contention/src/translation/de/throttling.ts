import type { Translated } from '../Translated';
import type { throttling as english } from '../en/throttling';

export const throttling: Translated<typeof english> = {
  quota: '{{level}} {{subject}}',
  periods: 'Wie oft das CPU-Limit es anhielt',
  noLimit: 'Kein CPU-Limit gilt dafür: so kann es nichts anhalten.',
  periodsHow:
    'Anteil der Perioden des Limits (meist je 100 ms), in denen das Budget aufgebraucht war.',
  periodsTable: '{{title}}: Anteil der Perioden, nach Fenstern',
  ofPeriods: '{{quota}}: {{share}} der Perioden',

  need: 'Limit und Bedarf',
  needHow:
    'CPUs: genutzt, erlaubt und gebraucht. Höchstens gebraucht: was es nutzte, und alle CPU-Zeit, die zurückgehalten wurde.',
  needTable: '{{title}} von {{quota}}, nach Fenstern',
  needSummary:
    '{{quota}}, {{range}}: genutzt {{used}}, Limit {{limit}}, gebraucht {{needed}}',
  whichLimit: 'Welches Limit',
  used: 'Genutzt',
  neededAtMost: 'Höchstens gebraucht',
  limit: 'Limit',
  usedMean: 'genutzt: {{cpus}} im Mittel',
  limitIs: 'Limit: {{cpus}}',
  neededMean: 'höchstens gebraucht: {{cpus}} im Mittel',

  stalls: 'Wie lange Threads stillstanden',
  stallsHow:
    'Jeder Stopp eines Threads, nach seiner Dauer, auf logarithmischer Skala.',
  standingStill: 'Stillstand',
  fromTo: '{{from}} bis {{to}}',
  limitOf: 'Limit des',
  stops: 'Stopps',
  stallsSummary:
    '{{stops}} Stopps, Median {{median}}, p99 {{p99}}, längster {{worst}}',

  burned: 'Wer das Budget verbrauchte',
  burnedHow:
    'CPU-Zeit nur in den gedrosselten Perioden, in denen das Limit aufgebraucht war, von den Containern, die es teilen. Gemessen, wie der Kernel sie vom Budget abzog: wer zu anderen Zeiten läuft, verbraucht davon nichts.',
  burnedTime: 'CPU-Zeit in gedrosselten Perioden',
  usedUp: 'Wer das Budget nutzte',
  usedUpHow:
    'Alle CPU-Zeit der Container, die das Limit teilen, in diesem Zeitraum, auch aus Perioden, in denen es reichte: was jeder in den gedrosselten Perioden nutzte, wurde nicht gemessen.',
  usedUpTime: 'CPU-Zeit in allen Perioden',
  sliceBurn:
    'Auch das Limit einer Slice hielt es an. Wer das aufgebraucht hat, steht hier nicht: Alle unterhalb der Slice teilen es sich, und wo Slices in Slices liegen, sagt die Messung nicht, von wessen Limit es abging.',
  shareOfBudget: 'Anteil am Budget',

  higher: 'Was ein höheres Limit ändern würde',
  higherHow:
    'Gedrosselte Zeit, die sicher wegfiele, wäre dieselbe Arbeit zu denselben Zeiten gekommen. Es kann mehr wegfallen, bis hin zu allem: Was angehalten wurde, hatte vielleicht nur noch wenig zu tun, und wie viel, weiß niemand.',
  higherSentence:
    '{{quota}}: mit {{higher}} statt {{limit}} fielen mindestens {{share}} von {{stopped}} gedrosselter Zeit weg (bei {{period}} je Periode).',
  higherUnknown:
    '{{quota}}: mit {{higher}} statt {{limit}} fiele zwischen fast nichts und allem von {{stopped}} gedrosselter Zeit weg. Es stand jeweils so lange still, dass die Messung nicht sagt, wie viel Arbeit noch zu tun war.',
  higherSince: 'Für die Zeit seit {{since}}, als das Limit geändert wurde.',
  higherLimit: 'Mit einem Limit von',
  higherGone: 'Gedrosselte Zeit, die wegfällt, mindestens',
  higherLeft: 'Gedrosselte Zeit, die bleibt, höchstens',
  higherAlone:
    'Jedes Limit wird hier für sich angehoben; das eines Pods, das dem seines einzigen Containers gleicht, mit diesem. Von anderen Limits, die ineinander liegen, kann eines, das bleibt, dann anhalten, was ein anderes nicht mehr anhält.',

  all: 'Alle Limits',
  allHow: 'Jedes CPU-Limit über seinen Containern, das schlimmste zuerst.',
  periodsNumber: 'Perioden',
  ofTheseStopped: 'Davon gedrosselt',
  stoppedTime: 'Gedrosselte Zeit (Kernel)',

  ledger:
    'Perioden und gedrosselte Zeit stammen aus der Buchführung des Kernels ({{file}}).',
  besideLedger:
    'Wie lange Threads stillstanden, ist getrennt davon gemessen, an {{number}} Stopps: Thread für Thread, darum ist die Summe größer als die der Buchführung.',
};
