// What it costs to know who burns a quota: two containers that take turns on one CPU, without a quota (the row "base"), and in a
// pod whose quota is never used up (the row "quota burn"), so that the same work is done.
import { cgroupTree } from '../../test/kernel/lib/cgroups.mjs';
import { withStatistics } from './lib/bpf-statistics.mjs';
import { built } from './lib/built.mjs';
import { median } from './lib/stats.mjs';
import { table } from './lib/table.mjs';
import { price, tools } from './switches.mjs';

export const title =
  'Nanoseconds per switch between two containers, with and without a quota above them';

const base = tools.find(tool => tool.name === 'base');

/** More CPUs than one thread at a time can use. */
const quota = 4;

function load(tree, name, options) {
  const pod = `${name.replace(' ', '-')}-pod`;
  tree.add(pod, options);
  const procs = ['a', 'b'].map(one => tree.procs(tree.add(`${pod}/${one}`)));
  return { name, argv: [built('turns'), '100000', '1', ...procs] };
}

/** `rounds` of both, in turns. */
export async function run({ rounds }) {
  const tree = cgroupTree();
  const samples = [];
  try {
    const loads = [load(tree, 'base'), load(tree, 'quota burn', { quota })];
    await withStatistics(async () => {
      for (let round = 0; round < rounds; round++)
        for (const one of loads)
          samples.push({ round, ...(await price(base, one)) });
    });
  } finally {
    await tree.end();
  }
  const of = name => samples.filter(s => s.load === name).map(s => s.nsPerPair);
  const medians = { base: median(of('base')), burn: median(of('quota burn')) };
  const row = (name, value) => [
    name,
    value.toFixed(1),
    Math.min(...of(name)).toFixed(1),
    Math.max(...of(name)).toFixed(1),
  ];
  return {
    samples,
    results: [
      {
        name: 'base (two containers)',
        value: Math.round(medians.base * 10) / 10,
        unit: 'ns per switch and wakeup',
        ratioTo: {},
      },
      {
        name: 'quota burn',
        value: Math.round(medians.burn * 10) / 10,
        unit: 'ns per switch and wakeup',
        ratioTo: {
          'base (two containers)':
            Math.round((medians.burn / medians.base) * 1000) / 1000,
        },
      },
    ],
    text: `${table([
      ['', 'ns per switch and wakeup', 'least', 'most'],
      row('base', medians.base),
      row('quota burn', medians.burn),
    ])}\n\nMedians of ${rounds} rounds; each includes the statistics' own two clock reads. One quota above both containers.`,
  };
}
