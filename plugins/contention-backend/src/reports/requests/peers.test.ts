/** Whose address the other side of a request has. */
import type { Attributes } from '../../otlp';
import type { StoredResource } from '../../store';
import { peersOf } from './peers';

const SEEN = { firstSeenMs: 1_000_000, lastSeenMs: 2_000_000 };

let ids = 0;

/** A container of a pod; the pod's name is also its uid. */
function containerOf(
  pod: string,
  address: string | undefined,
  more: Partial<StoredResource> & { container?: string } = {},
): StoredResource {
  const { container = 'app', ...rest } = more;
  return {
    id: ++ids,
    cluster: 'demo',
    node: 'node-a',
    attributes: {
      'k8s.namespace.name': 'shop',
      'k8s.deployment.name': pod.split('-')[0],
      'k8s.pod.name': pod,
      'k8s.pod.uid': `uid-${pod}`,
      'k8s.container.name': container,
    },
    podIp: address,
    ...SEEN,
    ...rest,
  };
}

const victim = containerOf('checkout-1', '10.0.0.1');

/** The name of the peer of a request that ended at 1,500 s. */
function peerOf(
  address: string | undefined,
  resources: StoredResource[],
  entityRefs: string[] = [],
) {
  const item = {
    resource: victim,
    worst: {
      seriesId: 1,
      endMs: 1_500_000,
      seconds: 1,
      attributes: (address === undefined
        ? {}
        : { 'network.peer.address': address }) as Attributes,
    },
  };
  const context = {
    resources: new Map(
      [victim, ...resources].map(resource => [resource.id, resource]),
    ),
    perspective: {
      entityRef: 'component:default/checkout',
      entitiesOf: (resource: StoredResource) =>
        resource.id === victim.id ? [] : entityRefs,
    },
  };
  return peersOf(context, [item])(item);
}

describe('the other side of a request', () => {
  const inventory = containerOf('inventory-1', '10.0.0.2');

  it('is the pod that has its address, with its entities, whichever container that is', () => {
    expect(
      peerOf(
        '10.0.0.2',
        [
          inventory,
          containerOf('inventory-1', '10.0.0.2', { container: 'proxy' }),
        ],
        ['component:default/inventory'],
      ),
    ).toMatchObject({
      key: 'entity:component:default/inventory',
      name: 'shop/inventory',
      entityRefs: ['component:default/inventory'],
      workload: { namespace: 'shop', kind: 'Deployment', name: 'inventory' },
    });
    expect(peerOf('10.0.0.2', [inventory])?.workload).not.toHaveProperty(
      'container',
    );
  });

  it('is known by an address of IPv4 that a socket of IPv6 shows', () => {
    expect(peerOf('::ffff:10.0.0.2', [inventory])?.name).toBe('shop/inventory');
  });

  it('is found by its address of IPv6', () => {
    const six = containerOf('inventory-1', 'fd00::2');
    expect(peerOf('fd00::2', [six])?.name).toBe('shop/inventory');
  });

  it.each([
    ["its address is nobody's", '10.0.0.9', [inventory]],
    ['the agent said nothing of it', undefined, [inventory]],
    [
      "pods have no address, as those that share their node's network or whose agent does not say",
      '10.0.0.2',
      [containerOf('inventory-1', undefined)],
    ],
    [
      'the address is of another cluster',
      '10.0.0.2',
      [containerOf('inventory-1', '10.0.0.2', { cluster: 'other' })],
    ],
    [
      'several pods had the address then',
      '10.0.0.2',
      [inventory, containerOf('search-1', '10.0.0.2')],
    ],
    [
      'the pod with its address came later',
      '10.0.0.2',
      [containerOf('inventory-1', '10.0.0.2', { firstSeenMs: 1_500_001 })],
    ],
    [
      'the pod with its address had gone',
      '10.0.0.2',
      [containerOf('inventory-1', '10.0.0.2', { lastSeenMs: 1_400_000 })],
    ],
  ])('has no name where %s', (_, address, resources) => {
    expect(peerOf(address, resources)).toBeUndefined();
  });

  it('is the pod that has the address now, not the one that had it before', () => {
    const before = containerOf('search-1', '10.0.0.2', {
      lastSeenMs: 1_300_000,
    });
    const now = containerOf('inventory-1', '10.0.0.2', {
      firstSeenMs: 1_450_000,
    });
    expect(peerOf('10.0.0.2', [before, now])?.name).toBe('shop/inventory');
  });
});
