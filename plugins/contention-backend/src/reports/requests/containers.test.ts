import { container, type TestAttributes } from '../../__testUtils__/otlp';
import type { StoredResource } from '../../store';
import { containerRoles, countedContainers } from './containers';

let ids = 1;

function having(attributes: TestAttributes, requestCount: number) {
  const resource: StoredResource = {
    id: ids++,
    cluster: 'demo',
    node: 'node-a',
    attributes,
    firstSeenMs: 0,
    lastSeenMs: 1,
  };
  return { resource, requestCount };
}

function rolesOf(counts: Record<string, number>, service = 'shop') {
  const containers = Object.entries(counts).map(([name, count]) =>
    having(container(service, { container: name }), count),
  );
  const roles = containerRoles(containers);
  const counted = countedContainers(containers, roles);
  return Object.fromEntries(
    containers.map(({ resource }) => [
      String(resource.attributes['k8s.container.name']),
      `${roles.get(resource.id)}${counted.has(resource.id) ? ', counted' : ''}`,
    ]),
  );
}

describe('the containers of a pod', () => {
  it('are the app and what stands beside it', () => {
    expect(rolesOf({ api: 100, 'istio-proxy': 100, metrics: 6 })).toEqual({
      api: 'app, counted',
      'istio-proxy': 'mesh-proxy',
      metrics: 'sidecar',
    });
  });

  it('are told by the name of the workload before the number of requests', () => {
    expect(rolesOf({ shop: 10, cache: 1_000 })).toEqual({
      shop: 'app, counted',
      cache: 'sidecar',
    });
  });

  it('count by the proxy where the app has no requests that are seen', () => {
    expect(rolesOf({ api: 0, 'linkerd-proxy': 100 })).toEqual({
      api: 'app',
      'linkerd-proxy': 'mesh-proxy, counted',
    });
  });

  it('are the app themselves where a proxy is all there is: a gateway', () => {
    expect(rolesOf({ envoy: 100 })).toEqual({ envoy: 'app, counted' });
  });

  it('are the same in every pod of a workload, and each workload has its own', () => {
    const busy = having(container('api', { pod: 'api-1' }), 100);
    const idle = having(container('api', { pod: 'api-2' }), 0);
    const proxy = having(
      container('api', { pod: 'api-2', container: 'istio-proxy' }),
      120,
    );
    const worker = having(
      container('worker', { container: 'istio-proxy', pod: 'worker-1' }),
      5,
    );
    const all = [busy, idle, proxy, worker];
    const counted = countedContainers(all, containerRoles(all));
    expect([...counted]).toEqual([
      busy.resource.id,
      idle.resource.id,
      worker.resource.id,
    ]);
  });

  it('stand alone outside of pods', () => {
    const unit = having({ 'systemd.unit': 'db.service' }, 3);
    const other = having({ 'systemd.unit': 'web.service' }, 0);
    const roles = containerRoles([unit, other]);
    expect([...roles.values()]).toEqual(['app', 'app']);
  });
});
