/**
 * How much of a range was measured, and which nodes were silent in it. Time before the first data of an entity on a node
 * counts for nothing: there was nothing to measure. Pure.
 */
import type { NodeSeen, StoredResource, Stretch } from '../store';
import { coveredMs, union, type Interval } from '../store/stretches';
import { isAt } from './facts';
import { isStale } from './freshness';
import { MEASURED_SHARE } from './thresholds';

export interface Coverage {
  /** Seconds in which at least one node of the entity sent data. */
  seconds: number;
  /** Seconds in which there was something to measure. */
  expectedSeconds: number;
  /** Nodes that sent nothing for a good part of the range. */
  silent: SilentNode[];
}

export interface SilentNode {
  cluster: string;
  node: string;
  /** Its longest gap in the range. */
  fromMs: number;
  toMs: number;
  /** Nothing came since. */
  goesOn: boolean;
}

export function coverageOf(
  range: { fromMs: number; toMs: number },
  nowMs: number,
  homes: readonly NodeSeen[],
  own: readonly StoredResource[],
  stretches: readonly Stretch[],
): Coverage {
  const perNode = homes.map(node => {
    const firstMs = Math.min(
      ...own.filter(isAt(node)).map(({ firstSeenMs }) => firstSeenMs),
    );
    // What an agent in good health has not sent yet is not missing.
    const lastMs = isStale(node, nowMs) ? nowMs : node.lastSeenMs;
    return {
      node,
      startMs: Math.max(range.fromMs, firstMs),
      endMs: Math.min(range.toMs, lastMs),
      sent: union(stretches.filter(isAt(node))),
    };
  });
  const expected = union(
    perNode.filter(({ startMs, endMs }) => startMs < endMs),
  );
  const measured = union(perNode.flatMap(({ sent }) => sent));
  return {
    seconds: within(measured, expected) / 1000,
    expectedSeconds:
      expected.reduce((sum, part) => sum + part.endMs - part.startMs, 0) / 1000,
    silent: perNode.flatMap(({ node, startMs, endMs, sent }) => {
      const covered = coveredMs(sent, startMs, endMs);
      if (covered >= MEASURED_SHARE * (endMs - startMs)) return [];
      const gap = longestGap(sent, startMs, endMs);
      return [
        {
          cluster: node.cluster,
          node: node.node,
          fromMs: gap.startMs,
          toMs: gap.endMs,
          goesOn: gap.endMs >= nowMs || node.lastSeenMs <= gap.startMs,
        },
      ];
    }),
  };
}

/** Clearly less was measured than there was. */
export function isPartly({ seconds, expectedSeconds }: Coverage): boolean {
  return seconds < MEASURED_SHARE * expectedSeconds;
}

function within(
  measured: readonly Interval[],
  expected: readonly Interval[],
): number {
  return expected.reduce(
    (sum, { startMs, endMs }) => sum + coveredMs(measured, startMs, endMs),
    0,
  );
}

function longestGap(
  sent: readonly Interval[],
  startMs: number,
  endMs: number,
): Interval {
  let longest = { startMs, endMs: startMs };
  let atMs = startMs;
  for (const next of [...sent, { startMs: endMs, endMs }]) {
    const gapEndMs = Math.min(next.startMs, endMs);
    if (gapEndMs - atMs > longest.endMs - longest.startMs) {
      longest = { startMs: atMs, endMs: gapEndMs };
    }
    atMs = Math.max(atMs, next.endMs);
  }
  return longest;
}
