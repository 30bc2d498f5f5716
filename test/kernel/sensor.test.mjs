// The sensor as a process: what it may do, when it ends, what it says when it cannot start.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { build, cannotTrace } from './lib/build.mjs';
import { startSensor } from './lib/sensor.mjs';

const skip = cannotTrace();
const { sensor: binary } = build();

/** Ids of the BPF programs that a process holds. */
function programsOf(pid) {
  const held = readdirSync(`/proc/${pid}/fdinfo`).map(fd =>
    readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8'),
  );
  return held
    .flatMap(info => /^prog_id:\s+(\d+)$/m.exec(info)?.[1] ?? [])
    .map(Number);
}

async function gone(pid, seconds = 10) {
  for (let i = 0; i < seconds * 20; i++) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    await sleep(50);
  }
  return false;
}

test(
  'no privilege is left once the first line is printed',
  { skip },
  async () => {
    const sensor = startSensor('--interval', '0.2');
    await sensor.next();
    const status = readFileSync(`/proc/${sensor.child.pid}/status`, 'utf8');
    await sensor.stop();
    for (const set of ['CapPrm', 'CapEff', 'CapBnd', 'CapAmb'])
      assert.match(status, new RegExp(`^${set}:\\s+0+$`, 'm'));
    assert.match(status, /^NoNewPrivs:\s+1$/m);
    assert.match(status, /^Seccomp:\s+2$/m);
  },
);

test(
  'the sandbox refuses sockets, writing, new processes and every bpf call that could load anything',
  { skip },
  () => {
    const said = execFileSync(binary, ['--check-sandbox'], {
      encoding: 'utf8',
    });
    const refused = Object.fromEntries(
      said
        .trim()
        .split('\n')
        .map(line => [
          line.slice(0, line.lastIndexOf(':')),
          line.slice(line.lastIndexOf(':') + 2),
        ]),
    );
    assert.deepEqual(refused, {
      socket: 'refused',
      'open for writing': 'refused',
      'create a file': 'refused',
      fork: 'refused',
      execve: 'refused',
      'kill another process': 'refused',
      ptrace: 'refused',
      'bpf: load a program': 'refused',
      'bpf: make a map': 'refused',
      'bpf: write to a map': 'refused',
      'bpf: attach a loaded program': 'allowed',
      'executable memory': 'refused',
      'open for reading': 'allowed',
    });
  },
);

test(
  'frames are numbered, cumulative and one interval apart, and the first comes at once',
  { skip },
  async () => {
    const sensor = startSensor('--interval', '0.5', '--count', '3');
    const { code } = await sensor.closed;
    assert.equal(code, 0);
    assert.deepEqual(
      sensor.frames.map(f => f.sequence),
      [1, 2, 3],
    );
    assert.equal(new Set(sensor.frames.map(f => f.startMonotonicNs)).size, 1);
    for (let i = 1; i < 3; i++) {
      const [before, after] = [sensor.frames[i - 1], sensor.frames[i]];
      assert.ok(BigInt(after.monotonicNs) > BigInt(before.monotonicNs));
      for (const wait of before.waits) {
        const later = after.waits.find(w => w.cgroup === wait.cgroup);
        assert.ok(
          BigInt(later.sumNs) >= BigInt(wait.sumNs) &&
            BigInt(later.count) >= BigInt(wait.count),
        );
      }
      for (const cpu of before.cpu)
        assert.ok(
          BigInt(after.cpu.find(c => c.cgroup === cpu.cgroup).ns) >=
            BigInt(cpu.ns),
        );
    }
  },
);

test(
  'it ends, and its programs with it, on SIGTERM, when nobody reads, and when its parent dies',
  { skip },
  async t => {
    const terminated = startSensor('--interval', '0.2');
    t.after(() => terminated.stop());
    await terminated.next();
    const ids = new Set(programsOf(terminated.child.pid));
    assert.notEqual(ids.size, 0);
    await terminated.stop();
    await sleep(300);
    const left = JSON.parse(
      execFileSync('bpftool', ['-j', 'prog', 'show'], { maxBuffer: 1 << 26 }),
    ).filter(p => ids.has(p.id));
    assert.deepEqual(left, []);

    const unread = startSensor('--interval', '30');
    t.after(() => unread.stop());
    await unread.next();
    unread.child.stdout.destroy();
    assert.ok(await gone(unread.child.pid));

    // A shell that starts it and waits; the shell is killed.
    const parent = spawn(
      '/bin/sh',
      ['-c', `'${binary}' --interval 0.2 & echo $! >&2; wait`],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const pid = Number(
      await new Promise(resolve => parent.stderr.once('data', resolve)),
    );
    await new Promise(resolve => parent.stdout.once('data', resolve));
    parent.kill('SIGKILL');
    parent.stdout.resume();
    assert.ok(await gone(pid));
  },
);

test(
  'wrong arguments and missing rights get one sentence that says what to do',
  { skip },
  () => {
    const run = (...args) => spawnSync(binary, args, { encoding: 'utf8' });
    assert.match(run('--interval', 'soon').stderr, /--interval takes seconds/);
    assert.match(run('--count', '0').stderr, /--count takes a whole number/);
    assert.equal(run('--nonsense').status, 2);
    assert.match(run('--help').stdout, /^Usage: contention-sensor/);
    assert.match(run('--version').stdout, /^contention-sensor \d+\.\d+\.\d+$/m);
    const unprivileged = spawnSync(
      'setpriv',
      ['--reuid', '65534', '--clear-groups', binary, '--count', '1'],
      { encoding: 'utf8' },
    );
    assert.equal(unprivileged.status, 1);
    assert.match(
      unprivileged.stderr,
      /cannot load the kernel programs: run as root, or with CAP_BPF/,
    );
  },
);
