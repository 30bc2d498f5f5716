// Requests that come and go while none are timed. The sensor looks only every ten minutes here; the test itself switches the
// programs off and on, in the memory that they share with the sensor, as the sensor's governor does.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { cannotTrace } from './lib/build.mjs';
import { cgroupTree } from './lib/cgroups.mjs';
import { requestsOf } from './lib/requests.mjs';
import { startSensor } from './lib/sensor.mjs';
import { shedBit, variablesOf } from './lib/variables.mjs';

const skip = cannotTrace();
/** Both ends of one connection: a line to `client` or `server` sends a word to the other end, which prints it. */
const ENDS = `
const { connect, createServer } = require('node:net');
const server = createServer(served => {
  const client = ends.client;
  ends.server = served;
  served.on('data', word => console.log('server ' + word));
  console.log('ready');
});
const ends = {};
server.listen(0, '127.0.0.1', () => {
  ends.client = connect(server.address().port, '127.0.0.1');
  ends.client.on('data', word => console.log('client ' + word));
});
require('node:readline')
  .createInterface({ input: process.stdin })
  .on('line', line => ends[line].write('word'))
  .on('close', () => process.exit());
`;

test(
  'a request that was open when requests were switched off is none that lasted until they were timed again',
  { skip },
  async t => {
    const tree = cgroupTree();
    t.after(() => tree.end());
    const sensor = startSensor('--interval', '600');
    t.after(() => sensor.stop());
    await sensor.next();
    const path = tree.add('ends');
    const child = tree.run(path, process.execPath, ['-e', ENDS]);
    const lines = createInterface({ input: child.stdout });
    await once(lines, 'line');
    const variables = variablesOf(sensor.child.pid);
    const says = async end => {
      const heard = once(lines, 'line');
      child.stdin.write(`${end}\n`);
      await heard;
    };

    await says('client');
    await says('server');
    await says('client');
    variables.set({ shed: shedBit('allButWaits') });
    await says('server');
    await says('client');
    await sleep(1500);
    variables.set({
      shed: 0,
      request_era: variables.get('request_era') + 1,
    });
    await says('server');
    await says('client');
    await says('server');
    child.stdin.end();
    await once(child, 'exit');

    const frames = await sensor.stop();
    for (const role of ['server', 'client']) {
      const { exact, estimated } = requestsOf(frames.at(-1), path, role);
      assert.equal(exact.count, 2, role);
      assert.equal(estimated.count, 0, role);
      assert.ok(exact.sumNs < 1_500_000_000, `${role}: ${exact.sumNs} ns`);
    }
  },
);
