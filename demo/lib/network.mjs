// Carries out the plan of the demo's network in namespaces that processes hold. They have no name and no file: when their
// processes end, the kernel removes them with all of their devices and queues. The host's own network is not touched.
import { spawnSync } from 'node:child_process';
import { lastLines } from '../../scripts/lib/child.mjs';
import { findCommand } from '../../scripts/lib/debian-packages.mjs';
import { Problem } from '../../scripts/lib/say.mjs';

/** Commands that are needed, and Debian's packages for them. */
const COMMANDS = { nsenter: 'util-linux', ip: 'iproute2', tc: 'iproute2' };

/** Throws a Problem that names a command that is missing. */
export function requireNetworkCommands() {
  for (const [name, debian] of Object.entries(COMMANDS)) {
    if (findCommand(name)) continue;
    throw new Problem(
      `The demo's network needs the command ${name} (Debian's package ${debian}), which this machine does not have. Install it, or start without the demo: npm start -- --no-demo`,
    );
  }
}

/** The network namespace of a process. */
export const networkFile = pid => `/proc/${pid}/ns/net`;

/** Does the steps of a plan in order. `pids` has by name a process in each namespace. */
export function carryOut(steps, pids) {
  for (const step of steps) {
    const { in: where, command, lines, needs } = step;
    runInside(
      pids[where],
      [findCommand(command), '-batch', '-'],
      `${lines.join('\n')}\n`,
      needs,
    );
  }
}

/** Makes a namespace pass on packets that are not for itself. */
export function forwardPackets(pid) {
  runInside(
    pid,
    ['/bin/sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward'],
    '',
    'IPv4 forwarding, or /proc/sys is read-only here',
  );
}

function runInside(pid, commandLine, input, needs) {
  const { status, error, stderr, stdout } = spawnSync(
    findCommand('nsenter'),
    [`--net=${networkFile(pid)}`, ...commandLine],
    { input, encoding: 'utf8' },
  );
  if (error) throw error;
  if (status === 0) return;
  throw new Problem(networkSentence(needs, `${stdout}\n${stderr}`));
}

/** The sentence for a step that failed: what it `needs` of the kernel, and what the command said. */
export function networkSentence(needs, output) {
  const said = lastLines(output, 3)
    .filter(line => !line.startsWith('Command failed'))
    .join(' ');
  return `The demo needs ${needs}, and cannot make its network here: ${said} Without the demo it goes on: npm start -- --no-demo`;
}
