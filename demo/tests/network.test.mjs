import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  hardwareAddress,
  outsiderAddress,
  podAddress,
} from '../lib/addresses.mjs';
import {
  customersSteps,
  fabricSteps,
  guestSteps,
} from '../lib/network-plan.mjs';
import { networkSentence } from '../lib/network.mjs';
import { customers, logStore, services } from '../lib/services.mjs';

const instance = '5fc0';
const pids = { node: 11, rack: 12 };
const lines = steps => steps.flatMap(step => step.lines);
const service = name => services.find(each => each.name === name);

/** The /24 that an address is in. */
const networkOf = address => address.split('.').slice(0, 3).join('.');

test('what checkout asks inventory and what log-shipper sends take the same link, and nothing of the customers does', () => {
  const near = networkOf(podAddress(instance, service('checkout')));
  const far = networkOf(podAddress(instance, service('inventory')));
  assert.equal(networkOf(podAddress(instance, service('log-shipper'))), near);
  assert.equal(networkOf(outsiderAddress(instance, logStore)), far);
  assert.notEqual(near, far);
  const outside = networkOf(outsiderAddress(instance, customers));
  assert.ok(![near, far].includes(outside));
});

test('one device has a queue: that of the node towards the rack', () => {
  const steps = [
    ...fabricSteps(instance, pids),
    ...services.flatMap(each =>
      guestSteps(instance, {
        place: each.place ?? 'node',
        address: podAddress(instance, each),
        pid: 20,
        key: each.name,
      }),
    ),
    ...customersSteps(instance, {
      address: outsiderAddress(instance, customers),
      pid: 30,
    }),
  ];
  const queued = steps.filter(({ command }) => command === 'tc');
  assert.equal(queued.length, 1);
  assert.equal(queued[0].in, 'node');
  assert.match(lines(queued).join(), /^qdisc add dev uplink root tbf /);
  assert.ok(lines(steps).every(line => !/["'`$;|&]/.test(line)));
});

test('what log-shipper has on its way fits in front of the link, so that nothing is lost there', () => {
  const [, limit] = /limit (\d+)mb/.exec(
    lines(fabricSteps(instance, pids)).join(),
  );
  const [{ processes }] = service('log-shipper').containers;
  // The kernel doubles what it is told, for its own books.
  assert.ok(4 * processes[0].send.bufferBytes < Number(limit) * 1024 * 1024);
});

test('a pod that comes back has another device and the hardware address of its predecessor', () => {
  const stepsOf = key =>
    lines(
      guestSteps(instance, {
        ...{ place: 'node', address: '10.95.0.10', pid: 20 },
        key,
      }),
    );
  const [first, second] = ['a', 'b'].map(
    key => /link add (veth[0-9a-f]{8}) type/.exec(stepsOf(key).join())[1],
  );
  assert.notEqual(first, second);
  assert.equal(hardwareAddress('10.95.0.10'), '02:42:0a:5f:00:0a');
});

test('a kernel that lacks something is told what, and how to go on', () => {
  const sentence = networkSentence(
    'the token bucket queue (CONFIG_NET_SCH_TBF, module sch_tbf)',
    'Error: Specified qdisc kind is unknown.\nCommand failed -:1\n',
  );
  assert.match(sentence, /token bucket queue .*sch_tbf/);
  assert.match(sentence, /Specified qdisc kind is unknown\. Without the demo/);
  assert.match(sentence, /npm start -- --no-demo$/);
});
