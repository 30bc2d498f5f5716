import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { startPart } from '../lib/part.mjs';
import { listeningInode, requireFreePort } from '../lib/ports.mjs';
import { scriptsOf, whatIsMissing } from '../lib/portal-client.mjs';
import {
  RUN_VARIABLE,
  endRun,
  processesOfRun,
  startTimeOf,
} from '../lib/processes.mjs';
import { takeRunFolder } from '../lib/run-lock.mjs';

const folders = [];
const newFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), 'contention-run-'));
  folders.push(folder);
  return folder;
};
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

test('ending a run ends what it started and what that started in turn, also what does not want to', async () => {
  const folder = newFolder();
  const stubborn =
    "process.on('SIGTERM', () => {}); setInterval(() => {}, 1e6); console.log('up')";
  const child = spawn(
    process.execPath,
    [
      '-e',
      `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(stubborn)}], { detached: true, stdio: 'inherit' });
       setInterval(() => {}, 1e6)`,
    ],
    { env: { ...process.env, [RUN_VARIABLE]: folder }, stdio: 'pipe' },
  );
  await new Promise(resolve => child.stdout.once('data', resolve));
  assert.equal(processesOfRun(folder).length, 2);
  assert.equal(processesOfRun(`${folder}-other`).length, 0);
  await endRun(folder);
  assert.equal(processesOfRun(folder).length, 0);
  await endRun(folder);
});

test('a folder is for one run at a time, and free again when its holder is gone', async () => {
  const folder = newFolder();
  const release = takeRunFolder(folder);
  assert.throws(() => takeRunFolder(folder), /already running/);
  release();
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)']);
  writeFileSync(
    join(folder, 'start.lock'),
    JSON.stringify({ pid: other.pid, startTime: startTimeOf(other.pid) }),
  );
  assert.throws(() => takeRunFolder(folder), new RegExp(`${other.pid}`));
  const ended = new Promise(resolve => other.once('exit', resolve));
  other.kill('SIGKILL');
  await ended;
  takeRunFolder(folder)();
});

test('a part that dies says so with its last lines', async () => {
  const folder = newFolder();
  const part = startPart(
    {
      name: 'short',
      command: process.execPath,
      args: ['-e', "console.log('the last word'); process.exit(3)"],
      cwd: folder,
      env: process.env,
      cpus: [0],
    },
    { folder, verbose: false },
  );
  assert.match(
    await part.ended,
    /short ended with code 3.*\n {4}the last word/,
  );
  assert.equal(part.lastLine(), 'the last word');
});

test('a taken port is refused with the name of who has it', async () => {
  const server = createServer();
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await assert.rejects(
    requireFreePort(port, 'the portal', '--portal-port'),
    new RegExp(
      `Port ${port}, which the portal needs, is taken by .*process ${process.pid}.*--portal-port`,
    ),
  );
  await new Promise(resolve => server.close(resolve));
  await requireFreePort(port, 'the portal', '--portal-port');
});

test("reads the kernel's table of sockets", () => {
  const line =
    '   0: 0100007F:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 22445 1 0000000000000000 100 0 0 10 0';
  assert.equal(listeningInode(line, 3000), '22445');
  assert.equal(listeningInode(line, 3001), undefined);
  assert.equal(listeningInode(line.replace(' 0A ', ' 01 '), 3000), undefined);
  assert.equal(
    listeningInode('  sl  local_address rem_address   st', 3000),
    undefined,
  );
});

/** A portal and backend in one that answers what `answers` holds at the moment. */
async function standIn(answers) {
  const server = createServer((request, response) => {
    const path = request.url.split('?')[0];
    const body = answers[path];
    response.statusCode = body === undefined ? 404 : 200;
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${server.address().port}`;
  return { address, close: () => server.close() };
}

test('a page is ready only when its data is of this run and its scripts are served', async () => {
  const report =
    '/api/contention/v1/entities/component/default/checkout/neighbours';
  const page = '/catalog/default/component/checkout/noisy-neighbours';
  const answers = {};
  const { address, close } = await standIn(answers);
  const missing = () =>
    whatIsMissing({ portal: address, backend: address }, 'checkout', 1000);

  assert.equal(await missing(), 'backend');
  answers['/api/auth/guest/refresh'] = { backstageIdentity: { token: 't' } };
  assert.equal(await missing(), 'data');
  answers[report] = { culprits: [], freshness: { newest: 2000 } };
  assert.equal(await missing(), 'data');
  answers[report] = { culprits: [{}], freshness: { newest: 900 } };
  assert.equal(await missing(), 'data', 'data of an earlier run');
  answers[report] = { culprits: [{}], freshness: { newest: 2000 } };
  assert.equal(await missing(), 'portal');
  answers[page] = '<script defer src="/main.js"></script>';
  assert.equal(await missing(), 'portal');
  answers['/main.js'] = '1';
  assert.equal(await missing(), undefined);
  close();
});

test('finds the scripts of a page', () => {
  assert.deepEqual(
    scriptsOf('<script>1</script><script defer src="/a.js"></script>'),
    ['/a.js'],
  );
});
