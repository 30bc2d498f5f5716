import { labelsOf } from '../../attribution/claims';
import { container } from '../../__testUtils__/otlp';
import type { ClusterService, KnownServices } from '../../kubernetes';
import { NO_SERVICES } from '../../kubernetes';
import type { StoredResource } from '../../store';
import { whoIsAt } from './who';

const RANGE = { fromMs: 1_000_000, toMs: 2_000_000 };

function pod(
  service: string,
  ip: string | undefined,
  times: Partial<StoredResource> = {},
): StoredResource {
  return {
    id: Math.random(),
    cluster: 'demo',
    node: 'node-a',
    attributes: container(service, { ip }),
    firstSeenMs: RANGE.fromMs,
    lastSeenMs: RANGE.toMs,
    podIp: ip,
    ...times,
  };
}

/** Entities are called as their pods are labelled. */
const perspective = {
  entityRef: 'checkout',
  entitiesOf: (resource: StoredResource) => {
    const id = labelsOf(resource).get('backstage.io/kubernetes-id');
    return id === undefined || id === 'nobody' ? [] : [id];
  },
};

function ask(
  address: string | undefined,
  resources: StoredResource[],
  {
    services = NO_SERVICES,
    from = pod('checkout', '10.0.0.1'),
  }: { services?: KnownServices; from?: StoredResource } = {},
) {
  const whoIs = whoIsAt({ resources, services, perspective, range: RANGE }, [
    { cluster: 'demo', address },
  ]);
  return whoIs({ role: 'client', address, port: 80 }, from);
}

it('is the pod that had the address while it was talked to', () => {
  const before = pod('old', '10.0.0.2', { firstSeenMs: 0, lastSeenMs: 10 });
  expect(ask('10.0.0.2', [before, pod('new', '10.0.0.2')])).toMatchObject({
    kind: 'entity',
    key: 'entity:new',
  });
});

it('is an address where it was handed on within the range, but not from pod to pod of one service', () => {
  const early = { lastSeenMs: RANGE.fromMs + 10 };
  expect(
    ask('10.0.0.2', [pod('old', '10.0.0.2', early), pod('new', '10.0.0.2')]),
  ).toEqual({ kind: 'address', key: 'address:demo/10.0.0.2:80' });
  expect(
    ask('10.0.0.2', [pod('new', '10.0.0.2', early), pod('new', '10.0.0.2')])
      .key,
  ).toBe('entity:new');
});

it('does not look across clusters', () => {
  const elsewhere = pod('inventory', '10.0.0.2', { cluster: 'other' });
  expect(ask('10.0.0.2', [elsewhere]).kind).toBe('address');
});

it('is its own pod at its own address and at the loopback, unless it shares the network of its node', () => {
  expect(ask('127.0.0.1', []).kind).toBe('own-pod');
  expect(ask('10.0.0.1', []).kind).toBe('own-pod');
  expect(ask('127.0.0.1', [], { from: pod('agent', undefined) }).kind).toBe(
    'address',
  );
});

it('is all others together where the agent had no room', () => {
  expect(ask(undefined, [])).toEqual({ kind: 'others', key: 'others' });
});

describe('a Service', () => {
  const service: ClusterService = {
    cluster: 'demo',
    namespace: 'shop',
    name: 'front',
    labels: {},
    selector: { 'backstage.io/kubernetes-id': 'inventory' },
  };
  const at = (found: Partial<ClusterService>): KnownServices => ({
    ...NO_SERVICES,
    at: () => ({ ...service, ...found }),
  });

  it('is whoever it leads to, under the same key as their pods', () => {
    const services = at({});
    const direct = ask('10.0.0.2', [pod('inventory', '10.0.0.2')]);
    expect(
      ask('172.20.0.1', [pod('inventory', '10.0.0.2')], { services }),
    ).toEqual(direct);
    // Without a pod that was seen, the labels say whose it is.
    expect(ask('172.20.0.1', [], { services }).key).toBe(direct.key);
  });

  it('has its own name where it leads to several, or where nobody claims it', () => {
    const services = at({ selector: { tier: 'web' } });
    const labelled = (name: string) => {
      const one = pod(name, undefined);
      one.attributes = container(name, { labels: { tier: 'web' } });
      return one;
    };
    for (const there of [[], [labelled('a'), labelled('b')]]) {
      expect(ask('172.20.0.1', there, { services })).toMatchObject({
        kind: 'service',
        key: 'service:demo/shop/front',
        party: { name: 'shop/front' },
      });
    }
  });

  it('selects nobody by nothing', () => {
    const services = at({ selector: {} });
    expect(
      ask('172.20.0.1', [pod('inventory', '10.0.0.2')], { services }).kind,
    ).toBe('service');
  });
});
