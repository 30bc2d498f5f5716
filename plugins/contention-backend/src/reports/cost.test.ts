import { costWords } from './cost';

it('says what measuring took on the one node there is', () => {
  expect(
    costWords([{ node: 'node-a', kernelCpus: 0.0021, processCpus: 0.0052 }]),
  ).toEqual([
    "Measuring took 0.73 % of one CPU on average on node-a: 0.21 % in the kernel, 0.52 % in the agent's own processes.",
  ]);
});

it('of several nodes it says the mean, and the dearest', () => {
  expect(
    costWords([
      { node: 'node-a', kernelCpus: 0.01, processCpus: 0 },
      { node: 'node-b', kernelCpus: 0.02, processCpus: 0.01 },
    ]),
  ).toEqual([
    "Measuring took 2 % of one CPU on average on each of 2 nodes, at most 3 % on node-b: 1.5 % in the kernel, 0.5 % in the agent's own processes.",
  ]);
});

it('says nothing where no agent said what it cost', () => {
  expect(costWords([])).toEqual([]);
});
