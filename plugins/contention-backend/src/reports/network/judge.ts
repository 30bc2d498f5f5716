/** What held packets back, since when, and who: numbers only, no words (those are in verdict.ts). Pure. */
import { ATTRIBUTE, METRIC } from 'backstage-plugin-contention-common';
import { histogramsIn } from '../distribution';
import { seriesOf, sumIn, sumOf, type Facts, type SeriesFacts } from '../facts';
import {
  heldBase,
  judgeHeld,
  ofWorstNode,
  tooLittle,
  type HeldBase,
  type HeldVerdict,
  type NodeOptions,
  type Place,
  type Reason,
  type Stretch,
} from '../held';
import { culpritOfSeries } from '../parties';
import type { HeldStretch } from '../stretches';
import { NAMED_SHARE } from '../thresholds';
import { LEAST_PACKETS, SERIOUS_DELAY_SHARE } from './thresholds';
import { networkTimelineOf, type NetworkTimeline } from './timeline';

export interface NetworkJudgement extends HeldVerdict, HeldBase {
  /** The node that all but the range is of; absent when it is of several nodes together. */
  place?: Place;
  timeline: NetworkTimeline;
  /** Packets of the whole range that passed a queue. */
  packets: number;
  /** How packets stood in the stretch that the verdict is about. */
  queue?: QueueFacts;
}

export interface QueueFacts {
  /** The device that most of the waiting was at; absent where it was at several. */
  interfaceName?: string;
  packets: number;
  meanSeconds: number;
  /** That the packets stand in, one histogram for each window; of the whole range. */
  series: readonly SeriesFacts[];
}

/** Of the whole service or, where that says more, of its worst node. */
export function judgeNetwork(
  facts: Facts,
  options: NodeOptions,
): NetworkJudgement {
  return ofWorstNode(
    facts,
    options,
    judgeAll,
    ({ cause, severity, stretch, queue }) => ({
      cause,
      severity,
      stretch,
      queue,
    }),
  );
}

function judgeAll(facts: Facts, { live, tail }: NodeOptions): NetworkJudgement {
  const timeline = networkTimelineOf(facts);
  const base = {
    ...heldBase(timeline),
    timeline,
    packets: sumOf(timeline.packets),
  };
  const nothing = tooLittle(base);
  if (nothing) return { ...base, ...nothing };
  const held = judgeHeld(timeline, {
    live,
    tail: tail && networkTimelineOf(tail),
    // A link that fills up for two seconds in twenty leaves every other window of ten seconds empty.
    comesInBursts: true,
    seriousShare: SERIOUS_DELAY_SHARE,
  });
  const queue = held && queueOf(facts, held.reason, held.stretch.held);
  if (!held || !queue || queue.packets < LEAST_PACKETS) {
    return { ...base, cause: 'quiet', severity: 'none' };
  }
  const { cause, stretch } = held;
  return {
    ...base,
    cause,
    // Whoever sends as fast as a link lets it stands behind itself: that is how a link is used.
    severity: cause === 'self' ? 'notice' : held.severity,
    stretch,
    queue,
  };
}

function queueOf(
  facts: Facts,
  reason: Reason,
  held: HeldStretch,
): QueueFacts | undefined {
  const interfaceName = interfaceOf(facts, reason, held);
  const isThere = ({ series }: SeriesFacts) =>
    interfaceName === undefined ||
    series.attributes[ATTRIBUTE.interfaceName] === interfaceName;
  const series = seriesOf(facts, METRIC.netQueue).filter(isThere);
  const sums = { packets: 0, seconds: 0 };
  // Not put together: it is asked of every node, and told of one.
  for (const histogram of histogramsIn(series, held)) {
    sums.packets += histogram.count;
    sums.seconds += histogram.sumSeconds;
  }
  if (sums.packets === 0) return undefined;
  return {
    interfaceName,
    packets: sums.packets,
    meanSeconds: sums.seconds / sums.packets,
    series,
  };
}

/** The device at which most of the waiting for the reason was. */
function interfaceOf(
  facts: Facts,
  reason: Reason,
  held: HeldStretch,
): string | undefined {
  const seconds = new Map<string, number>();
  for (const { series, windows } of seriesOf(facts, METRIC.netQueueBlame)) {
    const name = series.attributes[ATTRIBUTE.interfaceName];
    const { relation } = culpritOfSeries(
      series,
      facts.resources,
      facts.perspective,
    );
    if (name === undefined || relation !== reason) continue;
    const here = sumIn(windows.values, held);
    seconds.set(String(name), (seconds.get(String(name)) ?? 0) + here);
  }
  const all = [...seconds.values()].reduce((sum, here) => sum + here, 0);
  const [largest] = [...seconds].sort(([, a], [, b]) => b - a);
  return largest && largest[1] >= NAMED_SHARE * all ? largest[0] : undefined;
}

/** The neighbour that the verdict names. */
export function namedInQueue({
  cause,
  stretch,
}: {
  cause: NetworkJudgement['cause'];
  stretch?: Stretch;
}): string | undefined {
  return cause === 'neighbour' ? stretch?.top?.part.party.key : undefined;
}
