// Whether a TCP port on loopback is free, and who holds it when it is not.
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename } from 'node:path';
import { Problem } from './say.mjs';

/** Throws a Problem that names who holds `port`; `option` is the start option that chooses another one. */
export async function requireFreePort(port, what, option) {
  if (await isFree(port)) return;
  const holder = whoListens(port);
  throw new Problem(
    `Port ${port}, which ${what} needs, is taken${holder ? ` by ${holder}` : ''}. Stop that program, or choose another port: npm start -- ${option} ${port + 100}`,
  );
}

async function isFree(port) {
  for (const host of ['127.0.0.1', '::1']) {
    if (!(await canListen(port, host))) return false;
  }
  return true;
}

function canListen(port, host) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', error => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else if (error.code === 'EADDRNOTAVAIL')
        resolve(true); // no IPv6 here
      else if (error.code === 'EACCES') resolve(false);
      else reject(error);
    });
    server.listen({ port, host, exclusive: true }, () =>
      server.close(() => resolve(true)),
    );
  });
}

/** `name (process N)` of who listens on a port; undefined when it cannot be seen. */
function whoListens(port) {
  const inodes = ['/proc/net/tcp', '/proc/net/tcp6']
    .flatMap(readLinesIfThere)
    .flatMap(line => listeningInode(line, port) ?? []);
  for (const pid of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
    for (const file of descriptors(pid)) {
      if (inodes.some(inode => file === `socket:[${inode}]`)) {
        return `${nameOf(pid)} (process ${pid})`;
      }
    }
  }
  return undefined;
}

/** What a process was started as; its threads may call themselves otherwise. */
function nameOf(pid) {
  const [command] = readLinesIfThere(`/proc/${pid}/cmdline`)[0].split('\0');
  return basename(command) || readLinesIfThere(`/proc/${pid}/comm`)[0];
}

/** The socket's inode in a line of /proc/net/tcp, if it listens on `port`. */
export function listeningInode(line, port) {
  const fields = line.trim().split(/\s+/);
  const [, local, , state] = fields;
  const isListening = state === '0A';
  const localPort = parseInt(local?.split(':')[1] ?? '', 16);
  return isListening && localPort === port ? fields[9] : undefined;
}

function descriptors(pid) {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).map(name => {
      try {
        return readlinkSync(`${folder}/${name}`);
      } catch (error) {
        if (error.code === 'ENOENT') return '';
        throw error;
      }
    });
  } catch (error) {
    if (GONE_OR_FOREIGN.includes(error.code)) return [];
    throw error;
  }
}

function readLinesIfThere(path) {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch (error) {
    if (GONE_OR_FOREIGN.includes(error.code)) return [];
    throw error;
  }
}

const GONE_OR_FOREIGN = ['ENOENT', 'EACCES', 'ESRCH', 'EPERM'];
