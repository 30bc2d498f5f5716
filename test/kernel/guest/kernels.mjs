#!/usr/bin/env node
// `npm run test:kernels`: the same sensor on other kernels, in QEMU without KVM: Debian's 6.1, whose quotas stop queues
// instead of threads, under a pure cgroup v2 hierarchy. Prints a table, then "N passed, N failed, N skipped"; --json one
// document. Kernel and busybox come from the distribution's archive with apt-get download.
import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, root } from '../lib/build.mjs';
import { difference, partsNs, victim } from '../lib/sensor.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const work = join(root, 'bpf-agent/build/guest');
const json = process.argv.includes('--json');

/** Unpacks a Debian package into the work directory, downloading it first. */
function unpack(name, into) {
  const directory = join(work, into);
  if (existsSync(directory)) return directory;
  const downloads = join(work, `${into}.download`);
  rmSync(downloads, { recursive: true, force: true });
  mkdirSync(downloads, { recursive: true });
  execFileSync('apt-get', ['download', name], { cwd: downloads, stdio: ['ignore', 'ignore', 'ignore'] });
  const [deb] = readdirSync(downloads);
  execFileSync('dpkg-deb', ['-x', join(downloads, deb), directory]);
  return directory;
}

/** The newest cloud kernel of a series that the archive has. */
function kernelPackage(series) {
  const found = execFileSync('apt-cache', ['search', '--names-only', `^linux-image-${series}.*-cloud-amd64$`], { encoding: 'utf8' });
  const names = found.split('\n').map(line => line.split(' ')[0]).filter(Boolean);
  const byNumber = (a, b) => a.localeCompare(b, 'en', { numeric: true });
  if (!names.length) throw new Error(`the archive has no linux-image-${series}*-cloud-amd64: run apt-get update`);
  return names.sort(byNumber).at(-1);
}

/** One entry of a "newc" archive, which is what the kernel unpacks into its first file system. */
function entry(name, mode, data) {
  const field = value => value.toString(16).padStart(8, '0');
  const pad = buffer => Buffer.concat([buffer, Buffer.alloc((4 - (buffer.length % 4)) % 4)]);
  const bytes = Buffer.from(`${name}\0`);
  const numbers = [0, mode, 0, 0, 1, 0, data.length, 0, 0, 0, 0, bytes.length, 0].map(field).join('');
  return Buffer.concat([pad(Buffer.concat([Buffer.from(`070701${numbers}`), bytes])), pad(data)]);
}

function initramfs(busybox) {
  const { sensor, load } = build();
  const file = (name, from) => entry(name, 0o100755, readFileSync(from));
  const directories = ['bin', 'proc', 'sys', 'dev', 'tmp', 'lib', 'lib64', 'lib/x86_64-linux-gnu'].map(d => entry(d, 0o40755, Buffer.alloc(0)));
  const libraries = new Set();
  for (const program of [sensor, load])
    for (const [, path] of execFileSync('ldd', [program], { encoding: 'utf8' }).matchAll(/(\/\S+) \(0x/g)) libraries.add(path);
  return Buffer.concat([
    ...directories,
    file('bin/busybox', busybox),
    file('bin/sh', busybox),
    file('init', join(here, 'init')),
    file('contention-sensor', sensor),
    file('load', load),
    ...[...libraries].map(path => file(path.includes('ld-linux') ? path.slice(1) : `lib/x86_64-linux-gnu/${path.split('/').pop()}`, path)),
    entry('TRAILER!!!', 0, Buffer.alloc(0)),
  ]);
}

/** Boots, and resolves with what the console said. Killed after `seconds`. */
function boot(kernel, archive, seconds) {
  const qemu = spawn('qemu-system-x86_64', [
    ...['-accel', 'tcg,thread=multi', '-cpu', 'max', '-smp', '2', '-m', '512', '-nodefaults', '-display', 'none', '-no-reboot'],
    ...['-serial', 'stdio', '-kernel', kernel, '-initrd', archive, '-append', 'console=ttyS0 quiet panic=-1'],
  ], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  qemu.stdout.on('data', chunk => (said += chunk));
  const timer = setTimeout(() => qemu.kill('SIGKILL'), seconds * 1000);
  return new Promise(resolve => qemu.on('close', () => (clearTimeout(timer), resolve(said))));
}

/** What the console said, by scenario. */
function scenarios(said) {
  return said.split(/^SCENARIO /m).slice(1).map(text => {
    const numbers = keyword => Object.fromEntries([...text.matchAll(new RegExp(`^${keyword} (\\S+) (\\d+)`, 'gm'))].map(([, group, n]) => [group, Number(n)]));
    const since = (now, before) => Object.fromEntries(Object.entries(now).map(([group, n]) => [group, n - (before[group] ?? 0)]));
    const [first, frame] = ['FIRST', 'FRAME'].map(word => new RegExp(`^${word} (\\{.*\\})\\s*$`, 'm').exec(text)?.[1]);
    return {
      name: text.split(/\s/, 1)[0],
      waited: since(numbers('WAITED'), numbers('BEFORE')),
      throttledNs: Object.fromEntries(Object.entries(since(numbers('THROTTLED'), numbers('STOPPED_BEFORE'))).map(([group, us]) => [group, us * 1000])),
      frame: first && frame && difference(JSON.parse(first), JSON.parse(frame)),
      text,
    };
  });
}

const apart = (a, b) => (100 * Math.abs(a - b)) / Math.max(b, 1);

/** Loads of more than one thread, as in init. */
const threadsOf = { 'neighbour noisy': 2, 'sidecar mesh/sidecar': 2 };

/** Every check of a scenario: what, how far apart in percent, how far it may be. */
function checks({ name, waited, throttledNs, frame }) {
  const all = [];
  const blame = group => victim(frame, `/${group}`).blame;
  for (const [group, ns] of Object.entries(waited)) {
    const seen = victim(frame, `/${group}`);
    all.push({ what: `${name}: wait of ${group} against run_delay`, value: apart(seen.waitNs, ns), limit: 1 });
    all.push({ what: `${name}: parts of ${group} against its wait`, value: apart(partsNs(seen.blame), seen.waitNs), limit: 0 });
    all.push({ what: `${name}: unattributed of ${group}`, value: (100 * (seen.blame.unattributed ?? 0)) / seen.waitNs, limit: 1 });
    for (const [culprit, part] of Object.entries(seen.blame)) {
      const path = /^cgroup (.*)$/.exec(culprit)?.[1];
      const threads = threadsOf[`${name} ${group}`] ?? 1;
      if (path && path !== `/${group}`)
        all.push({ what: `${name}: a thread of ${group} waited for ${path}, % longer than that ran`, value: Math.max(0, (100 * part) / threads / victim(frame, path).cpuNs - 100), limit: 2 }); // its main thread waits, too, while it starts
    }
  }
  if (name === 'quota') all.push({ what: 'quota: throttled against cpu.stat', value: apart(blame('limited')['throttled /limited'], throttledNs.limited), limit: 1 });
  if (name === 'quota-alone') all.push({ what: 'quota alone: throttled against cpu.stat', value: apart(blame('alone')['throttled /alone'], throttledNs.alone), limit: 1 });
  if (name === 'pod-quota') all.push({ what: 'pod quota: throttled of pod/a against cpu.stat', value: apart(blame('pod/a')['throttled /pod'], throttledNs.pod), limit: 1 });
  if (name === 'sidecar') all.push({ what: 'sidecar: app stopped by the pod, told apart from the sidecar', value: blame('mesh/app')['throttled /mesh'] > 0 && blame('mesh/app')['cgroup /mesh/sidecar'] > 0 ? 0 : 100, limit: 0 });
  if (name === 'neighbour') all.push({ what: 'neighbour: charged with most of the wait', value: blame('quiet')['cgroup /noisy'] > 0.6 * victim(frame, '/quiet').waitNs ? 0 : 100, limit: 0 });
  all.push({ what: `${name}: victims whose wait and parts differ`, value: frame.health.conservation.unequal, limit: 0 });
  return all;
}

mkdirSync(work, { recursive: true });
const kernels = ['6.1'];
let passed = 0;
let failed = 0;
const results = [];
for (const series of kernels) {
  const name = kernelPackage(series);
  const image = unpack(name, name);
  const archive = join(work, 'initramfs');
  writeFileSync(archive, initramfs(join(unpack('busybox-static', 'busybox'), 'bin/busybox')));
  const vmlinuz = readdirSync(join(image, 'boot')).find(file => file.startsWith('vmlinuz'));
  copyFileSync(join(image, 'boot', vmlinuz), join(work, 'vmlinuz'));
  const said = await boot(join(work, 'vmlinuz'), archive, 240);
  writeFileSync(join(work, 'console'), said);
  const seen = scenarios(said);
  const complete = /^KERNEL /m.test(said) && seen.length === 5 && seen.every(s => s.frame);
  if (!complete) {
    failed++;
    console.error(`${series}: the guest did not finish; its console is in ${join(work, 'console')}:\n${said.slice(-2000)}`);
  }
  for (const scenario of seen.filter(s => s.frame))
    for (const { what, value, limit } of checks(scenario)) {
      const ok = value <= limit;
      if (ok) passed++;
      else failed++;
      results.push({ name: `${series}: ${what}`, value: Math.round(value * 1e4) / 1e4, unit: '%', ratioTo: {} });
      if (!json) console.log(`${ok ? 'ok  ' : 'FAIL'}  ${series}  ${what}: ${value.toFixed(4)} (at most ${limit})`);
    }
}
if (json) console.log(JSON.stringify({ results }));
else console.log(`${passed} passed, ${failed} failed, 0 skipped`);
process.exitCode = failed ? 1 : 0;
