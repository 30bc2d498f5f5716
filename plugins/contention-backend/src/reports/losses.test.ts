import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { lossesOf } from './losses';

const NOTHING = { lost: {}, events: {} };

it('says nothing where nothing was lost', () => {
  expect(lossesOf(NOTHING)).toEqual([]);
  expect(lossesOf({ ...NOTHING, lost: { switches: 0 } })).toEqual([]);
});

it('tells what was made good from what is missing, and what is missing first', () => {
  const losses = lossesOf({
    lost: { switches: 1_000, logShort: 2 },
    events: { sched_switch: 99_000 },
  });
  expect(losses.map(({ reason, repaired }) => [reason, repaired])).toEqual([
    ['logShort', false],
    ['switches', true],
  ]);
  expect(losses[1].text).toContain('1,000 task switches (1 %)');
});

it('does not take a reason that it does not know for made good', () => {
  expect(lossesOf({ ...NOTHING, lost: { tomorrow: 3 } })).toEqual([
    {
      reason: 'tomorrow',
      count: 3,
      repaired: false,
      text: '3 lost: tomorrow.',
    },
  ]);
});

describe('every reason that the agent can give has words', () => {
  const agentText = (path: string) =>
    readFileSync(resolve(__dirname, '../../../../bpf-agent', path), 'utf8');
  /** The quoted words between two marks of a source file. */
  const quoted = (path: string, from: string, to: string, word: RegExp) => {
    const text = agentText(path);
    const start = text.indexOf(from);
    const end = text.indexOf(to, start);
    if (start < 0 || end < 0) throw new Error(`${path} has no ${from}`);
    return [...text.slice(start, end).matchAll(word)].map(match => match[1]);
  };
  const sensor = quoted(
    'bpf/shared.h',
    '#define LOST_NAMES_OF_REASONS',
    'enum program',
    /"(\w+)"/g,
  );
  const agent = quoted(
    'src/losses.ts',
    'export const LOSS_REASONS',
    '] as const',
    /^ *'(\w+)',$/gm,
  );

  it('the sources name as many as they count', () => {
    const counted = /enum lost\w* \{([^}]*)LOST_REASONS/.exec(
      agentText('bpf/shared.h'),
    );
    expect(counted?.[1].match(/^\s*LOST_\w+/gm)).toHaveLength(sensor.length);
    expect(agent).toContain('export_rejected');
  });

  it.each([...sensor, ...agent, 'conservation'])('%s', reason => {
    const [{ text }] = lossesOf({ ...NOTHING, lost: { [reason]: 3 } });
    expect(text).not.toBe(`3 lost: ${reason}.`);
    expect(text).toContain('3');
    expect(text).not.toMatch(/[{|}]/);
  });

  it('of one as of one, and of many as of many', () => {
    const said = (count: number) =>
      lossesOf({ ...NOTHING, lost: { openAtAttach: count } })[0].text;
    expect(said(1)).toBe(
      '1 wait had begun before the agent did: it counts from its start.',
    );
    expect(said(2)).toBe(
      '2 waits had begun before the agent did: they count from its start.',
    );
  });
});
