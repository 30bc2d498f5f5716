/** The account of requests in a latency report, from a story. */
import type {
  AnatomyPart,
  Comparison,
  LatencyOptions,
  RequestBreakdownRow,
  Requests,
  RequestSummary,
  Sentence,
  TimeAxis,
  WorstRequest,
} from 'backstage-plugin-contention-common';
import type { Range } from '../base';
import { axisOf, noise } from '../series';
import { anatomyOf } from './anatomy';
import {
  BOUNDS_SECONDS,
  countsOf,
  heatmapOf,
  middleOf,
  quantile,
  rowsAt,
  rowSums,
  type Counts,
  type Ingredient,
  type Population,
} from './populations';

/** A container of the story, and which share of the requests goes through it. */
export interface Place {
  pod: string;
  node: string;
  container: string;
  role?: RequestBreakdownRow['containerRole'];
  share: number;
  /** How much longer than the rest the slow ones take here. */
  slower?: number;
}

export interface Story {
  populations: Population[];
  places: Place[];
  /** Of the requests: exchanges, not told apart. */
  estimatedShare?: number;
  /** Who is on the other side of the slowest. */
  peer?: WorstRequest['peer'];
  anatomySentence?(thresholdSeconds: number): Sentence;
  comparisonSentence?: Sentence;
}

const DAY_MS = 86_400_000;
const WORST = 10;

export function requestsOf(
  story: Story,
  range: Range,
  options: LatencyOptions,
  roles: Requests['roles'],
): Requests {
  const { populations, estimatedShare } = story;
  const axis = axisOf(range);
  const counts = countsOf(populations, axis.startsMs, axis.stepSeconds);
  const rows = rowSums(counts);
  const count = sum(rows);
  const windows = axis.startsMs.map((_, index) => rowsAt(counts, index));
  const values = (q: number) =>
    windows.map(window => quantile(window, q) ?? null);
  const countValues = windows.map(sum);
  const selected = {
    from: Math.max(options.selectFrom ?? range.from, range.from),
    to: Math.min(options.selectTo ?? range.to, range.to),
  };
  const chosen = within(axis, counts, selected);
  const anatomy = anatomyOf(
    populations,
    chosen,
    selected,
    estimatedShare ?? 0,
    options,
  );
  const [slowest] = anatomy.sums;
  return {
    role: options.role ?? 'server',
    roles,
    distribution: {
      count,
      sumSeconds: sum(rows.map((n, row) => n * middleOf(row))),
      p50Seconds: quantile(rows, 0.5),
      p90Seconds: quantile(rows, 0.9),
      p99Seconds: quantile(rows, 0.99),
      longestSeconds: quantile(rows, 1),
      buckets: rows.flatMap((n, row) =>
        n > 0
          ? [
              {
                fromSeconds: BOUNDS_SECONDS[row],
                toSeconds: BOUNDS_SECONDS[row + 1],
                count: n,
              },
            ]
          : [],
      ),
    },
    ratePerSecond: count / ((range.to - range.from) / 1000),
    estimatedShare,
    p50Values: values(0.5),
    p90Values: values(0.9),
    p99Values: values(0.99),
    countValues,
    rateValues: countValues.map(n => n / axis.stepSeconds),
    heatmap: heatmapOf(counts),
    anatomy: {
      ...anatomy,
      sentence:
        slowest?.thresholdSeconds === undefined
          ? undefined
          : story.anatomySentence?.(slowest.thresholdSeconds),
    },
    comparison: comparisonOf(story, range),
    breakdown: breakdownOf(story, range, rows),
    worst: worstOf(story, axis, chosen, selected, options),
  };
}

export function requestCountOf(story: Story, range: Range): number {
  return summaryOf(story, range).requestCount;
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

/** Only the windows of a part of the range; the others count nothing. */
function within(axis: TimeAxis, counts: Counts, part: Range): Counts {
  const isInside = (start: number) =>
    start + axis.stepSeconds * 1000 > part.from && start < part.to;
  return counts.map(matrix =>
    matrix.map((column, index) =>
      isInside(axis.startsMs[index]) ? column : column.map(() => 0),
    ),
  );
}

function summaryOf(story: Story, { from, to }: Range): RequestSummary {
  const axis = axisOf({ from, to });
  const rows = rowSums(
    countsOf(story.populations, axis.startsMs, axis.stepSeconds),
  );
  const requestCount = sum(rows);
  return {
    from,
    to,
    requestCount,
    ratePerSecond: requestCount / ((to - from) / 1000),
    p50Seconds: quantile(rows, 0.5),
    p90Seconds: quantile(rows, 0.9),
    p99Seconds: quantile(rows, 0.99),
  };
}

function comparisonOf(story: Story, range: Range): Comparison {
  const length = range.to - range.from;
  const earlier = (byMs: number) =>
    summaryOf(story, { from: range.from - byMs, to: range.to - byMs });
  const days = [1, 2, 3].map(n => earlier(n * DAY_MS));
  const [, middle] = days;
  const { ratePerSecond, p50Seconds, p90Seconds, p99Seconds } = middle;
  return {
    now: earlier(0),
    preceding: earlier(length),
    usual: { days, ratePerSecond, p50Seconds, p90Seconds, p99Seconds },
    sentence: story.comparisonSentence,
  };
}

function breakdownOf(
  { places }: Story,
  range: Range,
  rows: readonly number[],
): Requests['breakdown'] {
  const count = sum(rows);
  const seconds = (range.to - range.from) / 1000;
  const row = (
    name: string,
    members: Place[],
    workload: RequestBreakdownRow['workload'],
  ): RequestBreakdownRow => {
    const share = sum(members.map(place => place.share));
    const slower = Math.max(...members.map(place => place.slower ?? 1));
    const requestCount = Math.round(count * share);
    return {
      key: name,
      name,
      workload: { cluster: 'demo', namespace: 'shop', ...workload },
      counted: true,
      requestCount,
      ratePerSecond: requestCount / seconds,
      p50Seconds: (quantile(rows, 0.5) ?? 0) * Math.sqrt(slower),
      p99Seconds: (quantile(rows, 0.99) ?? 0) * slower,
    };
  };
  const isApp = ({ role }: Place) => (role ?? 'app') === 'app';
  const grouped = (keyOf: (place: Place) => string, list: Place[]) =>
    [...new Set(list.map(keyOf))].map(
      key => [key, list.filter(place => keyOf(place) === key)] as const,
    );
  const apps = places.filter(isApp);
  return {
    pods: grouped(place => place.pod, apps).map(([pod, members]) =>
      row(pod, members, { pod, node: members[0].node }),
    ),
    containers: grouped(place => place.container, places).map(
      ([container, members]) => ({
        ...row(container, members, { container }),
        containerRole: members[0].role ?? 'app',
        counted: isApp(members[0]),
      }),
    ),
    nodes: grouped(place => place.node, apps).map(([node, members]) =>
      row(node, members, { node }),
    ),
  };
}

/** The slowest of each window and population, the slowest of all first. */
function worstOf(
  story: Story,
  axis: TimeAxis,
  counts: Counts,
  part: Range,
  options: LatencyOptions,
): WorstRequest[] {
  const { bandFromSeconds = 0, bandToSeconds = Infinity } = options;
  return story.populations
    .flatMap((population, index) =>
      axis.startsMs.flatMap((start, window) => {
        const row = counts[index][window].findLastIndex(n => n > 0);
        if (row < 0) return [];
        const low = BOUNDS_SECONDS[row];
        const durationSeconds = low * 2 ** (0.25 * noise(start, row));
        if (durationSeconds <= bandFromSeconds) return [];
        if (durationSeconds > bandToSeconds) return [];
        return [worstAt(story, population, start, durationSeconds, axis)];
      }),
    )
    .filter(({ at }) => at > part.from && at <= part.to)
    .sort((a, b) => b.durationSeconds - a.durationSeconds)
    .slice(0, WORST);
}

function worstAt(
  story: Story,
  population: Population,
  start: number,
  durationSeconds: number,
  axis: TimeAxis,
): WorstRequest {
  const wobbly = population.parts.map((part, n) => ({
    ...part,
    share: part.share * (0.6 + 0.8 * noise(start, n + 90)),
  }));
  const whole = sum(wobbly.map(({ share }) => share));
  const parts = new Map<string, AnatomyPart>();
  for (const ingredient of wobbly) {
    const nameless = withoutName(ingredient);
    const share =
      ingredient.share / whole + (parts.get(nameless.key)?.share ?? 0);
    parts.set(nameless.key, {
      ...nameless,
      share,
      seconds: durationSeconds * share,
    });
  }
  const culprit = wobbly.find(
    ({ party }) => party?.relation === 'neighbour',
  )?.party;
  const places = story.places.filter(place => (place.role ?? 'app') === 'app');
  const { pod, node, container } = places[0];
  return {
    key: `${start} ${durationSeconds}`,
    at:
      start + Math.round(axis.stepSeconds * 1000 * (0.1 + noise(start, 7) / 2)),
    durationSeconds,
    estimated: (story.estimatedShare ?? 0) > noise(start, 8),
    workload: { cluster: 'demo', namespace: 'shop', pod, node, container },
    containerRole: 'app',
    peer: story.peer,
    parts: [...parts.values()].sort((a, b) => b.share - a.share),
    culprit,
  };
}

/** Of a single request only the kinds of its waits are known, and one main culprit. */
function withoutName(ingredient: Ingredient): Ingredient {
  if (ingredient.party?.relation !== 'neighbour') return ingredient;
  const key = 'container:unnamed';
  const party = {
    ...ingredient.party,
    key,
    name: 'neighbours',
    entities: [],
    workload: undefined,
  };
  return { ...ingredient, key, party };
}
