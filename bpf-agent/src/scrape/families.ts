/**
 * What is scraped, before it is text or protobuf: metrics under the names that the OpenTelemetry specification gives them in
 * Prometheus, with their identity as labels on every series. Pure.
 */
import { ATTRIBUTE, METRIC } from 'backstage-plugin-contention-common/metrics';
import {
  secondsOf,
  type Attributes,
  type AttributeValue,
  type HistogramPoint,
  type Metric,
  type MetricsRequest,
  type NumberValue,
} from '../otlp/model';

/** Name and value, each name once. */
export type Labels = readonly (readonly [string, string])[];

export interface Sample {
  labels: Labels;
  value: number;
}

export interface HistogramSample {
  labels: Labels;
  point: HistogramPoint;
}

interface FamilyBase {
  name: string;
  help: string;
}

export interface NumberFamily extends FamilyBase {
  kind: 'counter' | 'gauge';
  samples: Sample[];
}

export interface HistogramFamily extends FamilyBase {
  kind: 'histogram';
  /** Whether classic buckets are told, or only count and sum. */
  classic: boolean;
  samples: HistogramSample[];
}

export type Family = NumberFamily | HistogramFamily;

/** By peer there are too many series for classic buckets; native histograms have all of them. */
const WITHOUT_CLASSIC: ReadonlySet<string> = new Set([
  METRIC.tcpRtt,
  METRIC.tcpConnect,
  METRIC.peerRequestDuration,
]);

/** What says nothing about who it is. */
const NO_IDENTITY = [ATTRIBUTE.imageName, ATTRIBUTE.imageTags];

const UNITS: Record<string, string> = { s: '_seconds', By: '_bytes' };

/** The name in Prometheus of a metric in OTLP. Units in braces are no units, and 1 is none for what is counted. */
export function prometheusName({
  name,
  unit,
  kind,
}: Pick<Metric, 'name' | 'unit' | 'kind'>): string {
  const base = name.replace(/[^a-zA-Z0-9_:]+/g, '_');
  const suffix = UNITS[unit] ?? '';
  return `${base}${suffix}${kind === 'sum' ? '_total' : ''}`;
}

function labelName(key: string): string {
  const name = key.replace(/[^a-zA-Z0-9_]+/g, '_');
  return /^\d/.test(name) ? `key_${name}` : name;
}

function labelValue(value: AttributeValue): string {
  return Array.isArray(value) ? JSON.stringify(value) : String(value);
}

const known = new WeakMap<Attributes, Labels>();

/** Attributes whose names become the same are one label, their values joined in the order of their own names. */
function labelsOf(attributes: Attributes): Labels {
  let labels = known.get(attributes);
  if (!labels) {
    const values = new Map<string, string>();
    for (const key of Object.keys(attributes).sort()) {
      if (NO_IDENTITY.some(one => key.endsWith(one))) continue;
      const name = labelName(key);
      const before = values.get(name);
      const value = labelValue(attributes[key]);
      values.set(name, before === undefined ? value : `${before};${value}`);
    }
    labels = [...values];
    known.set(attributes, labels);
  }
  return labels;
}

/** A point's own labels go before its resource's: what a quota's part is of, before the pod that has the quota. */
function merge(resource: Labels, own: Labels): Labels {
  if (own.length === 0) return resource;
  const names = new Set(own.map(([name]) => name));
  return [...resource.filter(([name]) => !names.has(name)), ...own];
}

function numberOf(value: NumberValue): number {
  if ('ns' in value) return secondsOf(value.ns);
  return 'integer' in value ? Number(value.integer) : value.double;
}

function familyOf(metric: Metric): Family {
  const base = { name: prometheusName(metric), help: metric.description };
  if (metric.kind === 'exponentialHistogram') {
    const classic = !WITHOUT_CLASSIC.has(metric.name);
    return { ...base, kind: 'histogram', classic, samples: [] };
  }
  return {
    ...base,
    kind: metric.kind === 'sum' ? 'counter' : 'gauge',
    samples: [],
  };
}

function addPoints(family: Family, metric: Metric, resource: Labels): void {
  if (family.kind === 'histogram') {
    if (metric.kind !== 'exponentialHistogram') return;
    for (const point of metric.points) {
      const labels = merge(resource, labelsOf(point.attributes));
      family.samples.push({ labels, point });
    }
  } else if (metric.kind !== 'exponentialHistogram') {
    for (const { attributes, value } of metric.points) {
      const labels = merge(resource, labelsOf(attributes));
      family.samples.push({ labels, value: numberOf(value) });
    }
  }
}

/** @param request - cumulative; no two points of it have the same labels, since a resource has the path of its cgroup */
export function familiesOf(request: MetricsRequest): Family[] {
  const families = new Map<string, Family>();
  for (const { attributes, metrics } of request.resources) {
    const resource = labelsOf(attributes);
    for (const metric of metrics) {
      const family = families.get(metric.name) ?? familyOf(metric);
      families.set(metric.name, family);
      addPoints(family, metric, resource);
    }
  }
  return [...families.values()];
}
