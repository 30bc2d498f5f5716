import { METRIC } from 'backstage-plugin-contention-common';
import { FactsBuilder, START_MS, STEP_MS } from '../../__testUtils__/facts';
import { container, type TestAttributes } from '../../__testUtils__/otlp';
import type { StoredResource } from '../../store';
import { markersOf, templateOf } from './markers';

const MINUTE = 60_000;
const OWN = { entityRef: 'component:default/shop', title: 'shop' };

/** Containers by when they were first seen, minutes from the start of the range. */
function seen(
  ...containers: [minutes: number, attributes: TestAttributes][]
): StoredResource[] {
  return containers.map(([minutes, attributes], index) => ({
    id: 1_000 + index,
    cluster: 'demo',
    node: 'node-a',
    attributes,
    firstSeenMs: START_MS + minutes * MINUTE,
    lastSeenMs: START_MS + 60 * MINUTE,
  }));
}

const pod = (name: string, more: TestAttributes = {}) => ({
  ...container('shop', { pod: name }),
  ...more,
});

function changes(past: StoredResource[]) {
  const facts = new FactsBuilder(60).build(OWN, []);
  return markersOf(facts, past).map(({ at, kind, text }) => [
    (at - START_MS) / MINUTE,
    kind,
    text,
  ]);
}

describe('markers', () => {
  it('show a rollout once, when the first pod of the new template came', () => {
    expect(
      changes(
        seen(
          [-60, pod('shop-aaa-1')],
          [-60, pod('shop-aaa-2')],
          [4, pod('shop-bbb-3')],
          [4.5, pod('shop-bbb-4')],
          [5, pod('shop-bbb-5')],
        ),
      ),
    ).toEqual([[4, 'rollout', 'rollout of shop/shop (aaa \u2192 bbb)']]);
  });

  it('show a rollout back, too', () => {
    expect(
      changes(
        seen(
          [-60, pod('shop-aaa-1')],
          [2, pod('shop-bbb-2')],
          [6, pod('shop-aaa-3')],
        ),
      ).map(([minute, kind]) => [minute, kind]),
    ).toEqual([
      [2, 'rollout'],
      [6, 'rollout'],
    ]);
  });

  it('take pods that were there when first looked at for no change', () => {
    expect(
      changes(seen([1, pod('shop-aaa-1')], [1.2, pod('shop-aaa-2')])),
    ).toEqual([]);
  });

  it('show pods that came without a new template together', () => {
    expect(
      changes(
        seen(
          [-60, pod('shop-aaa-1')],
          [3, pod('shop-aaa-2')],
          [3.5, pod('shop-aaa-3')],
          [8, pod('shop-aaa-4')],
        ),
      ),
    ).toEqual([
      [3, 'pods', '2 new pods of shop/shop'],
      [8, 'pods', '1 new pod of shop/shop'],
    ]);
  });

  it('show a container that started anew in the same pod', () => {
    expect(
      changes(
        seen(
          [-60, pod('shop-aaa-1', { 'container.id': 'first' })],
          [7, pod('shop-aaa-1', { 'container.id': 'second' })],
        ),
      ),
    ).toEqual([[7, 'restart', 'app of shop-aaa-1 restarted']]);
  });

  it('show another image where the sender names one', () => {
    const image = (tag: string) => ({
      'container.image.name': 'registry/shop',
      'container.image.tags': `["${tag}"]`,
    });
    expect(
      changes(
        seen(
          [-60, pod('shop-aaa-1', image('1.0'))],
          [3, pod('shop-bbb-2', image('1.1'))],
        ),
      ).map(([, kind, text]) => [kind, text]),
    ).toEqual([
      ['rollout', 'rollout of shop/shop (aaa \u2192 bbb)'],
      ['image', 'image of app registry/shop:1.0 \u2192 registry/shop:1.1'],
    ]);
  });

  it('show another limit once, however many pods have it', () => {
    const builder = new FactsBuilder(60);
    for (const name of ['shop-aaa-1', 'shop-aaa-2']) {
      const resource = builder.resource(pod(name));
      builder.add(resource, METRIC.cpuLimit, window => (window < 30 ? 1 : 0.5));
    }
    const facts = builder.build(OWN, []);
    expect(markersOf(facts, [])).toEqual([
      expect.objectContaining({
        at: START_MS + 30 * STEP_MS,
        kind: 'limit',
        text: 'CPU limit of app 1 \u2192 0.5',
      }),
    ]);
  });

  it.each([
    ['shop-5d8f97c6b4-x7k2p', '5d8f97c6b4'],
    ['shop-x7k2p', undefined],
    ['other-5d8f97c6b4-x7k2p', undefined],
  ])('read the template of %s as %s', (name, template) => {
    const workload = { kind: 'Deployment', name: 'shop', pod: name };
    expect(templateOf(workload)).toBe(template);
    expect(templateOf({ ...workload, kind: 'StatefulSet' })).toBeUndefined();
  });
});
