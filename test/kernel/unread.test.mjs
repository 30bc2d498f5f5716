// How long data was in a socket before a thread read it, against readers that are late and have their own clocks: the byte was there
// at least from when it had been sent until it was asked for, and at most from before the one until after the other.
import assert from 'node:assert/strict';
import test, { before } from 'node:test';
import { build, cannotTrace } from './lib/build.mjs';
import { cgroupTree } from './lib/cgroups.mjs';
import { assertHistogram } from './lib/histograms.mjs';
import { bucketOf } from './lib/requests.mjs';
import { startSensor } from './lib/sensor.mjs';

const skip = cannotTrace();

/** Words of unread/main.c: family, end, times, sleep, writes, reads. */
const READERS = {
  'that accepted the connection': [4, 'accepted', 100, 5000, 1, 1],
  'that made the connection': [4, 'made', 100, 5000, 1, 1],
  'over IPv6': [6, 'accepted', 100, 5000, 1, 1],
  'that is very late': [4, 'made', 4, 500_000, 1, 1],
  'of data that came piece by piece: how long its oldest was there': [
    ...[4, 'accepted', 50, 10_000, 6, 1],
  ],
  'that takes what came together piece by piece: until the first': [
    ...[4, 'accepted', 50, 10_000, 1, 6],
  ],
};

/** More often in an interval than each time is told; the numbers are those of bpf/unread.h. */
const OFTEN = 'that reads often';
const OFTEN_WORDS = [4, 'accepted', 20_000, 0, 1, 1];
const UNREAD_ALL = 1024;
const UNREAD_EVERY = 16;

let frame;
const truths = {};
const paths = {};

before(async () => {
  if (skip) return;
  const tree = cgroupTree();
  const sensor = startSensor('--interval', '0.3');
  try {
    await sensor.next();
    await Promise.all(
      Object.entries({ ...READERS, [OFTEN]: OFTEN_WORDS }).map(
        async ([name, words], i) => {
          paths[name] = tree.add(`reader-${i}`);
          const child = tree.run(
            paths[name],
            build().unread,
            words.map(String),
          );
          let said = '';
          child.stdout.on('data', chunk => (said += chunk));
          await child.ended;
          truths[name] = JSON.parse(said);
        },
      ),
    );
    await sensor.next();
    frame = await sensor.next();
  } finally {
    await sensor.stop();
    await tree.end();
  }
});

function rowOf(name) {
  const ids = frame.cgroups.filter(c => c.path === paths[name]).map(c => c.id);
  const rows = frame.unread.filter(row => ids.includes(row.cgroup));
  assert.equal(rows.length, 1, JSON.stringify(rows));
  return rows[0];
}

for (const name of Object.keys(READERS)) {
  test(
    `a late reader ${name}: each time is counted, and right`,
    { skip },
    () => {
      assertHistogram(rowOf(name), truths[name], name);
      assert.equal(frame.health.lost.unread, '0');
    },
  );
}

test(
  'a reader that reads often: the times that are told stand for all',
  { skip },
  t => {
    const row = rowOf(OFTEN);
    const count = Number(row.count);
    const truth = truths[OFTEN].ns;
    const seconds = truth.reduce((sum, [, most]) => sum + most, 0) / 1e9;
    t.diagnostic(`${count} of ${truth.length} in ${seconds.toFixed(1)} s`);
    assert.ok(count <= truth.length);
    assert.ok(count >= truth.length * (1 - UNREAD_EVERY / UNREAD_ALL));
    const middle = at =>
      bucketOf(truth.map(ns => ns[at]).sort((a, b) => a - b)[count >> 1]);
    let before = 0;
    const [median] = row.buckets
      .toSorted(([a], [b]) => a - b)
      .find(([, n]) => (before += Number(n)) > count / 2);
    assert.ok(
      median >= middle(0) && median <= middle(1),
      `median in ${median}, in truth in ${middle(0)} to ${middle(1)}`,
    );
  },
);
