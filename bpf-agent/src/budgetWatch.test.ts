import { BudgetWatch } from './budgetWatch';
import { emptyFrame } from './__testUtils__/frames';
import type { Frame } from './sensor/frame';

function withShed(...shed: Frame['health']['shed']): Frame {
  const frame = emptyFrame(1);
  const budget = { share: 0.005, spentNs: '25000000', allowedNs: '10000000' };
  return { ...frame, health: { ...frame.health, shed, budget } };
}

it('each step that goes or comes is said once, with the budget and what was spent', () => {
  const said: string[] = [];
  const watch = new BudgetWatch({
    info: message => said.push(message),
    warn: message => said.push(`warning: ${message}`),
  });
  watch.look(withShed());
  watch.look(withShed('burn'));
  watch.look(withShed('burn'));
  watch.look(withShed('burn', 'blame'));
  watch.look(withShed('burn'));
  watch.look(withShed());
  watch.look(withShed());
  const off = (step: string) =>
    `warning: switched off to stay within the budget of 0.5 % of a core per 10,000 task switches or 40,000 packets a second: ${step} (the last interval cost 2.5 times that)`;
  expect(said).toEqual([
    off('burn'),
    off('blame'),
    'switched on again: blame',
    'switched on again: burn',
  ]);
});
