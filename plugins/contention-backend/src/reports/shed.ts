/** What agents switched off to stay within their budget, when, and what is not known because of it, in words. Pure. */
import {
  SHED_STEPS,
  type ShedStep,
} from 'backstage-plugin-contention-common/metrics';
import type { Axis } from '../store';
import { startOf } from './facts';
import { utcTime } from './words';

/** One step on one node: how much of each window it was off. */
export interface ShedSeries {
  node: string;
  step: string;
  /** Seconds; `undefined` and 0: it was on, or nothing was measured. */
  values: readonly (number | undefined)[];
  /** Seconds of each window in which the node sent data. */
  coveredSeconds: readonly number[];
}

/** Whether a step was off at some time. */
export function wasOff(shed: readonly ShedSeries[], wanted: ShedStep): boolean {
  return shed.some(
    ({ step, values }) =>
      step === wanted && values.some(seconds => (seconds ?? 0) > 0),
  );
}

/** More nodes than this are not named one by one. */
const MAX_NAMED_NODES = 3;

const WORDS: Record<ShedStep, { what: string; lost: string }> = {
  anatomy: {
    what: 'the anatomy of slow requests',
    lost: 'what they were made of is not known',
  },
  interrupts: {
    what: 'telling interrupts apart',
    lost: 'their time counts for whoever was interrupted',
  },
  burn: {
    what: 'the burners of quotas',
    lost: 'who used a quota up is not known',
  },
  queues: {
    what: 'packets in the queues of devices',
    lost: 'how long they stood there and behind whom, what was dropped, and the bytes of containers are not known',
  },
  blame: {
    what: 'blame',
    lost: 'whom threads waited for is not known',
  },
  allButWaits: {
    what: 'everything but waiting',
    lost: 'how long quotas stopped threads, and how long requests took, is not measured',
  },
};

/** A step that this version does not know goes by its name. */
function wordsOf(step: string): { what: string; lost: string } {
  const known = SHED_STEPS.find(one => one === step);
  return known ? WORDS[known] : { what: step, lost: 'it is not measured' };
}

interface Stretch {
  node: string;
  fromMs: number;
  toMs: number;
  /** Off from the first moment on that was measured: perhaps longer. */
  fromBefore: boolean;
  /** Off at the last moment that was measured. */
  atEnd: boolean;
}

/** The newest unbroken stretch; undefined: it was never off. Windows without data neither end nor begin one. */
function newestStretch(series: ShedSeries, axis: Axis): Stretch | undefined {
  const measured = series.coveredSeconds.flatMap((seconds, window) =>
    seconds > 0 || (series.values[window] ?? 0) > 0 ? [window] : [],
  );
  const isOff = (window: number) => (series.values[window] ?? 0) > 0;
  const last = measured.findLastIndex(isOff);
  if (last < 0) return undefined;
  let first = last;
  while (first > 0 && isOff(measured[first - 1])) first -= 1;
  return {
    node: series.node,
    fromMs: startOf(axis, measured[first]),
    toMs: startOf(axis, measured[last] + 1),
    fromBefore: first === 0,
    atEnd: last === measured.length - 1,
  };
}

function sentence(
  where: string,
  { what, lost }: { what: string; lost: string },
  { fromMs, toMs, fromBefore }: Omit<Stretch, 'node' | 'atEnd'>,
  goesOn: boolean,
  nowMs: number,
): string {
  const from = utcTime(fromMs, nowMs);
  const since = fromBefore ? `${from} or earlier` : from;
  const when = goesOn
    ? `since ${since}`
    : `from ${since} to ${utcTime(toMs, nowMs)}`;
  return `On ${where} the agent ${
    goesOn ? 'has' : 'had'
  } switched off ${what} ${when} to stay within its budget: ${lost}${
    goesOn ? '' : ' of that time'
  }.`;
}

/**
 * A sentence for each step and node; many nodes share one.
 * @param reachesNow - whether the axis ends now, so that what is off at its end is off
 */
export function shedWords(
  all: readonly ShedSeries[],
  axis: Axis,
  reachesNow: boolean,
  nowMs: number,
): string[] {
  const steps = new Set<string>([
    ...SHED_STEPS,
    ...all.map(({ step }) => step),
  ]);
  return [...steps].flatMap(step => {
    const words = wordsOf(step);
    const stretches = all
      .filter(series => series.step === step)
      .map(series => newestStretch(series, axis))
      .filter(stretch => stretch !== undefined)
      .sort((a, b) => a.node.localeCompare(b.node, 'en'));
    const now = stretches.filter(({ atEnd }) => reachesNow && atEnd);
    const past = stretches.filter(stretch => !now.includes(stretch));
    return [now, past].flatMap(group => {
      const goesOn = group === now;
      if (group.length <= MAX_NAMED_NODES) {
        return group.map(stretch =>
          sentence(stretch.node, words, stretch, goesOn, nowMs),
        );
      }
      const named = group.slice(0, MAX_NAMED_NODES).map(({ node }) => node);
      const earliest = group.reduce((a, b) => (b.fromMs < a.fromMs ? b : a));
      const span = {
        ...earliest,
        toMs: Math.max(...group.map(({ toMs }) => toMs)),
      };
      const where = `${group.length} nodes (${named.join(', ')} and ${
        group.length - named.length
      } more)`;
      return [sentence(where, words, span, goesOn, nowMs)];
    });
  });
}
