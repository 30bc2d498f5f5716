// Who stands in a queue behind whom: the arithmetic in net_queue.h against its oracle, and mistakes in it that the oracle
// notices.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import { build } from '../lib/build.mjs';
import { mutants } from './lib/mutants.mjs';

test('waits and charges agree with a brute-force oracle, whatever order a queue keeps', () => {
  const { status, stdout } = spawnSync(build().netQueue, [], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  assert.equal(status, 0, stdout);
});

/** What is wrong, and how. */
const mistakes = [
  [
    'packets are counted once, however many there are',
    'standing->packets * (now - standing->since)',
    '(now - standing->since)',
  ],
  [
    'the integral begins anew when a packet comes',
    '\tstanding_until(standing, *entered);\n',
    '\tstanding->since = *entered;\n',
  ],
  [
    'the integral is not emptied when it is charged',
    '\t\tstanding->integral = 0;\n',
    '',
  ],
  [
    'a departed packet is counted on',
    '\tstanding->entered -= entered;\n\tstanding->waited += ns;\n\tqueue->packets--;',
    '\tstanding->waited += ns;\n\tqueue->packets--;',
  ],
  ['time goes back', '\tif (now > queue->now)\n', ''],
  [
    'a packet that was refused is charged',
    '\tstanding->integral -= now - entered;\n',
    '',
  ],
  [
    'what others have paid for a refused packet is forgotten',
    '\tif (standing->integral < now - entered)\n\t\treturn queue_leave(queue, place, entered, now);\n',
    '',
  ],
  [
    'a place is free while it is in use',
    '\tif (place >= queue->used)\n\t\tqueue->used = place + 1;\n',
    '',
  ],
  [
    'only the first owner is charged',
    '\t\tif (i >= places)\n\t\t\tbreak;',
    '\t\tif (i >= 1)\n\t\t\tbreak;',
  ],
  [
    'the culprit is always the one that departs',
    'return queue->prepaid || !before ? owner : before;',
    'return owner;',
  ],
  [
    'the culprit is always the one before',
    'return queue->prepaid || !before ? owner : before;',
    'return before ? before : owner;',
  ],
  [
    'a queue that holds all its packets is taken for one whose device is busy',
    'queue->departed = owner;',
    'if (!(owner >> 56)) queue->departed = owner;',
  ],
  [
    'packets that departed unseen stay for ever',
    'forgotten * now - entered < forgotten * QUEUE_LOST_NS',
    'true',
  ],
  [
    'packets that are on their way are forgotten',
    'forgotten * now - entered < forgotten * QUEUE_LOST_NS',
    'false',
  ],
  [
    'an owner has the place of another',
    'if (other == owner) {',
    'if (other) {',
  ],
];

mutants({
  mistakes: mistakes.map(([name, ...changes]) => ({
    name,
    header: 'net_queue.h',
    changes,
  })),
  tries: [['net-queue-test']],
});
