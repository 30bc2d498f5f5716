/**
 * Adds up deltas: for receivers that want cumulative values, and for a snapshot made of several short windows.
 */
import type {
  HistogramPoint,
  MetricsRequest,
  NumberPoint,
  NumberValue,
  ResourceMetrics,
  Temporality,
} from '../otlp/model';
import { addExemplar, addHistogram } from './addHistogram';
import { attributesKey } from './requestBuilder';

interface Series<P> {
  point: P;
  updatedUnixNs: bigint;
}

interface MetricSeries {
  /** As it came, without points. */
  metric: ResourceMetrics['metrics'][number];
  numbers: Map<string, Series<NumberPoint>>;
  histograms: Map<string, Series<HistogramPoint>>;
}

interface ResourceSeries {
  attributes: ResourceMetrics['attributes'];
  metrics: Map<string, MetricSeries>;
}

function sumOf(a: NumberValue, b: NumberValue): NumberValue {
  if ('ns' in a && 'ns' in b) return { ns: a.ns + b.ns };
  if ('integer' in a && 'integer' in b) {
    return { integer: a.integer + b.integer };
  }
  throw new Error('a series changed from a duration to a count');
}

function mergeHistogram(
  into: HistogramPoint | undefined,
  from: HistogramPoint,
  temporality: Temporality,
): HistogramPoint {
  if (!into) return { ...from, buckets: new Map(from.buckets) };
  addHistogram(into, from);
  // What is cumulative shows the worst of the newest window, or the same one for ever.
  if (temporality === 'cumulative') into.exemplar = from.exemplar;
  else addExemplar(into, from.exemplar);
  into.endUnixNs = from.endUnixNs;
  return into;
}

/** Deltas of one window. */
export interface TimedRequest {
  request: MetricsRequest;
  startUnixNs: bigint;
  endUnixNs: bigint;
}

/** Forgets series that were not added to for `idleNs`; one that comes back starts anew, with a new start time. */
export class Accumulator {
  readonly #resources = new Map<string, ResourceSeries>();
  #lastEndUnixNs = 0n;

  constructor(
    private readonly options: {
      temporality: Temporality;
      idleNs: bigint;
    },
  ) {}

  /**
   * Adds a window, from whose end idleness is counted. Cumulative series start anew where the window before did not reach
   * (nobody measured meanwhile: that is a gap, not a time in which nothing happened), and where the wall clock was set
   * back by more than the window is long, as they would end before they start.
   */
  add({ request, startUnixNs, endUnixNs }: TimedRequest): void {
    const last = this.#lastEndUnixNs;
    if (
      this.options.temporality === 'cumulative' &&
      (startUnixNs > last || endUnixNs < last)
    ) {
      this.#resources.clear();
    }
    this.#lastEndUnixNs = endUnixNs;
    for (const resource of request.resources) {
      const key = attributesKey(resource.attributes);
      let known = this.#resources.get(key);
      if (!known) {
        known = { attributes: resource.attributes, metrics: new Map() };
        this.#resources.set(key, known);
      }
      for (const metric of resource.metrics) {
        this.#addMetric(known, metric, endUnixNs);
      }
    }
    this.#forget(endUnixNs - this.options.idleNs);
  }

  /**
   * Everything added so far. Sums and histograms that were not added to end at `endUnixNs` all the same; a gauge is only
   * shown in the window that set it, or, for a snapshot, as it was last.
   * @param startUnixNs - if given, the start of every sum and histogram: all of it is one window
   */
  request(endUnixNs: bigint, startUnixNs?: bigint): MetricsRequest {
    const cumulative = this.options.temporality === 'cumulative';
    const resources = [...this.#resources.values()].map(resource => ({
      attributes: resource.attributes,
      metrics: [...resource.metrics.values()].map(series =>
        this.#metricOf(series, endUnixNs, startUnixNs),
      ),
    }));
    for (const resource of resources) {
      resource.metrics = resource.metrics.filter(
        metric => !cumulative || metric.points.length > 0,
      );
    }
    return { resources: resources.filter(one => one.metrics.length > 0) };
  }

  #addMetric(
    resource: ResourceSeries,
    metric: ResourceMetrics['metrics'][number],
    updatedUnixNs: bigint,
  ): void {
    let series = resource.metrics.get(metric.name);
    if (!series) {
      series = {
        metric: { ...metric, points: [] },
        numbers: new Map(),
        histograms: new Map(),
      };
      resource.metrics.set(metric.name, series);
    }
    if (metric.kind === 'exponentialHistogram') {
      for (const point of metric.points) {
        const key = attributesKey(point.attributes);
        const before = series.histograms.get(key)?.point;
        series.histograms.set(key, {
          point: mergeHistogram(before, point, this.options.temporality),
          updatedUnixNs,
        });
      }
      return;
    }
    for (const point of metric.points) {
      const key = attributesKey(point.attributes);
      const before = series.numbers.get(key)?.point;
      const merged =
        metric.kind === 'gauge' || !before
          ? point
          : {
              ...point,
              startUnixNs: before.startUnixNs,
              value: sumOf(before.value, point.value),
            };
      series.numbers.set(key, { point: merged, updatedUnixNs });
    }
  }

  #metricOf(
    { metric, numbers, histograms }: MetricSeries,
    endUnixNs: bigint,
    startUnixNs?: bigint,
  ): ResourceMetrics['metrics'][number] {
    const { temporality } = this.options;
    const span = <P extends { startUnixNs?: bigint; endUnixNs: bigint }>({
      point,
      updatedUnixNs,
    }: Series<P>): P => ({
      ...point,
      startUnixNs: startUnixNs ?? point.startUnixNs,
      endUnixNs: updatedUnixNs === endUnixNs ? point.endUnixNs : endUnixNs,
    });
    if (metric.kind === 'exponentialHistogram') {
      const points = [...histograms.values()].map(series => ({
        ...span(series),
        // A worst case is told once.
        exemplar:
          temporality === 'delta' || series.updatedUnixNs === endUnixNs
            ? series.point.exemplar
            : undefined,
      }));
      return { ...metric, temporality, points };
    }
    if (metric.kind === 'sum') {
      const points = [...numbers.values()].map(span);
      return { ...metric, temporality, points };
    }
    const points = [...numbers.values()]
      .filter(
        series => temporality === 'delta' || series.updatedUnixNs === endUnixNs,
      )
      .map(series => ({ ...series.point }));
    return { ...metric, points };
  }

  #forget(beforeUnixNs: bigint): void {
    for (const [key, resource] of this.#resources) {
      for (const [name, { numbers, histograms }] of resource.metrics) {
        for (const series of [numbers, histograms]) {
          for (const [id, { updatedUnixNs }] of series) {
            if (updatedUnixNs < beforeUnixNs) series.delete(id);
          }
        }
        if (numbers.size + histograms.size === 0) resource.metrics.delete(name);
      }
      if (resource.metrics.size === 0) this.#resources.delete(key);
    }
  }
}
