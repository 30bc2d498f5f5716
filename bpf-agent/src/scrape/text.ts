/** Families in Prometheus' text format, version 0.0.4. */
import { secondsOf, type HistogramPoint } from '../otlp/model';
import { classicBuckets } from './classic';
import type { Family, Labels } from './families';

export const TEXT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

const ESCAPES: Record<string, string> = {
  '\\': '\\\\',
  '\n': '\\n',
  '"': '\\"',
};

function escapeHelp(text: string): string {
  return text.replace(/[\\\n]/g, character => ESCAPES[character]);
}

function escapeValue(text: string): string {
  return text.replace(/[\\\n"]/g, character => ESCAPES[character]);
}

function labelText(labels: Labels): string {
  return labels
    .map(([name, value]) => `${name}="${escapeValue(value)}"`)
    .join(',');
}

function line(name: string, labels: string, value: string): string {
  return labels === '' ? `${name} ${value}\n` : `${name}{${labels}} ${value}\n`;
}

function histogram(
  name: string,
  labels: string,
  classic: boolean,
  point: HistogramPoint,
): string {
  const before = labels === '' ? '' : `${labels},`;
  const bucket = (bound: string, count: bigint) =>
    line(`${name}_bucket`, `${before}le="${bound}"`, String(count));
  return [
    ...(classic ? classicBuckets(point) : []).map(({ upperBound, count }) =>
      bucket(String(upperBound), count),
    ),
    bucket('+Inf', point.count),
    line(`${name}_sum`, labels, String(secondsOf(point.sumNs))),
    line(`${name}_count`, labels, String(point.count)),
  ].join('');
}

function* samples(family: Family): Generator<string> {
  const { name } = family;
  if (family.kind === 'histogram') {
    for (const { labels, point } of family.samples) {
      yield histogram(name, labelText(labels), family.classic, point);
    }
    return;
  }
  for (const { labels, value } of family.samples) {
    yield line(name, labelText(labels), String(value));
  }
}

/** A piece each for what a family is, and for each of its series. */
export function* familiesAsText(
  families: readonly Family[],
): Generator<string> {
  for (const family of families) {
    yield `# HELP ${family.name} ${escapeHelp(family.help)}\n# TYPE ${family.name} ${family.kind}\n`;
    yield* samples(family);
  }
}
