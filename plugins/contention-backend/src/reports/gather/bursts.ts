/**
 * Reads how the waiting that a verdict is about came over time, in windows as the agent sent them: those of a report start when
 * the clock says, and an interval that crosses their edges is shared out over both, so that every other one looks like each.
 */
import {
  METRIC,
  type Bursts,
  type MetricName,
  type Resource,
} from 'backstage-plugin-contention-common';
import type { Axis, NodePlace, Store, Stretch as Sending } from '../../store';
import { burstsIn } from '../bursts';
import type { CausedJudgement } from '../caused';
import { isAt, seriesOf, type Facts, type SeriesFacts } from '../facts';
import type { HeldVerdict } from '../held';
import { victimOf } from '../neighbours';
import { culpritOfSeries } from '../parties';
import { stretchEndMs, stretchStartMs, type HeldStretch } from '../stretches';
import type { PartTimeline } from '../timeline';
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
  gathered: Pick<Ok, 'facts' | 'stretches'>,
  judgement: One,
  resource: Resource,
): Promise<One> {
  const { cause, stretch, place } = judgement;
  if (cause !== 'neighbour' || !stretch?.top?.alone) return judgement;
  const { top, held } = stretch;
  const { key } = top.part.party;
  const bursts = await burstsOf(store, gathered, {
    held,
    place: place?.node ?? placeOfMost(top.part),
    series: seriesOf(gathered.facts, BLAME[resource]).filter(item =>
      isOf(gathered.facts, item, key),
    ),
  });
  return bursts
    ? { ...judgement, stretch: { ...stretch, top: { ...top, bursts } } }
    : judgement;
}

/** The same of the one who waited most of what the entity caused. */
export async function withVictimBursts(
  store: Store,
  gathered: Pick<Ok, 'facts' | 'stretches'>,
  judgement: CausedJudgement,
): Promise<CausedJudgement> {
  const { stretch } = judgement;
  if (!stretch?.top.alone) return judgement;
  const { top, held } = stretch;
  const { facts } = gathered;
  const { key } = top.part.party;
  const bursts = await burstsOf(store, gathered, {
    held,
    place: placeOfMost(top.part),
    series: facts.caused.filter(item => victimOf(facts, item).key === key),
  });
  return bursts
    ? { ...judgement, stretch: { ...stretch, top: { ...top, bursts } } }
    : judgement;
}

function placeOfMost({ byNode }: PartTimeline): NodePlace {
  return [...byNode.values()].sort((a, b) => b.seconds - a.seconds)[0];
}

async function burstsOf(
  store: Store,
  { facts, stretches }: Pick<Ok, 'facts' | 'stretches'>,
  {
    held,
    place,
    series,
  }: { held: HeldStretch; place: NodePlace; series: readonly SeriesFacts[] },
): Promise<Bursts | undefined> {
  const home = facts.nodes.find(isAt(place));
  if (!home) return undefined;
  const range = {
    fromMs: stretchStartMs(facts.axis, held),
    toMs: stretchEndMs(facts.axis, held),
  };
  const sending = stretches.filter(isAt(home));
  const axis = axisAsSent(store, sending, home.intervalMs, range, facts.nowMs);
  if (!axis) return undefined;
  const there = series.filter(({ resource }) => isAt(home)(resource));
  const read = await store.read(
    there.map(item => item.series),
    axis,
  );
  const covered = coveredPerWindow(axis, home, sending);
  const values = covered.map((seconds, window) =>
    seconds * 1000 < LEAST_COVERED * axis.stepMs
      ? null
      : read.reduce((all, item) => all + (item.values[window] ?? 0), 0),
  );
  return burstsIn(values, axis.stepMs / 1000);
}

function isOf(
  { resources, perspective }: Facts,
  { series }: SeriesFacts,
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
