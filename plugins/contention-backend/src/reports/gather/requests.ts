/** Reads from the store what the latency report says of requests, beyond what every report reads. */
import {
  METRIC,
  type LatencyQuery,
  type RequestRole,
} from 'backstage-plugin-contention-common';
import {
  MINUTE_MS,
  type Axis,
  type Store,
  type StoredResource,
  type StoredSeries,
  type StoredWorst,
  type Stretch,
} from '../../store';
import { sumOfHistograms } from '../../store/histogramText';
import { coveredMs, union } from '../../store/stretches';
import { mergedHistogram } from '../distribution';
import {
  isAtAny,
  seriesOf,
  startOf,
  type Facts,
  type SeriesFacts,
} from '../facts';
import {
  bandLowerSeconds,
  bandUpperSeconds,
  selectedBands,
} from '../requests/bands';
import { containerRoles, countedContainers } from '../requests/containers';
import {
  roleOf,
  type AnatomySeries,
  type EarlierFacts,
  type RequestFacts,
  type Selection,
  type WorstFacts,
} from '../requests/facts';
import type { RequestContainers } from '../requests/requests';
import type { Gathered } from './gather';

const DAY_MS = 24 * 60 * MINUTE_MS;

/** What is normal is looked for on this many days before. */
const DAYS = 7;

/** Rows of the lists of worst cases. */
const MAX_WORST = 20;

/** The edges of an earlier range lie on windows of about this part of it. */
const EARLIER_WINDOWS = 60;

/** How far before a range its report looks. */
export function lookBackOf({
  fromMs,
  toMs,
}: {
  fromMs: number;
  toMs: number;
}): number {
  return Math.max(DAYS * DAY_MS, toMs - fromMs);
}

type Ok = Extract<Gathered, { state: 'ok' }>;

export async function gatherRequests(
  store: Store,
  { facts, there, past }: Ok,
  query: LatencyQuery,
  { worst }: { worst: boolean },
): Promise<RequestFacts & { containers: RequestContainers }> {
  const { role } = query;
  const pastById = new Map(past.map(resource => [resource.id, resource]));
  const all = await store.series({
    resourceIds: [...pastById.keys()],
    metrics: [METRIC.requestDuration],
  });
  const durations = await onAxis(store, facts, all, role);
  const containers = containersOf(past, durations, role);
  const isShown = (series: StoredSeries) =>
    roleOf(series) === role && containers.counted.has(series.resourceId);
  const shown = durations.filter(({ series }) => isShown(series));
  const whole: Selection = { first: 0, last: facts.axis.count - 1 };
  const selection = selectionOf(facts.axis, query);
  const anatomySeries = await store.series({
    resourceIds: [...new Set(shown.map(({ resource }) => resource.id))],
    metrics: [METRIC.requestAnatomy],
  });
  const anatomyIn = ({ first, last }: Selection) =>
    secondsOf(
      store,
      pastById,
      anatomySeries.filter(series => roleOf(series) === role),
      {
        startMs: startOf(facts.axis, first),
        stepMs: facts.axis.stepMs,
        count: last - first + 1,
      },
    );
  return {
    role,
    durations,
    containers,
    isTimed:
      durations.some(({ windows }) => windows.values.some(isMeasured)) ||
      (await isTimed(store, there, facts.axis)),
    anatomy: await anatomyIn(whole),
    selected: selection && { selection, anatomy: await anatomyIn(selection) },
    worst: worst ? await worstOf(store, shown, facts, selection ?? whole) : [],
    worstWaits: worst
      ? await worstOf(store, seriesOf(facts, METRIC.cpuWait), facts, whole)
      : [],
    ...(await earlierOf(store, facts, past, all.filter(isShown))),
    past,
  };
}

/** Series of resources that were there in the range: those of a role on the axis of the report, others in one window. */
async function onAxis(
  store: Store,
  { axis, own }: Facts,
  series: readonly StoredSeries[],
  role: RequestRole,
): Promise<SeriesFacts[]> {
  const byId = new Map(own.map(resource => [resource.id, resource]));
  const wanted = series.filter(({ resourceId }) => byId.has(resourceId));
  const withWindows = async (
    items: readonly StoredSeries[],
    on: Axis,
  ): Promise<SeriesFacts[]> => {
    const windows = await store.read(items, on);
    return items.map((item, index) => ({
      series: item,
      resource: byId.get(item.resourceId)!,
      windows: windows[index],
    }));
  };
  const isShown = (item: StoredSeries) => roleOf(item) === role;
  // Of the other role it is only told how many there were.
  const whole = {
    startMs: axis.startMs,
    stepMs: axis.stepMs * axis.count,
    count: 1,
  };
  return [
    ...(await withWindows(wanted.filter(isShown), axis)),
    ...(await withWindows(
      wanted.filter(item => !isShown(item)),
      whole,
    )),
  ];
}

function containersOf(
  past: readonly StoredResource[],
  durations: readonly SeriesFacts[],
  role: RequestRole,
): RequestContainers {
  const counts = new Map<number, { all: number; shown: number }>();
  for (const item of durations) {
    const { count } = mergedHistogram([item]);
    const known = counts.get(item.resource.id) ?? { all: 0, shown: 0 };
    known.all += count;
    if (roleOf(item.series) === role) known.shown += count;
    counts.set(item.resource.id, known);
  }
  const having = (which: 'all' | 'shown') =>
    past.map(resource => ({
      resource,
      requestCount: counts.get(resource.id)?.[which] ?? 0,
    }));
  const roles = containerRoles(having('all'));
  return { roles, counted: countedContainers(having('shown'), roles) };
}

/** In whole windows and bands; undefined when nothing is selected. */
function selectionOf(axis: Axis, query: LatencyQuery): Selection | undefined {
  const { selectFrom, selectTo, bandFrom, bandTo } = query;
  const isAll = [selectFrom, selectTo, bandFrom, bandTo].every(
    value => value === undefined,
  );
  if (isAll) return undefined;
  const within = (window: number) =>
    Math.min(axis.count - 1, Math.max(0, window));
  const first = within(
    Math.floor(((selectFrom ?? axis.startMs) - axis.startMs) / axis.stepMs),
  );
  const last =
    selectTo === undefined
      ? axis.count - 1
      : within(Math.ceil((selectTo - axis.startMs) / axis.stepMs) - 1);
  return {
    first,
    last: Math.max(first, last),
    ...selectedBands(bandFrom, bandTo),
  };
}

async function secondsOf(
  store: Store,
  resources: ReadonlyMap<number, StoredResource>,
  series: readonly StoredSeries[],
  axis: Axis,
): Promise<AnatomySeries[]> {
  const totals = await store.totals(series, axis);
  return series.flatMap(item => {
    const resource = resources.get(item.resourceId);
    const seconds = totals.get(item.id) ?? 0;
    return resource && seconds > 0 ? [{ series: item, resource, seconds }] : [];
  });
}

async function worstOf(
  store: Store,
  series: readonly SeriesFacts[],
  { axis }: Facts,
  { first, last, lowestBand, highestBand }: Selection,
): Promise<WorstFacts[]> {
  const byId = new Map(series.map(item => [item.series.id, item]));
  const cases = await store.worst([...byId.keys()], {
    fromMs: startOf(axis, first),
    toMs: startOf(axis, last + 1),
    overSeconds:
      lowestBand === undefined ? undefined : bandLowerSeconds(lowestBand),
    upToSeconds:
      highestBand === undefined ? undefined : bandUpperSeconds(highestBand),
    limit: MAX_WORST,
  });
  return cases.map((worst: StoredWorst) => ({
    worst,
    ...byId.get(worst.seriesId)!,
  }));
}

function isMeasured(value: number | undefined): boolean {
  return value !== undefined;
}

/** Whether agents there timed requests in the range, whoever's. */
async function isTimed(
  store: Store,
  there: readonly StoredResource[],
  axis: Axis,
): Promise<boolean> {
  const series = await store.series({
    resourceIds: there.map(({ id }) => id),
    metrics: [METRIC.requestDuration],
  });
  return (await store.totals(series, axis)).size > 0;
}

/** The range before this one, and the same hours on the days before. */
async function earlierOf(
  store: Store,
  { range, nowMs }: Facts,
  past: readonly StoredResource[],
  series: readonly StoredSeries[],
): Promise<Pick<RequestFacts, 'preceding' | 'days'>> {
  const lengthMs = range.toMs - range.fromMs;
  const before = (ms: number) => ({
    fromMs: range.fromMs - ms,
    toMs: range.toMs - ms,
  });
  // Whole days, so that the hours are the same; and no range overlaps the next one.
  const periodMs = Math.ceil(lengthMs / DAY_MS) * DAY_MS;
  const daysBefore = Array.from(
    { length: Math.floor((DAYS * DAY_MS) / periodMs) },
    (_, index) => before((index + 1) * periodMs),
  );
  const stretches = await store.coverage({
    fromMs: Math.min(
      range.fromMs - lengthMs,
      ...daysBefore.map(({ fromMs }) => fromMs),
    ),
    toMs: range.toMs,
  });
  const byId = new Map(past.map(resource => [resource.id, resource]));
  const read = async (earlier: {
    fromMs: number;
    toMs: number;
  }): Promise<EarlierFacts> => {
    const there = series.filter(({ resourceId }) => {
      const { firstSeenMs, lastSeenMs } = byId.get(resourceId)!;
      return (
        firstSeenMs < earlier.toMs && lastSeenMs + MINUTE_MS > earlier.fromMs
      );
    });
    const inside = insideOf(store, earlier, nowMs);
    // In one window: as few rows as the widest levels have.
    const axis = {
      startMs: inside.fromMs,
      stepMs: inside.toMs - inside.fromMs,
      count: 1,
    };
    const nodes = there.map(({ resourceId }) => byId.get(resourceId)!);
    const windows = await store.read(there, axis);
    const histogram = sumOfHistograms(
      windows.flatMap(({ histograms }) => histograms ?? []),
    );
    return {
      ...inside,
      histogram,
      coveredSeconds: covered(stretches, nodes, inside),
    };
  };
  const days = await Promise.all(daysBefore.map(read));
  // Of whole days, the range before is the first of them.
  const preceding =
    periodMs === lengthMs && days.length > 0
      ? days[0]
      : await read(before(lengthMs));
  return {
    preceding,
    days: days.filter(({ coveredSeconds }) => coveredSeconds > 0),
  };
}

/** The windows that lie wholly in a range: nothing of what is compared with it leaks in. */
function insideOf(
  store: Store,
  range: { fromMs: number; toMs: number },
  nowMs: number,
): { fromMs: number; toMs: number } {
  const leastMs = Math.max(
    MINUTE_MS,
    (range.toMs - range.fromMs) / EARLIER_WINDOWS,
  );
  const { startMs, stepMs, count } = store.axis(
    { ...range, stepMs: leastMs },
    nowMs,
  );
  const fromMs = Math.ceil(range.fromMs / stepMs) * stepMs;
  const toMs = Math.floor(range.toMs / stepMs) * stepMs;
  return fromMs < toMs
    ? { fromMs, toMs }
    : { fromMs: startMs, toMs: startMs + count * stepMs };
}

function covered(
  stretches: readonly Stretch[],
  nodes: readonly { cluster: string; node: string }[],
  { fromMs, toMs }: { fromMs: number; toMs: number },
): number {
  const sent = stretches.filter(isAtAny(nodes));
  return coveredMs(union(sent), fromMs, toMs) / 1000;
}
