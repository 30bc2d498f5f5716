// A PostgreSQL server of its own for tests: the machine's binaries, an unprivileged user (initdb refuses root), a random port
// of the loopback interface, data in a temporary folder. Stopped and removed by `stop()`.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findInitdb } from '../../scripts/lib/debian-packages.mjs';

/** How long the server may take until it takes connections, ms. */
const START_MS = 60_000;

/** Resolves to `{url, version, stop}`; `url` may make databases. */
export async function startPostgres() {
  const initdb = findInitdb();
  if (!initdb) {
    throw new Error(
      'PostgreSQL is not installed: npm run setup does not need it, npm test does (on Debian: apt-get install postgresql)',
    );
  }
  const bin = dirname(initdb);
  const user = unprivilegedUser();
  const folder = mkdtempSync(join(tmpdir(), 'contention-postgres-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const password = randomBytes(16).toString('hex');
  try {
    writeFileSync(join(folder, 'password'), password, { mode: 0o600 });
    if (user) {
      for (const path of [folder, join(folder, 'password')]) {
        chownSync(path, user.uid, user.gid);
      }
    }
    const data = join(folder, 'data');
    const made = spawnSync(
      initdb,
      [
        `--pgdata=${data}`,
        '--username=contention',
        `--pwfile=${join(folder, 'password')}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        '--no-sync',
      ],
      { ...user, cwd: folder, encoding: 'utf8' },
    );
    if (made.status !== 0) {
      throw new Error(`initdb failed: ${made.stderr ?? made.error}`);
    }
    const port = await freePort();
    const server = spawn(
      join(bin, 'postgres'),
      [
        '-D',
        data,
        '-p',
        String(port),
        ...settings({
          listen_addresses: '127.0.0.1',
          unix_socket_directories: folder,
          max_connections: 300,
          // Nothing of it outlives the tests.
          fsync: 'off',
          full_page_writes: 'off',
        }),
      ],
      { ...user, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let log = '';
    server.stderr.setEncoding('utf8');
    server.stderr.on('data', text => {
      log = (log + text).slice(-16_384);
    });
    const ended = new Promise(resolve => server.once('exit', resolve));
    const stop = async () => {
      server.kill('SIGINT');
      await ended;
      remove();
    };
    if (!(await isReady(data, server))) {
      await stop();
      throw new Error(`PostgreSQL did not start:\n${log}`);
    }
    const { stdout } = spawnSync(join(bin, 'postgres'), ['--version'], {
      encoding: 'utf8',
    });
    return {
      url: `postgresql://contention:${password}@127.0.0.1:${port}/postgres`,
      version: stdout.trim(),
      stop,
    };
  } catch (error) {
    remove();
    throw error;
  }
}

const settings = values =>
  Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

/** Whom the server runs as: root lends it a user that owns nothing else here; anybody else runs it. */
function unprivilegedUser() {
  if (process.getuid() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map(line => line.split(':'));
  const [, , uid, gid] =
    users.find(([name]) => name === 'postgres') ??
    users.find(([name]) => name === 'nobody');
  return { uid: Number(uid), gid: Number(gid) };
}

/** The server writes into its pid file that it takes connections. */
async function isReady(data, server) {
  const file = join(data, 'postmaster.pid');
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline && server.exitCode === null) {
    if (existsSync(file) && /^ready/m.test(readFileSync(file, 'utf8'))) {
      return true;
    }
    await sleep(100);
  }
  return false;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
