import type { Translated } from '../Translated';
import type { pages as english } from '../en/pages';

export const pages: Translated<typeof english> = {
  intro:
    'Warum ein Dienst langsam ist, steht auf seiner eigenen Seite, unter „Latency“, „Throttling“ und „Noisy neighbours“. Diese Seiten betrachten es von der anderen Seite.',
  nodes: 'Knoten',
  nodesWhat:
    'Wer auf einem Knoten lebt, wer dort wartet und wer derweil läuft.',
  evidence: 'Beweise',
  evidenceWhat:
    'Was von einem Dienst eingefroren wurde: dieselben Zahlen, Monate später.',
  notFound: 'Diese Seite gibt es nicht',
};
