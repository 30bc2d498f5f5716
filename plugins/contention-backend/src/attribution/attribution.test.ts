import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { NotAllowedError } from '@backstage/errors';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { component, group } from '../__testUtils__/backend';
import { container } from '../__testUtils__/otlp';
import type { StoredResource } from '../store';
import {
  annotationYaml,
  claimOf,
  claims,
  describeClaim,
  type ServiceLocator,
} from './claims';
import { EntityDirectory } from './EntityDirectory';
import { ReadAccess } from './ReadAccess';
import { Visibility } from './Visibility';

let nextId = 1;

function resource(
  attributes: Record<string, string | number | boolean>,
  cluster = 'demo',
): StoredResource {
  return {
    id: nextId++,
    cluster,
    node: 'node-a',
    attributes,
    firstSeenMs: 0,
    lastSeenMs: 1,
  };
}

const pod = (
  labels: Record<string, string>,
  options: { namespace?: string; cluster?: string } = {},
) =>
  resource(
    container('x', { labels, namespace: options.namespace }) as never,
    options.cluster,
  );

function isClaimed(
  entity: Entity,
  what: StoredResource,
  locator: ServiceLocator = 'multiTenant',
) {
  const claim = claimOf(entity, locator);
  return claim !== undefined && claims(claim, what);
}

describe('the rules of the Kubernetes plugin', () => {
  const id = 'backstage.io/kubernetes-id';
  const selector = 'backstage.io/kubernetes-label-selector';
  const namespace = 'backstage.io/kubernetes-namespace';

  it('match the id as a label of the pod', () => {
    const entity = component('checkout', { [id]: 'checkout-v2' });
    expect(isClaimed(entity, pod({ [id]: 'checkout-v2' }))).toBe(true);
    expect(isClaimed(entity, pod({ [id]: 'checkout' }))).toBe(false);
    expect(isClaimed(entity, pod({}))).toBe(false);
  });

  it('take the name of the entity where the id is empty', () => {
    expect(
      isClaimed(component('checkout', { [id]: '' }), pod({ [id]: 'checkout' })),
    ).toBe(true);
  });

  it('prefer a label selector, which then is all that counts', () => {
    const entity = component('checkout', {
      [id]: 'checkout',
      [selector]: 'app in (checkout,cart),tier!=db',
    });
    expect(isClaimed(entity, pod({ app: 'cart' }))).toBe(true);
    expect(isClaimed(entity, pod({ app: 'cart', tier: 'db' }))).toBe(false);
    expect(isClaimed(entity, pod({ [id]: 'checkout' }))).toBe(false);
  });

  it('keep to a namespace', () => {
    const entity = component('checkout', {
      [id]: 'checkout',
      [namespace]: 'shop',
    });
    expect(
      isClaimed(entity, pod({ [id]: 'checkout' }, { namespace: 'shop' })),
    ).toBe(true);
    expect(
      isClaimed(entity, pod({ [id]: 'checkout' }, { namespace: 'other' })),
    ).toBe(false);
  });

  it('choose clusters as its service locator does', () => {
    const entity: Entity = {
      ...component('checkout', {
        [id]: 'checkout',
        'backstage.io/kubernetes-cluster': 'east',
      }),
      relations: [
        { type: 'dependsOn', targetRef: 'resource:default/west' },
        { type: 'dependsOn', targetRef: 'resource:other/north' },
      ],
    };
    const inCluster = (cluster: string, locator: ServiceLocator) =>
      isClaimed(entity, pod({ [id]: 'checkout' }, { cluster }), locator);
    expect(
      ['east', 'west', 'north'].map(cluster =>
        inCluster(cluster, 'multiTenant'),
      ),
    ).toEqual([true, true, true]);
    expect(
      ['east', 'west', 'north'].map(cluster =>
        inCluster(cluster, 'singleTenant'),
      ),
    ).toEqual([true, false, false]);
    expect(
      ['east', 'west', 'north'].map(cluster =>
        inCluster(cluster, 'catalogRelation'),
      ),
    ).toEqual([false, true, false]);
  });

  it('leave an entity without annotations alone, even where its name would fit', () => {
    expect(claimOf(component('checkout', {}), 'multiTenant')).toBeUndefined();
    expect(
      claimOf(component('checkout', { [namespace]: 'shop' }), 'multiTenant'),
    ).toBeUndefined();
    expect(annotationYaml(component('checkout', {}))).toBe(
      'metadata:\n  annotations:\n    backstage.io/kubernetes-id: checkout',
    );
  });

  it('say what is wrong with a selector instead of matching everything', () => {
    const entity = component('checkout', { [selector]: 'app in checkout' });
    expect(isClaimed(entity, pod({ app: 'checkout' }))).toBe(false);
    expect(describeClaim(claimOf(entity, 'multiTenant')!)[0]).toMatch(
      /'app in checkout' is not valid/,
    );
  });
});

describe('our own annotations', () => {
  it('claim systemd units', () => {
    const entity = component('db', {
      'contention/systemd-unit': 'postgresql.service, pgbouncer.service',
    });
    const unit = (name: string) =>
      resource({
        'host.name': 'node-a',
        'systemd.unit': name,
        'contention.cgroup.path': `/system.slice/${name}`,
      });
    expect(isClaimed(entity, unit('pgbouncer.service'))).toBe(true);
    expect(isClaimed(entity, unit('cron.service'))).toBe(false);
  });

  it('claim cgroups and all below, but not their namesakes', () => {
    const entity = component('batch', {
      'contention/cgroup-path': '/batch/nightly/',
    });
    const path = (at: string) => resource({ 'contention.cgroup.path': at });
    expect(isClaimed(entity, path('/batch/nightly'))).toBe(true);
    expect(isClaimed(entity, path('/batch/nightly/1'))).toBe(true);
    expect(isClaimed(entity, path('/batch/nightly-2'))).toBe(false);
  });
});

describe('EntityDirectory', () => {
  const annotated = (
    name: string,
    annotations?: Record<string, string>,
    owner = 'group:default/data',
  ) => component(name, annotations, owner);

  // eslint-disable-next-line require-yield
  async function* down(): AsyncGenerator<Entity[]> {
    throw new Error('down');
  }

  /** A directory on a catalog that can be exchanged, and that counts what it is asked. */
  function directoryOf(entities: Entity[]) {
    let current = catalogServiceMock({ entities });
    const catalog = catalogServiceMock.mock({
      streamEntities: (...request) => current.streamEntities(...request),
      getEntitiesByRefs: async (...request) =>
        current.getEntitiesByRefs(...request),
    });
    const logger = mockServices.logger.mock();
    const clock = { nowMs: 0 };
    const directory = new EntityDirectory({
      catalog,
      auth: mockServices.auth(),
      logger,
      locator: 'multiTenant',
      refreshEveryMs: 60_000,
      now: () => clock.nowMs,
    });
    const exchange = (others: Entity[]) => {
      current = catalogServiceMock({ entities: others });
    };
    return { directory, catalog, logger, exchange, clock };
  }

  it('names every entity that claims a pod', async () => {
    const { directory } = directoryOf([
      annotated('b', { 'backstage.io/kubernetes-label-selector': 'app=x' }),
      annotated('a'),
      annotated('c'),
    ]);
    await directory.refresh();
    expect(
      directory.entitiesOf(
        pod({ app: 'x', 'backstage.io/kubernetes-id': 'a' }),
      ),
    ).toEqual(['component:default/a', 'component:default/b']);
    expect(directory.entitiesOf(pod({ app: 'y' }))).toEqual([]);
  });

  it('follows the catalog: a new owner, a new name of a team', async () => {
    const entities = [annotated('batch'), group('data', 'Data'), group('web')];
    const { directory, exchange } = directoryOf(entities);
    await directory.refresh();
    expect(directory.link('component:default/batch')?.owner).toEqual({
      entityRef: 'group:default/data',
      title: 'Data',
    });
    exchange([
      annotated('batch', undefined, 'group:default/web'),
      group('web'),
    ]);
    await directory.refresh();
    expect(directory.link('component:default/batch')?.owner).toEqual({
      entityRef: 'group:default/web',
      title: 'web',
    });
  });

  it('keeps what it knew when the catalog cannot be read', async () => {
    const { directory, catalog } = directoryOf([annotated('batch')]);
    await directory.refresh();
    catalog.streamEntities.mockImplementationOnce(down);
    await expect(directory.refresh()).rejects.toThrow('down');
    expect(directory.link('component:default/batch')).toBeDefined();
  });

  it('knows whether the catalog was read at all, and since when it could not be', async () => {
    const { directory, catalog, clock } = directoryOf([annotated('batch')]);
    expect(directory.isLoaded).toBe(false);
    catalog.streamEntities.mockImplementationOnce(down);
    await expect(directory.refresh()).rejects.toThrow('down');
    expect(directory.isLoaded).toBe(false);
    clock.nowMs = 1_000;
    await directory.refresh();
    expect(directory.isLoaded).toBe(true);
    expect(directory.outdatedSince(301_000)).toBeUndefined();
    expect(directory.outdatedSince(301_001)).toBe(1_000);
  });

  it('asks the catalog nothing while pages are looked at', async () => {
    const { directory, catalog } = directoryOf([annotated('batch')]);
    await directory.refresh();
    expect(catalog.streamEntities).toHaveBeenCalled();
    catalog.streamEntities.mockClear();
    catalog.getEntitiesByRefs.mockClear();
    const found = directory.entitiesOf(
      pod({ 'backstage.io/kubernetes-id': 'batch' }),
    );
    expect(found).toEqual(['component:default/batch']);
    expect(catalog.streamEntities).not.toHaveBeenCalled();
    expect(catalog.getEntitiesByRefs).not.toHaveBeenCalled();
  });

  it('warns of a broken selector once', async () => {
    const { directory, logger } = directoryOf([
      annotated('a', { 'backstage.io/kubernetes-label-selector': 'a in' }),
    ]);
    await directory.refresh();
    await directory.refresh();
    expect(logger.warn).toHaveBeenCalledTimes(1);
  });
});

describe('Visibility', () => {
  it('asks with the credentials of the reader, in one call, and remembers the answer briefly', async () => {
    let nowMs = 0;
    const getEntitiesByRefs = jest.fn(
      async ({ entityRefs }: { entityRefs: string[] }, _options: unknown) => ({
        items: entityRefs.map(ref =>
          ref.endsWith('secret') ? undefined : component('seen'),
        ),
      }),
    );
    const visibility = new Visibility({
      catalog: catalogServiceMock.mock({
        getEntitiesByRefs: getEntitiesByRefs as never,
      }),
      auth: mockServices.auth(),
      now: () => nowMs,
    });
    const alice = mockCredentials.user('user:default/alice');
    const refs = ['component:default/a', 'component:default/secret'];
    expect(await visibility.visible(refs, alice)).toEqual(
      new Set(['component:default/a']),
    );
    await visibility.visible(refs, alice);
    expect(getEntitiesByRefs).toHaveBeenCalledTimes(1);
    expect(getEntitiesByRefs.mock.calls[0][1]).toEqual({ credentials: alice });

    await visibility.visible(refs, mockCredentials.user('user:default/bob'));
    expect(getEntitiesByRefs).toHaveBeenCalledTimes(2);
    nowMs += 60_000;
    await visibility.visible(refs, alice);
    expect(getEntitiesByRefs).toHaveBeenCalledTimes(3);
  });
});

describe('ReadAccess', () => {
  const auth = mockServices.auth();
  let nowMs = 0;
  let result: 'ALLOW' | 'DENY';
  const authorize = jest.fn(async () => [{ result }]);
  let access: ReadAccess;

  beforeEach(() => {
    authorize.mockClear();
    access = new ReadAccess({
      auth,
      visibility: new Visibility({ catalog: catalogServiceMock.mock(), auth }),
      permissions: mockServices.permissions.mock({
        authorize: authorize as never,
      }),
      now: () => nowMs,
    });
  });

  it('remembers briefly what a person may read, of that entity and that person', async () => {
    result = 'ALLOW';
    const alice = mockCredentials.user('user:default/alice');
    await access.require('component:default/a', alice);
    result = 'DENY';
    await access.require('component:default/a', alice);
    expect(authorize).toHaveBeenCalledTimes(1);
    await expect(access.require('component:default/b', alice)).rejects.toThrow(
      NotAllowedError,
    );
    await expect(
      access.require(
        'component:default/a',
        mockCredentials.user('user:default/bob'),
      ),
    ).rejects.toThrow('contention.read on component:default/a');
    nowMs += 60_000;
    await expect(access.require('component:default/a', alice)).rejects.toThrow(
      NotAllowedError,
    );
  });

  it('asks again whoever was refused, and for a service each time', async () => {
    result = 'DENY';
    const alice = mockCredentials.user('user:default/alice');
    const service = mockCredentials.service('external:tool');
    for (const credentials of [alice, service]) {
      await expect(
        access.require('component:default/a', credentials),
      ).rejects.toThrow(NotAllowedError);
    }
    result = 'ALLOW';
    await access.require('component:default/a', alice);
    await access.require('component:default/a', service);
    result = 'DENY';
    await expect(
      access.require('component:default/a', service),
    ).rejects.toThrow(NotAllowedError);
  });
});
