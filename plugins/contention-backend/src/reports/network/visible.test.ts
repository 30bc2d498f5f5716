import { presenceOf } from './visible';

const NODE = {
  cluster: 'prod',
  node: 'node-a',
  firstSeenMs: 0,
  lastSeenMs: 60_000,
  intervalMs: 10_000,
  coveredSeconds: [60],
};

const facts = (queuesWereOff: boolean): Parameters<typeof presenceOf>[0] => ({
  nodes: [NODE],
  entity: { entityRef: 'component:default/checkout', title: 'checkout' },
  queuesWereOff,
});

it('does not take a measurement that was switched off for a device without a queue', () => {
  const measured = [NODE];
  expect(presenceOf(facts(false), { measured }, 0).state).toBe('no-queue');
  const off = presenceOf(facts(true), { measured }, 0);
  expect(off).toMatchObject({
    state: 'not-measured',
    why: expect.stringContaining('switched off'),
  });
  expect(presenceOf(facts(true), { measured }, 7)).toEqual({
    state: 'measured',
    packets: 7,
  });
});
