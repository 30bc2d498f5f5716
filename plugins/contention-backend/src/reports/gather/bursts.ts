/**
 * Reads how the waiting that a verdict is about came over time, in windows as the agent sent them: those of a report start when
 * the clock says, and an interval that crosses their edges is shared out over both, so that every other one looks like each.
 */
import {
  METRIC,
  type MetricName,
  type Resource,
} from 'backstage-plugin-contention-common';
import type { Axis, NodePlace, Store, Stretch as Sending } from '../../store';
import { burstsIn } from '../bursts';
import { isAt, seriesOf, type Facts } from '../facts';
import type { HeldVerdict } from '../held';
import { culpritOfSeries } from '../parties';
import { stretchEndMs, stretchStartMs } from '../stretches';
import { coveredPerWindow } from './covered';
import type { Gathered } from './gather';

type Ok = Extract<Gathered, { state: 'ok' }>;

/** The newest that are looked at: of agents as they come, those of an hour. */
const MAX_WINDOWS = 360;

/** What the store keeps as it was sent answers in windows of this length at the finest. */
const FINEST_MS = 10_000;

/** Agents that send more rarely than this show no bursts. */
const MAX_INTERVAL_MS = 30_000;

/** Agents are told their interval in tenths of seconds; what else there is to it is when they woke up. */
const INTERVAL_UNIT_MS = 100;

/** Less than this of a window, and it is a gap. */
const LEAST_COVERED = 0.5;

const BLAME: Record<Resource, MetricName> = {
  cpu: METRIC.cpuWaitBlame,
  network: METRIC.netQueueBlame,
};

/**
 * The judgement with what is known of bursts of the one neighbour that it names, on the node where most of it was. A single
 * query, and none where nobody is named.
 */
export async function withBursts<
  One extends HeldVerdict & { place?: { node: NodePlace } },
>(
  store: Store,
  { facts, stretches }: Pick<Ok, 'facts' | 'stretches'>,
  judgement: One,
  resource: Resource,
): Promise<One> {
  const { cause, stretch, place } = judgement;
  if (cause !== 'neighbour' || !stretch?.top?.alone) return judgement;
  const { top, held } = stretch;
  const [most] = [...top.part.byNode.values()].sort(
    (a, b) => b.seconds - a.seconds,
  );
  const home = facts.nodes.find(isAt(place?.node ?? most));
  if (!home) return judgement;
  const range = {
    fromMs: stretchStartMs(facts.axis, held),
    toMs: stretchEndMs(facts.axis, held),
  };
  const sending = stretches.filter(isAt(home));
  const axis = axisAsSent(store, sending, home.intervalMs, range, facts.nowMs);
  if (!axis) return judgement;
  const series = seriesOf(facts, BLAME[resource]).filter(
    item => isAt(home)(item.resource) && isOf(facts, item, top.part.party.key),
  );
  const read = await store.read(
    series.map(item => item.series),
    axis,
  );
  const covered = coveredPerWindow(axis, home, sending);
  const values = covered.map((seconds, window) =>
    seconds * 1000 < LEAST_COVERED * axis.stepMs
      ? null
      : read.reduce((all, item) => all + (item.values[window] ?? 0), 0),
  );
  const bursts = burstsIn(values, axis.stepMs / 1000);
  return bursts
    ? { ...judgement, stretch: { ...stretch, top: { ...top, bursts } } }
    : judgement;
}

function isOf(
  { resources, perspective }: Facts,
  { series }: Facts['series'][number],
  key: string,
): boolean {
  return culpritOfSeries(series, resources, perspective).key === key;
}

/** Windows that are the node's own intervals; undefined where they are not kept as they were sent, or are too long. */
function axisAsSent(
  store: Store,
  sending: readonly Sending[],
  newestIntervalMs: number,
  { fromMs, toMs }: { fromMs: number; toMs: number },
  nowMs: number,
): Axis | undefined {
  const [last] = sending
    .filter(({ startMs, endMs }) => startMs < toMs && endMs > fromMs)
    .sort((a, b) => b.endMs - a.endMs);
  if (!last) return undefined;
  const stepMs =
    Math.round(newestIntervalMs / INTERVAL_UNIT_MS) * INTERVAL_UNIT_MS;
  if (stepMs === 0 || stepMs > MAX_INTERVAL_MS) return undefined;
  // The newest end of an interval that lies in the range.
  const later = Math.max(0, Math.ceil((last.endMs - toMs) / stepMs));
  const endMs = last.endMs - later * stepMs;
  const count = Math.min(MAX_WINDOWS, Math.floor((endMs - fromMs) / stepMs));
  if (count <= 0) return undefined;
  const startMs = endMs - count * stepMs;
  const kept = store.axis({ fromMs: startMs, toMs: endMs }, nowMs);
  return kept.stepMs <= Math.max(FINEST_MS, stepMs)
    ? { startMs, stepMs, count }
    : undefined;
}
