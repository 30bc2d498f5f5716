/**
 * Bounds how many series a victim can have: of those that it met (culprits, peers), the largest keep their names, the others are
 * one. Pure.
 *
 * Whoever is named has a series that only grows, and so has "other": what was added to one is never moved to the other. So a
 * name that gives way keeps what it has, until nothing was added for so long that the series is forgotten.
 */
import {
  ATTRIBUTE,
  CULPRIT_PREFIX,
  PEER,
} from 'backstage-plugin-contention-common/metrics';
import type { TimedRequest } from '../metrics/accumulator';
import { attributesKey } from '../metrics/requestBuilder';
import type {
  Attributes,
  HistogramPoint,
  Metric,
  NumberPoint,
} from '../otlp/model';

/** Names that a metric of a resource has at once. */
export const NAMED = 16;
/** The same with those that gave way and are not forgotten yet. */
export const SERIES = 2 * NAMED;

/** What a name weighs is how much was added to it, of which each window leaves this much. */
const MEMORY = 0.9;
/** A newcomer takes the place of one that weighs less than half of it: those that are alike do not take turns. */
const HYSTERESIS = 2;

const CULPRIT_PATH = `${CULPRIT_PREFIX}${ATTRIBUTE.cgroupPath}`;

/** Who a point is about, besides its resource; undefined where that is nobody of whom there can be many. */
function nameOf(attributes: Attributes): string | undefined {
  const culprit = attributes[CULPRIT_PATH];
  if (culprit !== undefined) return String(culprit);
  const address = attributes[PEER.address];
  if (address === undefined) return undefined;
  return `${attributes[ATTRIBUTE.role]} ${address} ${attributes[PEER.port]}`;
}

/** The same point, about nobody in particular: as it is where the sensor itself had no room. */
function nameless(attributes: Attributes): Attributes {
  const isCulprit = attributes[CULPRIT_PATH] !== undefined;
  const kept = Object.entries(attributes).filter(([key]) =>
    isCulprit
      ? !key.startsWith(CULPRIT_PREFIX)
      : key !== PEER.address && key !== PEER.port,
  );
  return {
    ...Object.fromEntries(kept),
    ...(isCulprit ? { [ATTRIBUTE.culpritKind]: 'other' } : {}),
  };
}

/** How much a point adds, in a unit of its metric. */
function sizeOf(point: NumberPoint | HistogramPoint): number {
  if ('sumNs' in point) return Number(point.sumNs);
  if ('ns' in point.value) return Number(point.value.ns);
  return 'integer' in point.value
    ? Number(point.value.integer)
    : point.value.double;
}

interface Candidate {
  weight: number;
  isNamed: boolean;
  /** When something was added under its name last. */
  toldUnixNs?: bigint;
  touchedUnixNs: bigint;
}

/** Those that one metric of one resource has met. */
class Ranking {
  readonly #candidates = new Map<string, Candidate>();

  constructor(private readonly idleNs: bigint) {}

  /** Takes a window in, and decides who is named in it. */
  add(sizes: ReadonlyMap<string, number>, endUnixNs: bigint): void {
    for (const candidate of this.#candidates.values()) {
      candidate.weight *= MEMORY;
    }
    for (const [name, size] of sizes) {
      const candidate = this.#candidates.get(name) ?? {
        weight: 0,
        isNamed: false,
        touchedUnixNs: endUnixNs,
      };
      candidate.weight += size;
      candidate.touchedUnixNs = endUnixNs;
      this.#candidates.set(name, candidate);
    }
    this.#choose(endUnixNs - this.idleNs);
    for (const name of sizes.keys()) {
      const candidate = this.#candidates.get(name);
      if (candidate?.isNamed) candidate.toldUnixNs = endUnixNs;
    }
  }

  isNamed(name: string): boolean {
    return this.#candidates.get(name)?.isNamed ?? false;
  }

  /** @returns whether anybody is left */
  forget(beforeUnixNs: bigint): boolean {
    for (const [name, { touchedUnixNs }] of this.#candidates) {
      if (touchedUnixNs < beforeUnixNs) this.#candidates.delete(name);
    }
    return this.#candidates.size > 0;
  }

  /** @param keptUnixNs - series that were not added to since then are forgotten */
  #choose(keptUnixNs: bigint): void {
    const all = [...this.#candidates.values()];
    const hasSeries = ({ isNamed, toldUnixNs }: Candidate) =>
      isNamed || (toldUnixNs !== undefined && toldUnixNs >= keptUnixNs);
    const named = all.filter(one => one.isNamed);
    let series = all.filter(hasSeries).length;
    const newcomers = all
      .filter(one => !one.isNamed && one.weight > 0)
      .sort((a, b) => b.weight - a.weight);
    for (const newcomer of newcomers) {
      const isNew = !hasSeries(newcomer);
      if (isNew && series >= SERIES) continue;
      if (named.length >= NAMED) {
        const least = named.reduce((a, b) => (b.weight < a.weight ? b : a));
        if (newcomer.weight < HYSTERESIS * least.weight) break;
        least.isNamed = false;
        named.splice(named.indexOf(least), 1);
      }
      newcomer.isNamed = true;
      named.push(newcomer);
      if (isNew) series += 1;
    }
  }
}

/** Gives windows whose points are about so many names only. */
export class Largest {
  readonly #rankings = new Map<string, Ranking>();
  #forgottenUnixNs = 0n;

  /** @param idleNs - as the accumulator has it that adds up what comes from here */
  constructor(private readonly idleNs: bigint) {}

  take(window: TimedRequest): TimedRequest {
    const { endUnixNs } = window;
    const resources = window.request.resources.map(resource => {
      const key = attributesKey(resource.attributes);
      return {
        ...resource,
        metrics: resource.metrics.map(metric =>
          this.#metric(`${key}\n${metric.name}`, metric, endUnixNs),
        ),
      };
    });
    this.#forget(endUnixNs);
    return { ...window, request: { resources } };
  }

  #metric<M extends Metric>(key: string, metric: M, endUnixNs: bigint): M {
    const sizes = new Map<string, number>();
    for (const point of metric.points) {
      const name = nameOf(point.attributes);
      if (name === undefined) continue;
      sizes.set(name, (sizes.get(name) ?? 0) + sizeOf(point));
    }
    if (sizes.size === 0) return metric;
    const ranking = this.#rankings.get(key) ?? new Ranking(this.idleNs);
    this.#rankings.set(key, ranking);
    ranking.add(sizes, endUnixNs);
    const bounded = <P extends NumberPoint | HistogramPoint>(point: P): P => {
      const name = nameOf(point.attributes);
      return name === undefined || ranking.isNamed(name)
        ? point
        : { ...point, attributes: nameless(point.attributes) };
    };
    return metric.kind === 'exponentialHistogram'
      ? { ...metric, points: metric.points.map(bounded) }
      : { ...metric, points: metric.points.map(bounded) };
  }

  #forget(endUnixNs: bigint): void {
    // Now and then is enough: what is idle weighs nothing.
    if (endUnixNs - this.#forgottenUnixNs < this.idleNs / 16n) return;
    this.#forgottenUnixNs = endUnixNs;
    for (const [key, ranking] of this.#rankings) {
      if (!ranking.forget(endUnixNs - this.idleNs)) this.#rankings.delete(key);
    }
  }
}
