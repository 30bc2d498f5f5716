// What a pipe ping-pong on one CPU loses: the kernel programs of each tool attached and detached within milliseconds, in
// turns (pairs.c). The wall clock decides, so this is what a user would feel; the noise of the machine is in the intervals.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { built, embeddedObject } from './lib/built.mjs';
import { median, medianInterval, quantile, rounded } from './lib/stats.mjs';
import { table } from './lib/table.mjs';

const OPERATIONS = 20_000;

export const title =
  'Pipe ping-pong on one CPU, attached and detached in turns';

/** `rounds` pairs of each tool. */
export function run({ rounds }) {
  const runqlat = embeddedObject('/usr/sbin/runqlat');
  const runqslower = embeddedObject('/usr/sbin/runqslower');
  const samples = execFileSync(
    built('bench-pairs'),
    [
      rounds,
      OPERATIONS,
      'base=base',
      'everything=sensor',
      `runqlat=${runqlat}`,
      `runqslower=${runqslower}`,
      `empty=${built('empty.bpf.o')}`,
    ].map(String),
    { encoding: 'utf8' },
  )
    .trim()
    .split('\n')
    .map(line => JSON.parse(line));
  for (const object of [runqlat, runqslower])
    rmSync(dirname(object), { recursive: true });
  return { samples, ...summary(samples) };
}

function summary(samples) {
  const tools = [...new Set(samples.map(({ tool }) => tool))];
  const lost = tool =>
    samples
      .filter(sample => sample.tool === tool)
      .map(
        ({ beforeNs, withNs, afterNs }) => withNs - (beforeNs + afterNs) / 2,
      );
  const without = median(samples.map(({ beforeNs }) => beforeNs));
  const reference = median(lost('runqlat'));
  const results = tools.map(tool => ({
    name: `${tool} (ping-pong)`,
    value: rounded(median(lost(tool)), 1),
    unit: 'ns lost per round trip',
    interval95: medianInterval(lost(tool)),
    ratioTo: { runqlat: rounded(median(lost(tool)) / reference, 3) },
  }));
  const rows = [
    [
      '',
      'ns lost',
      '95 % interval',
      'half of them',
      'of the time',
      'x runqlat',
    ],
    ...tools.map((tool, i) => {
      const values = lost(tool);
      const { low, high } = medianInterval(values);
      return [
        tool,
        results[i].value.toFixed(0),
        `${low.toFixed(0)} to ${high.toFixed(0)}`,
        `${quantile(values, 0.25).toFixed(0)} to ${quantile(values, 0.75).toFixed(0)}`,
        `${((100 * results[i].value) / without).toFixed(1)} %`,
        results[i].ratioTo.runqlat.toFixed(2),
      ];
    }),
  ];
  return {
    results,
    text: `${table(rows)}\n\nA round trip (two switches, two wakeups) takes ${without.toFixed(0)} ns without any. Medians of the differences.`,
  };
}
