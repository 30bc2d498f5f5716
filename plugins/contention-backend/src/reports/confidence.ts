/** How sure the numbers of a report are: what could not be attributed, what was lost or switched off, what measuring cost. Pure. */
import type { Confidence } from 'backstage-plugin-contention-common';
import { costWords } from './cost';
import { sumOf } from './facts';
import type { Gathered } from './gather';
import { lossesOf } from './losses';
import { shedWords } from './shed';

/** @param unknownShare - of what was waited for; undefined where nothing was measured */
export function confidenceOf(
  unknownShare: number | undefined,
  gathered: Gathered,
  isLive: boolean,
  nowMs: number,
): Confidence {
  const isOk = gathered.state === 'ok';
  const losses = isOk ? lossesOf(gathered.agents.counts) : [];
  return {
    method: 'exact',
    ...(unknownShare === undefined
      ? {}
      : { unattributedShare: Math.min(1, unknownShare) }),
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
