/** Facts for the arithmetic of reports, window by window, without a store. */
import {
  bucketIndex,
  METRIC,
  type EntityLink,
  type MetricName,
} from 'backstage-plugin-contention-common';
import { AGGREGATION } from '../store/aggregation';
import type { StoredResource } from '../store/Store';
import { coverageOf } from '../reports/coverage';
import type { Facts, SeriesFacts } from '../reports/facts';
import type { TestAttributes } from './otlp';

export const STEP_MS = 10_000;
export const START_MS = Date.UTC(2026, 10, 21, 10, 0);

export class FactsBuilder {
  private readonly resources = new Map<number, StoredResource>();
  private readonly series: SeriesFacts[] = [];
  private readonly claims = new Map<number, string[]>();
  private readonly covered: number[];
  private readonly nodes = new Map<string, number[]>();
  private ids = 1;

  constructor(private readonly windows: number) {
    this.covered = new Array(windows).fill(STEP_MS / 1000);
    this.nodes.set('node-a', this.covered);
  }

  /** Another node of the entity; it sends data in every window, in those that are named, or for a share of each. */
  node(
    name: string,
    isSending: (window: number) => boolean | number = () => true,
  ): this {
    this.nodes.set(
      name,
      this.covered.map(
        (_, window) => (Number(isSending(window)) * STEP_MS) / 1000,
      ),
    );
    return this;
  }

  resource(
    attributes: TestAttributes,
    entityRefs: string[] = [],
  ): StoredResource {
    const resource: StoredResource = {
      id: this.ids++,
      cluster: 'demo',
      node: String(attributes['k8s.node.name'] ?? 'node-a'),
      attributes,
      firstSeenMs: START_MS,
      lastSeenMs: START_MS + this.windows * STEP_MS,
    };
    this.resources.set(resource.id, resource);
    this.claims.set(resource.id, entityRefs);
    return resource;
  }

  /** Values of a series, by window or one for all. */
  add(
    resource: StoredResource,
    metric: MetricName,
    values: number | ((window: number) => number | undefined),
    options: { attributes?: TestAttributes; culprit?: StoredResource } = {},
  ): this {
    const valueOf = typeof values === 'number' ? () => values : values;
    const list = Array.from({ length: this.windows }, (_, window) =>
      valueOf(window),
    );
    this.series.push({
      series: {
        id: this.ids++,
        resourceId: resource.id,
        culpritId: options.culprit?.id,
        metric,
        attributes: options.attributes ?? {},
      },
      resource,
      windows: {
        seriesId: 0,
        values: list,
        ...(AGGREGATION[metric] === 'histogram'
          ? {
              // One wait as long as the value.
              histograms: list.map(value =>
                value
                  ? {
                      count: 1,
                      sumSeconds: value,
                      zeroCount: 0,
                      buckets: new Map([[bucketIndex(value), 1]]),
                    }
                  : undefined,
              ),
            }
          : {}),
      },
    });
    return this;
  }

  /** A wait for one reason: also adds to the wait itself. */
  waits(
    victim: StoredResource,
    seconds: number | ((window: number) => number | undefined),
    kind: string,
    options: {
      culprit?: StoredResource;
      samePod?: boolean;
      level?: string;
    } = {},
  ): this {
    this.add(victim, METRIC.cpuWait, seconds);
    return this.add(victim, METRIC.cpuWaitBlame, seconds, {
      culprit: options.culprit,
      attributes: {
        'contention.culprit.kind': kind,
        ...(options.samePod === undefined
          ? {}
          : { 'contention.culprit.same_pod': options.samePod }),
        ...(options.level ? { 'contention.quota.level': options.level } : {}),
      },
    });
  }

  gap(from: number, to: number): this {
    this.covered.fill(0, from, to);
    for (const { windows } of this.series) {
      windows.values.fill(undefined, from, to);
      windows.histograms?.fill(undefined, from, to);
    }
    return this;
  }

  build(entity: EntityLink, own: StoredResource[]): Facts {
    const endMs = START_MS + this.windows * STEP_MS;
    const nodes = [...this.nodes].map(([node, coveredSeconds]) => ({
      cluster: 'demo',
      node,
      firstSeenMs: START_MS,
      lastSeenMs:
        START_MS +
        (coveredSeconds.findLastIndex(seconds => seconds > 0) + 1) * STEP_MS,
      intervalMs: STEP_MS,
      cpuMean: 0.82,
      cpuCount: 2,
      coveredSeconds,
    }));
    return {
      entity,
      range: { fromMs: START_MS, toMs: endMs },
      nowMs: endMs,
      axis: { startMs: START_MS, stepMs: STEP_MS, count: this.windows },
      coveredSeconds: this.covered,
      coverage: coverageOf(
        { fromMs: START_MS, toMs: endMs },
        endMs,
        nodes,
        own,
        nodes.flatMap(node =>
          node.coveredSeconds.flatMap((seconds, window) => {
            const startMs = START_MS + window * STEP_MS;
            return seconds > 0
              ? [{ ...node, startMs, endMs: startMs + seconds * 1000 }]
              : [];
          }),
        ),
      ),
      own,
      series: this.series,
      caused: [],
      resources: this.resources,
      nodes,
      usage: new Map(),
      ownUsage: new Map(),
      bandwidth: new Map(),
      perspective: {
        entityRef: entity.entityRef,
        entitiesOf: resource => this.claims.get(resource.id) ?? [],
      },
      blameWasOff: false,
      queuesWereOff: false,
      anatomyWasOff: false,
    };
  }
}
