import type { NodeSeen, StoredResource } from '../store';
import { coverageOf, isPartly } from './coverage';

const HOUR = 3_600_000;
const FROM = Date.UTC(2026, 10, 21, 10, 0);
const PAST = { fromMs: FROM, toMs: FROM + HOUR };

function node(name: string, lastSeenMs: number): NodeSeen {
  return {
    cluster: 'demo',
    node: name,
    firstSeenMs: 0,
    lastSeenMs,
    intervalMs: 10_000,
  };
}

function pod(name: string, firstSeenMs: number): StoredResource {
  return {
    id: 1,
    cluster: 'demo',
    node: name,
    attributes: {},
    firstSeenMs,
    lastSeenMs: firstSeenMs,
  };
}

const sent = (name: string, startMs: number, endMs: number) => ({
  cluster: 'demo',
  node: name,
  startMs,
  endMs,
});

describe('coverage', () => {
  it('of six seconds in a past hour is partly, with the longest gap', () => {
    const coverage = coverageOf(
      PAST,
      FROM + 5 * HOUR,
      [node('a', FROM + 5 * HOUR)],
      [pod('a', FROM - HOUR)],
      [sent('a', FROM + 600_000, FROM + 606_000)],
    );
    expect(isPartly(coverage)).toBe(true);
    expect(coverage).toEqual({
      seconds: 6,
      expectedSeconds: 3600,
      silent: [
        {
          cluster: 'demo',
          node: 'a',
          fromMs: FROM + 606_000,
          toMs: FROM + HOUR,
          goesOn: false,
        },
      ],
    });
  });

  it('misses nothing of the time before the first data', () => {
    const nowMs = FROM + HOUR;
    const coverage = coverageOf(
      PAST,
      nowMs,
      [node('a', nowMs - 9_000)],
      [pod('a', nowMs - 60_000)],
      [sent('a', nowMs - 60_000, nowMs - 9_000)],
    );
    expect(coverage).toEqual({ seconds: 51, expectedSeconds: 51, silent: [] });
    expect(isPartly(coverage)).toBe(false);
  });

  it('names a node that went silent while others go on', () => {
    const nowMs = FROM + HOUR;
    const coverage = coverageOf(
      PAST,
      nowMs,
      [node('a', nowMs), node('b', FROM + 600_000)],
      [pod('a', FROM), pod('b', FROM)],
      [sent('a', FROM, nowMs), sent('b', FROM, FROM + 600_000)],
    );
    expect(isPartly(coverage)).toBe(false);
    expect(coverage.silent).toEqual([
      {
        cluster: 'demo',
        node: 'b',
        fromMs: FROM + 600_000,
        toMs: nowMs,
        goesOn: true,
      },
    ]);
  });
});
