// The backend that `npm start` runs, on a database of its own, and as portals run in production: in development they indent every answer.
import { spawn } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inCheckout } from '../../../scripts/lib/checkout.mjs';

const STARTS_WITHIN_MS = 180_000;

/**
 * @returns {{get(path), cpuMs(), stop()}} `get` resolves to `{status, body, ms}`, asked as the guest who signs in; `cpuMs` is
 * the CPU time of the backend so far
 */
export async function startBackend({ folder, catalog }) {
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const child = spawn(
    process.execPath,
    [
      '--enable-source-maps',
      '--require',
      inCheckout('node_modules/@backstage/cli/config/nodeTransform.cjs'),
      'dev/index.ts',
    ],
    {
      cwd: inCheckout('plugins/contention-backend'),
      env: {
        ...process.env,
        NODE_ENV: 'production',
        // To sign in as a guest is for development.
        APP_CONFIG_auth_providers_guest_dangerouslyAllowOutsideDevelopment:
          'true',
        CONTENTION_BACKEND_PORT: String(port),
        CONTENTION_DATABASE_FOLDER: folder,
        CONTENTION_CATALOG: catalog,
        CONTENTION_AGENT_TOKEN: 'not-used-by-the-bench',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const log = createWriteStream(join(folder, 'backend.log'), { flags: 'a' });
  child.stdout.pipe(log);
  child.stderr.pipe(log);
  const ended = new Promise(resolve => {
    child.once('exit', resolve);
  });
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  const get = async (path, token) => {
    const began = performance.now();
    const response = await fetch(`${address}${path}`, {
      headers: token ? { authorization: `Bearer ${token}` } : {},
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    const body = isJson ? JSON.parse(text) : { error: text };
    return { status: response.status, body, ms: performance.now() - began };
  };
  try {
    const token = await untilSignedIn(get, child, folder);
    return {
      get: path => get(path, token),
      cpuMs: () => cpuMsOf(child.pid),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** User and system time, ms; the kernel shows it in hundredths of a second. */
function cpuMsOf(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function untilSignedIn(get, child, folder) {
  const log = `see ${folder}/backend.log`;
  const endMs = Date.now() + STARTS_WITHIN_MS;
  let last = 'nobody listened';
  while (Date.now() < endMs && child.exitCode === null) {
    try {
      const { status, body } = await get('/api/auth/guest/refresh');
      const token = body.backstageIdentity?.token;
      if (token) return token;
      last = `${status} ${JSON.stringify(body)}`;
    } catch (error) {
      // Not yet. Whoever listened and then fails will not get better.
      if (error.cause?.code !== 'ECONNREFUSED') {
        throw new Error(`the backend failed while it started: ${log}`, {
          cause: error,
        });
      }
    }
    await sleep(500);
  }
  throw new Error(`the backend did not start (${last}): ${log}`);
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
