// What each of the sensor's programs costs a run, beside the same program of another build of the sensor: both are attached at once, so
// that they meet the same packets at the same moment, and whatever else the machine does meets both. Which of the two is
// attached first, and finds the memory of a packet cold, takes turns.
import { setTimeout as sleep } from 'node:timers/promises';
import { sensorAt } from './lib/background.mjs';
import { pricedTogether, withStatistics } from './lib/bpf-statistics.mjs';
import { built } from './lib/built.mjs';
import { startBulk, startQueries, startWeb } from './lib/loads.mjs';
import { median, rounded } from './lib/stats.mjs';
import { table } from './lib/table.mjs';

export const title =
  'Each program of two builds of the sensor, attached at once under the same load, by BPF statistics';

const SECONDS = 1.5;

const loads = {
  request: () => startWeb({ body: 100, connections: 8, wire: 'veth' }),
  megabyte: () => startBulk({ wire: 'veth' }),
  query: () => startQueries({ wire: 'veth' }),
};

/** Fewer runs than that in a measurement say nothing. */
const LEAST_RUNS = 1000;

const isPacketSent = name => name === 'on_tcp_out';

/** Ns a run of every program that both builds have: `[{name, here, there}]`. */
async function compare(tools) {
  const { programs } = await pricedTogether(tools, isPacketSent, {
    run: () => sleep(SECONDS * 1000),
  });
  const by = Object.fromEntries(
    tools.map(({ name }, i) => [
      name,
      new Map(
        programs[i]
          .filter(({ runs }) => runs >= LEAST_RUNS)
          .map(program => [program.name, program.ns / program.runs]),
      ),
    ]),
  );
  return [...by.here]
    .filter(([name]) => by.there.has(name))
    .map(([name, here]) => ({ name, here, there: by.there.get(name) }));
}

/** `rounds` pairs under every load, the builds in either order in each. */
export async function run({ rounds, against }) {
  const here = { name: 'here', ...sensorAt(built('contention-sensor')) };
  const there = { name: 'there', ...sensorAt(against) };
  const samples = [];
  await withStatistics(async () => {
    for (const [load, start] of Object.entries(loads)) {
      const started = await start();
      try {
        for (let round = 0; round < rounds; round++)
          for (const tools of [
            [here, there],
            [there, here],
          ])
            for (const sample of await compare(tools))
              samples.push({ load, round, ...sample });
      } finally {
        await started.stop();
      }
    }
  });
  return { samples, ...summary(samples, rounds) };
}

/** The ratio of a round: the geometric mean of its two orders. */
const ratioOf = pair =>
  Math.exp(
    pair.reduce((sum, { here, there }) => sum + Math.log(here / there), 0) /
      pair.length,
  );

function summary(samples, rounds) {
  const results = [];
  const texts = [];
  for (const load of Object.keys(loads)) {
    const rows = [
      [`ns a run, ${load}`, 'there', 'here', 'ratio', 'least', 'most'],
    ];
    const under = samples.filter(sample => sample.load === load);
    for (const name of new Set(under.map(sample => sample.name))) {
      const mine = under.filter(sample => sample.name === name);
      const pairs = Array.from({ length: rounds }, (_, round) =>
        mine.filter(sample => sample.round === round),
      ).filter(pair => pair.length === 2);
      if (!pairs.length) continue;
      const ratios = pairs.map(ratioOf);
      results.push({
        name: `${name} (${load})`,
        value: rounded(median(mine.map(({ here }) => here)), 1),
        unit: 'ns per run',
        ratioTo: { there: rounded(median(ratios), 3) },
      });
      rows.push([
        name,
        median(mine.map(({ there }) => there)).toFixed(0),
        median(mine.map(({ here }) => here)).toFixed(0),
        ...[median(ratios), Math.min(...ratios), Math.max(...ratios)].map(
          ratio => ratio.toFixed(2),
        ),
      ]);
    }
    texts.push(table(rows));
  }
  return {
    results,
    text: `${texts.join('\n\n')}\n\nMedians of ${rounds} pairs. Each run includes the statistics' own two clock reads, in both columns.`,
  };
}
