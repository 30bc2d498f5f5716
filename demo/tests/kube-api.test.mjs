import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answer } from '../lib/kube-api.mjs';
import { podList } from '../lib/pods.mjs';
import { parseSelector } from '../lib/selector.mjs';
import { agentPod, initialState, services } from '../lib/services.mjs';

const owners = [...services, agentPod];
const pods = podList('0000', owners, {
  ...initialState,
  scale: Object.fromEntries(owners.map(({ name }) => [name, 1])),
  startedAt: Object.fromEntries(
    owners.map(({ name }) => [name, '2026-01-02T03:04:05.000Z']),
  ),
}).items;

const get = path =>
  answer(
    new URL(path, 'http://127.0.0.1'),
    pods,
    (pod, container) => `${pod.metadata.labels.app}/${container}`,
  );
const names = path => get(path).body.items.map(item => item.metadata.name);

test('label selectors of every form', () => {
  const labels = { app: 'checkout', tier: 'web', 'a.b/c': 'd' };
  for (const [selector, expected] of [
    ['', true],
    ['app=checkout', true],
    ['app==checkout,tier=web', true],
    ['app=search', false],
    ['app!=search', true],
    ['missing!=x', true],
    ['app in (search, checkout)', true],
    ['app in (search),tier', false],
    ['missing in (x)', false],
    ['app notin (search)', true],
    ['missing notin (x)', true],
    ['tier', true],
    ['!tier', false],
    ['!missing', true],
    ['a.b/c=d', true],
  ]) {
    assert.equal(parseSelector(selector)(labels), expected, selector);
  }
  assert.throws(() => parseSelector('app=(x'), /cannot read label selector/);
});

test('a label selector narrows pods, deployments and replica sets alike', () => {
  const query = '?labelSelector=backstage.io%2Fkubernetes-id%3Dcheckout';
  assert.equal(names(`/api/v1/pods${query}`).length, 1);
  assert.deepEqual(names(`/apis/apps/v1/deployments${query}`), ['checkout']);
  const [replicaSet] = get(`/apis/apps/v1/replicasets${query}`).body.items;
  assert.equal(
    replicaSet.metadata.name,
    pods[0].metadata.ownerReferences[0].name,
  );
  assert.equal(replicaSet.metadata.ownerReferences[0].name, 'checkout');
});

test('what owns a pod is listed with its own kind only', () => {
  const all = resource => names(`/apis/apps/v1/${resource}`);
  const isDaemonSet = ({ workload }) => workload === 'DaemonSet';
  const deployed = services.filter(service => !isDaemonSet(service));
  assert.deepEqual(all('daemonsets'), ['log-shipper', 'contention-agent']);
  assert.equal(all('deployments').length, deployed.length);
  assert.equal(all('replicasets').length, deployed.length);
  const [, { status, spec }] = get('/apis/apps/v1/daemonsets').body.items;
  assert.equal(status.numberReady, 1);
  assert.deepEqual(spec.selector.matchLabels, { app: 'contention-agent' });
});

test('a namespace narrows, too', () => {
  const inShop = services.filter(({ namespace }) => namespace === undefined);
  assert.equal(names('/api/v1/namespaces/shop/pods').length, inShop.length);
  assert.equal(names('/api/v1/namespaces/logging/pods').length, 1);
  assert.equal(names('/api/v1/namespaces/monitoring/pods').length, 1);
  assert.deepEqual(names('/api/v1/namespaces/other/pods'), []);
});

test('what the demo does not have is an empty list, what the API does not have is 404', () => {
  assert.deepEqual(names('/apis/batch/v1/cronjobs'), []);
  assert.equal(get('/apis/batch/v1/no-such-thing').status, 404);
  assert.equal(get('/elsewhere').status, 404);
});

test('a selector that cannot be read is the fault of who asked', () => {
  assert.equal(get('/api/v1/pods?labelSelector=%28').status, 400);
});

test('logs come from the container that was asked for', () => {
  const inventory = pods.find(pod => pod.metadata.labels.app === 'inventory');
  const path = `/api/v1/namespaces/shop/pods/${inventory.metadata.name}/log`;
  assert.equal(
    get(`${path}?container=mesh-proxy`).body,
    'inventory/mesh-proxy',
  );
  assert.equal(get(path).body, 'inventory/inventory');
  assert.equal(get('/api/v1/namespaces/shop/pods/none/log').status, 404);
});
