/**
 * Collects points by resource, metric and attributes; what meets under the same three is added up. Knows the catalogue,
 * not what the numbers mean.
 */
import type { MetricName } from 'backstage-plugin-contention-common/metrics';
import type {
  Attributes,
  Exemplar,
  HistogramPoint,
  Metric,
  MetricsRequest,
  NumberPoint,
} from '../otlp/model';
import type { HistogramDelta } from '../window/window';
import { addExemplar, addHistogram } from './addHistogram';
import { CATALOGUE } from './catalogue';

/** From when to when a value was gathered. */
export interface Span {
  startUnixNs: bigint;
  endUnixNs: bigint;
}

interface Resource {
  attributes: Attributes;
  sums: Map<MetricName, Map<string, NumberPoint>>;
  histograms: Map<MetricName, Map<string, HistogramPoint>>;
}

const keys = new WeakMap<Attributes, string>();

/** Equal for equal attributes whatever their order. */
export function attributesKey(attributes: Attributes): string {
  let key = keys.get(attributes);
  if (key === undefined) {
    key = Object.keys(attributes)
      .sort()
      .map(name => `${name}=${attributes[name]}`)
      .join('\n');
    keys.set(attributes, key);
  }
  return key;
}

function pointsOf<P>(
  metrics: Map<MetricName, Map<string, P>>,
  name: MetricName,
): Map<string, P> {
  let points = metrics.get(name);
  if (!points) {
    points = new Map();
    metrics.set(name, points);
  }
  return points;
}

export class RequestBuilder {
  readonly #resources = new Map<string, Resource>();

  /** Adds to a sum. */
  add(
    resource: Attributes,
    name: MetricName,
    attributes: Attributes,
    value: { ns: bigint } | { integer: bigint },
    span: Span,
  ): void {
    const points = pointsOf(this.#resource(resource).sums, name);
    const key = attributesKey(attributes);
    const point = points.get(key);
    if (!point) {
      points.set(key, { attributes, ...span, value: { ...value } });
    } else if ('ns' in value && 'ns' in point.value) {
      point.value.ns += value.ns;
    } else if ('integer' in value && 'integer' in point.value) {
      point.value.integer += value.integer;
    } else {
      throw new Error(`${name} is both a duration and a count`);
    }
  }

  /** Sets a gauge; of several durations the longest stands. */
  gauge(
    resource: Attributes,
    name: MetricName,
    value: { ns: bigint } | { double: number },
    endUnixNs: bigint,
  ): void {
    const points = pointsOf(this.#resource(resource).sums, name);
    const before = points.get('')?.value;
    const longer =
      before && 'ns' in before && 'ns' in value && before.ns > value.ns;
    if (longer) return;
    points.set('', { attributes: {}, endUnixNs, value: { ...value } });
  }

  /** Merges into a histogram. */
  record(
    resource: Attributes,
    name: MetricName,
    attributes: Attributes,
    delta: HistogramDelta,
    span: Span,
    exemplar?: Exemplar,
  ): void {
    const points = pointsOf(this.#resource(resource).histograms, name);
    const key = attributesKey(attributes);
    let point = points.get(key);
    if (!point) {
      point = {
        attributes,
        ...span,
        count: 0n,
        sumNs: 0n,
        zeroCount: 0n,
        buckets: new Map(),
      };
      points.set(key, point);
    }
    addHistogram(point, delta);
    addExemplar(point, exemplar);
  }

  /** Everything collected, as deltas. */
  build(): MetricsRequest {
    const resources = [...this.#resources.values()].map(resource => {
      const metrics: Metric[] = [];
      for (const [name, points] of resource.histograms) {
        const { unit, description } = CATALOGUE[name];
        metrics.push({
          kind: 'exponentialHistogram',
          name,
          unit,
          description,
          temporality: 'delta',
          points: [...points.values()],
        });
      }
      for (const [name, values] of resource.sums) {
        const { kind, unit, description } = CATALOGUE[name];
        const points = [...values.values()];
        metrics.push(
          kind === 'gauge'
            ? { kind, name, unit, description, points }
            : {
                kind: 'sum',
                name,
                unit,
                description,
                temporality: 'delta',
                points,
              },
        );
      }
      return { attributes: resource.attributes, metrics };
    });
    return { resources };
  }

  #resource(attributes: Attributes): Resource {
    const key = attributesKey(attributes);
    let resource = this.#resources.get(key);
    if (!resource) {
      resource = { attributes, sums: new Map(), histograms: new Map() };
      this.#resources.set(key, resource);
    }
    return resource;
  }
}
