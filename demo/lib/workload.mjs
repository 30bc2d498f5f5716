// Starts processes of the demo's one program (workload/), in the network and the cgroups where they belong. Knows command
// lines, no pods.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inCheckout } from '../../scripts/lib/checkout.mjs';
import { lastLines } from '../../scripts/lib/child.mjs';
import { Problem } from '../../scripts/lib/say.mjs';
import { processesIn } from './cgroups.mjs';
import { networkFile } from './network.mjs';

/** How long a process may take to be in its cgroups, ms. */
const JOIN_TIMEOUT_MS = 5000;

/** In place of a process whose network to join: none is made, or one of its own. */
export const HOST_NETWORK = 'host';
export const OWN_NETWORK = 'own';

/**
 * Starts a process that behaves as `behaviour` (services.mjs) says. `owner` tells logs of processes of the same name apart;
 * `address` is ADDRESS:PORT where it serves, `addressOf(name)` that of another; `network` a process whose network it
 * joins, or one of the words above.
 */
export function startWorkload(
  owner,
  behaviour,
  { folder, cpu, address, addressOf, directories, network },
) {
  const { name } = behaviour;
  const log = join(folder, `demo-${owner}-${name}.log`);
  const output = openSync(log, 'w');
  const child = spawn(
    inCheckout('demo/build/workload'),
    [
      ...['--name', name, '--cpu', String(cpu)],
      // Who is in its cgroups is in its network, too: it has to be the first.
      ...networkArguments(network),
      ...directories.flatMap(directory => ['--cgroup', directory]),
      ...patternArguments(behaviour.pattern),
      ...serveArguments(behaviour.serve, address, addressOf),
      ...(behaviour.ask ? ['--ask', addressOf(behaviour.ask)] : []),
      ...sendArguments(behaviour.send, addressOf),
      ...(behaviour.receive ? ['--receive', address] : []),
    ],
    { argv0: name, detached: true, stdio: ['ignore', output, output] },
  );
  closeSync(output);
  child.unref();
  const failure = new Promise(resolve => {
    child.once('error', error => resolve(error.message));
    child.once('exit', () =>
      resolve(lastLines(readFileSync(log, 'utf8'), 1)[0] ?? 'it ended'),
    );
  });
  return { name, child, failure, directories };
}

/** Resolves when a process is in its network and in all of its cgroups. */
export async function untilJoined({ name, child, failure, directories }) {
  const deadline = Date.now() + JOIN_TIMEOUT_MS;
  const joined = () =>
    directories.every(directory => processesIn(directory).includes(child.pid));
  while (!joined()) {
    const reason = await Promise.race([failure, sleep(10)]);
    if (reason) {
      throw new Problem(`The demo's process ${name} did not start: ${reason}`);
    }
    if (Date.now() > deadline) {
      throw new Problem(
        `The demo's process ${name} did not join its cgroups within ${JOIN_TIMEOUT_MS / 1000} s.`,
      );
    }
  }
  child.removeAllListeners();
}

/** Processes of a cgroup, by name. */
export const namesIn = directory =>
  new Map(processesIn(directory).map(pid => [commandName(pid), pid]));

/** The name of a process; undefined when it has just ended. */
function commandName(pid) {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return undefined;
    throw error;
  }
}

function networkArguments(network) {
  if (network === HOST_NETWORK) return [];
  if (network === OWN_NETWORK) return ['--own-network'];
  return ['--network', networkFile(network)];
}

function patternArguments(pattern) {
  if (!pattern) return [];
  return [
    '--threads',
    String(pattern.threads),
    '--every-us',
    String(pattern.everyUs),
    '--work-us',
    String(pattern.workUs),
    '--phase-us',
    String(pattern.phaseUs ?? 0),
    ...(pattern.together ? ['--together'] : []),
  ];
}

/** `addressOf` tells where another service is. */
function serveArguments(serve, address, addressOf) {
  if (!serve) return [];
  return [
    '--serve',
    address,
    '--serve-threads',
    String(serve.threads),
    '--serve-us',
    String(serve.workUs),
    ...(serve.call
      ? ['--call', addressOf(serve.call), '--call-every', String(serve.every)]
      : []),
  ];
}

function sendArguments(send, addressOf) {
  if (!send) return [];
  return ['--send', addressOf(send.to), '--buffer', String(send.bufferBytes)];
}
