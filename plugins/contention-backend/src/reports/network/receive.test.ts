import { ATTRIBUTE, METRIC } from 'backstage-plugin-contention-common';
import type { StoredResource, StoredSeries } from '../../store';
import { Presenter } from '../present';
import {
  backlogDropsOf,
  presentReceive,
  receiveOf,
  sendersIn,
} from './receive';

const PLACE = { cluster: 'demo', node: 'node-a' };
const NODE_ID = 1;

/** Containers of services of the same name; the node itself is 1. */
const SERVICES = ['checkout', 'shipper', 'secret', 'private'];
const idOf = (name: string) => 2 + SERVICES.indexOf(name);
const resources = new Map(
  SERVICES.map(name => [
    idOf(name),
    {
      id: idOf(name),
      ...PLACE,
      attributes: { [ATTRIBUTE.containerName]: name },
    } as unknown as StoredResource,
  ]),
);
const perspective = {
  entityRef: 'component:default/checkout',
  entitiesOf: ({ attributes }: StoredResource) => [
    `component:default/${attributes[ATTRIBUTE.containerName]}`,
  ],
};

const totals = new Map<number, number>();
let next = 0;
/** A series of the node whose sum in the range is that. */
function series(
  metric: StoredSeries['metric'],
  total: number,
  more: Partial<StoredSeries> = {},
): StoredSeries {
  totals.set(++next, total);
  return {
    id: next,
    resourceId: NODE_ID,
    metric,
    attributes: {},
    ...more,
  } as StoredSeries;
}
const sent = (packets: number, kind: string, by?: string) =>
  series(METRIC.netReceiveBlame, packets, {
    attributes: { [ATTRIBUTE.culpritKind]: kind },
    ...(by ? { culpritId: idOf(by) } : {}),
  });

const counters = [
  series(METRIC.netReceivePackets, 5_000),
  series(METRIC.netReceiveDrops, 40),
  series(METRIC.netReceiveSqueezed, 7),
];
const pressure = [
  series(METRIC.netReceivePressure, 10),
  series(METRIC.netReceiveWatched, 8),
];
const factsOf = (list: StoredSeries[]) =>
  receiveOf(PLACE, list, totals, resources, perspective);
const everybody = new Presenter(
  new Set(SERVICES.map(name => `component:default/${name}`)),
  entityRef => ({ entityRef, title: entityRef.split('/')[1] }),
);

describe('the receive side of a node', () => {
  it('is not told where it is not measured', () => {
    expect(factsOf([])).toBeUndefined();
    expect(factsOf(pressure)).toBeUndefined();
  });

  it('has no pressure where the agent does not look for it; no pressure where there was none is told', () => {
    expect(factsOf(counters)).toEqual({
      ...PLACE,
      packets: 5_000,
      drops: 40,
      squeezed: 7,
    });
    const none = [
      series(METRIC.netReceivePressure, 0),
      series(METRIC.netReceiveWatched, 0),
    ];
    const calm = presentReceive(factsOf([...counters, ...none])!, everybody);
    expect(calm.pressure).toEqual({
      pressedSeconds: 0,
      watchedSeconds: 0,
      packets: 0,
      senders: [],
    });
  });

  it('tells whose packets came while more came than it could take, as shares of all that were watched', () => {
    const facts = factsOf([
      ...counters,
      ...pressure,
      sent(60, 'container', 'shipper'),
      sent(600, 'container', 'shipper'),
      sent(200, 'container', 'checkout'),
      sent(80, 'system'),
      sent(60, 'unattributed'),
    ])!;
    const { pressure: told } = presentReceive(facts, everybody);
    expect(told).toMatchObject({
      pressedSeconds: 10,
      watchedSeconds: 8,
      packets: 1_000,
    });
    expect(
      told!.senders.map(({ party, share, packets }) => [
        party.relation,
        party.name,
        share,
        packets,
      ]),
    ).toEqual([
      ['neighbour', 'shipper', 0.66, 660],
      ['self', 'its own other pods', 0.2, 200],
      ['host', 'the system', 0.08, 80],
      ['unknown', 'not known', 0.06, 60],
    ]);
  });

  it('weighs those whom the reader may not see, as one, and names none of them', () => {
    const facts = factsOf([
      ...counters,
      ...pressure,
      sent(300, 'container', 'shipper'),
      sent(400, 'container', 'secret'),
      sent(300, 'container', 'private'),
    ])!;
    expect(sendersIn([facts])).toHaveLength(3);
    const some = new Presenter(
      new Set(['component:default/shipper']),
      entityRef => ({ entityRef, title: entityRef.split('/')[1] }),
    );
    const { pressure: told } = presentReceive(facts, some);
    expect(told!.senders).toMatchObject([
      { share: 0.7, party: { redacted: true, entities: [] } },
      { share: 0.3, party: { name: 'shipper', redacted: false } },
    ]);
    expect(JSON.stringify(told)).not.toMatch(/secret|private/);
  });

  it('counts only what found no room in a backlog', () => {
    const dropped = (place: string, packets: number) =>
      series(METRIC.netDrops, packets, {
        attributes: { [ATTRIBUTE.dropPlace]: place },
      });
    expect(
      backlogDropsOf(
        [dropped('backlog', 3), dropped('queue', 5), dropped('backlog', 4)],
        totals,
      ),
    ).toBe(7);
  });
});
