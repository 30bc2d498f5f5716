/** How sure the numbers of a report are: what could not be attributed, what was lost or switched off, what measuring cost. Pure. */
import type { Confidence } from 'backstage-plugin-contention-common';
import { costWords } from './cost';
import { sumOf } from './facts';
import type { Gathered } from './gather';
import type { Judgement } from './judge';
import { lossesOf } from './losses';
import { shedWords } from './shed';

export function confidenceOf(
  judgement: Judgement | undefined,
  gathered: Gathered,
  isLive: boolean,
  nowMs: number,
): Confidence {
  const unknown = judgement?.unknownShare;
  const isOk = gathered.state === 'ok';
  const losses = isOk ? lossesOf(gathered.agents.counts) : [];
  return {
    method: 'exact',
    ...(unknown === undefined
      ? {}
      : { unattributedShare: Math.min(1, unknown) }),
    lostEvents: sumOf(
      losses.filter(({ repaired }) => !repaired).map(({ count }) => count),
    ),
    losses: losses.map(({ repaired, text }) => ({ repaired, text })),
    missing: isOk
      ? shedWords(gathered.agents.shed, gathered.axis, isLive, nowMs)
      : [],
    notes: isOk ? costWords(gathered.agents.cost) : [],
  };
}
