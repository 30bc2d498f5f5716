// Tables of what a load loses to programs that were attached and detached in turns (in_turns.h). Pure.
import { median, medianInterval, rounded } from './stats.mjs';
import { table } from './table.mjs';

const wallLost = ({ beforeNs, withNs, afterNs }) =>
  100 * (1 - (beforeNs + afterNs) / 2 / withNs);

const cpuMore = ({ beforeCpuNs, withCpuNs, afterCpuNs }) =>
  withCpuNs - (beforeCpuNs + afterCpuNs) / 2;

/**
 * `{results, text}` of samples that have `wire` and `tool` besides what in_turns.c prints. `what` names the load in results, `rate`
 * what gets less ("requests/s"), `unit` what costs more CPU time ("request").
 */
export function lostTable(samples, { what, rate, unit }) {
  const results = [];
  const texts = [];
  for (const wire of new Set(samples.map(sample => sample.wire))) {
    const on = samples.filter(sample => sample.wire === wire);
    const without = median(on.map(({ beforeCpuNs }) => beforeCpuNs));
    const rows = [
      [
        wire,
        `${rate} lost`,
        '95 % interval',
        'ns of CPU more',
        '95 % interval',
        'of the CPU time',
      ],
    ];
    const tools = [...new Set(on.map(({ tool }) => tool))];
    for (const tool of tools) {
      const of = value => on.filter(s => s.tool === tool).map(value);
      const [lost, more] = [of(wallLost), of(cpuMore)];
      const [lostIn, moreIn] = [lost, more].map(medianInterval);
      results.push(
        {
          name: `${tool} (${what}, ${wire})`,
          value: rounded(median(lost), 2),
          unit: `% of ${rate} lost`,
          interval95: lostIn,
        },
        {
          name: `${tool} (${what}, ${wire}, CPU)`,
          value: rounded(median(more), 0),
          unit: `ns of CPU time more per ${unit}`,
          interval95: moreIn,
          ratioTo: { without: rounded(median(more) / without, 4) },
        },
      );
      rows.push([
        tool,
        `${median(lost).toFixed(1)} %`,
        `${lostIn.low.toFixed(1)} to ${lostIn.high.toFixed(1)} %`,
        median(more).toFixed(0),
        `${moreIn.low.toFixed(0)} to ${moreIn.high.toFixed(0)}`,
        `${((100 * median(more)) / without).toFixed(1)} %`,
      ]);
    }
    texts.push(
      `${table(rows)}\n\nA ${unit} takes ${without.toFixed(0)} ns of CPU time of both ends without any. Medians of the differences; ${on.length / tools.length} pairs of each.`,
    );
  }
  return { results, text: texts.join('\n\n') };
}

/** Lines of JSON as in_turns.c prints them, each with the wire that it was measured on. */
export const samplesOn = (wire, lines) =>
  lines
    .trim()
    .split('\n')
    .map(line => ({ wire, ...JSON.parse(line) }));
