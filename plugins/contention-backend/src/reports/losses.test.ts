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
