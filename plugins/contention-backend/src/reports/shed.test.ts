import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { SHED_STEPS } from 'backstage-plugin-contention-common/metrics';
import { shedWords, type ShedSeries } from './shed';

const START = Date.parse('2026-11-21T14:00:00Z');
const axis = { startMs: START, stepMs: 60_000, count: 6 };
const nowMs = START + 6 * 60_000;

const series = (
  values: (number | undefined)[],
  more: Partial<ShedSeries> = {},
): ShedSeries => ({
  node: 'node-a',
  step: 'blame',
  values,
  coveredSeconds: [60, 60, 60, 60, 60, 60],
  ...more,
});

const words = (all: ShedSeries[], reachesNow = true) =>
  shedWords(all, axis, reachesNow, nowMs);

it('says since when a node does without what, and what is not known then', () => {
  expect(words([series([0, undefined, 12, 60, 60, 60])])).toEqual([
    'On node-a the agent has switched off blame since 14:02 UTC to stay within its budget: whom threads waited for is not known.',
  ]);
});

it('says from when to when, where it came back or nobody looks at now', () => {
  const was =
    'On node-a the agent had switched off blame from 14:02 UTC to 14:04 UTC to stay within its budget: whom threads waited for is not known of that time.';
  expect(words([series([0, 0, 12, 60, 0, 0])])).toEqual([was]);
  expect(words([series([60, 0, 12, 60, 0, 0])])).toEqual([was]);
  const [past] = words([series([0, 0, 0, 0, 60, 60])], false);
  expect(past).toContain('had switched off blame from 14:04 UTC to 14:06 UTC');
});

it('does not claim to know when it began before all that was measured', () => {
  const [text] = words([
    series([undefined, 60, 60, 60, 60, 60], {
      coveredSeconds: [0, 60, 60, 60, 60, 60],
    }),
  ]);
  expect(text).toContain('since 14:01 UTC or earlier to stay');
});

it('a window without data ends nothing', () => {
  const [text] = words([
    series([0, 60, undefined, 60, 60, undefined], {
      coveredSeconds: [60, 60, 0, 60, 60, 0],
    }),
  ]);
  expect(text).toContain('has switched off blame since 14:01 UTC to stay');
});

it('says nothing where nothing was switched off', () => {
  expect(words([])).toEqual([]);
  expect(words([series([0, 0, undefined, 0, 0, 0])])).toEqual([]);
});

it('the least valuable comes first, node by node; many nodes share a sentence', () => {
  const off = [0, 60, 60, 60, 60, 60];
  const nodes = ['d', 'b', 'c', 'a'].map(node =>
    series(off, { node, step: 'burn' }),
  );
  const texts = words([series(off), ...nodes]);
  expect(texts).toHaveLength(2);
  expect(texts[0]).toContain(
    'On 4 nodes (a, b, c and 1 more) the agent has switched off the burners of quotas since 14:01 UTC',
  );
  expect(texts[1]).toContain('On node-a');
});

it('calls a step that it does not know by its name', () => {
  const [text] = words([series([0, 60, 60, 60, 60, 60], { step: 'tomorrow' })]);
  expect(text).toContain('switched off tomorrow since 14:01 UTC');
});

it('knows every step of the kernel programs, in their order', () => {
  const header = readFileSync(
    resolve(__dirname, '../../../../bpf-agent/bpf/shed.h'),
    'utf8',
  );
  const [, names] = /NAMES_OF_SHEDS\s+\\\s+\{([^}]*)\}/.exec(header)!;
  expect([...names.matchAll(/"(\w+)"/g)].map(match => match[1])).toEqual([
    ...SHED_STEPS,
  ]);
});
