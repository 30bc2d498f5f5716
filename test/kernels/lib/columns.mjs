// The kernels that are tried: this machine's own, and Debian's in a guest. A column runs the scenario program with the
// sensor and returns what it reported; it judges nothing.
import { spawn } from 'node:child_process';
import os from 'node:os';
import { inCheckout } from '../../../scripts/lib/checkout.mjs';
import { findCommand } from '../../../scripts/lib/debian-packages.mjs';
import { Problem } from '../../../scripts/lib/say.mjs';
import { debianKernel } from './debianKernel.mjs';
import { runGuest } from './guest.mjs';
import { initramfs } from './initramfs.mjs';

const scenarioProgram = inCheckout('test/kernels/guest/build/scenarios');

/** Seconds that a scenario takes besides its load, at the most. Emulation needs a minute or more to verify the programs. */
const SLACK = { perScenario: 20, start: 400 };

/** This machine's kernel: `{name, run}`; `run({sensor, seconds, names})` resolves to `{lines, said}`. */
export const hostColumn = () => ({
  name: `${series(os.release())} (this host)`,
  run: runHere,
});

/** A Debian kernel of a series such as `6.1`, emulated. */
export const guestColumn = kernelSeries => ({
  name: `${kernelSeries} (QEMU/TCG)`,
  run: options => runThere(kernelSeries, options),
});

const series = release => release.split('.').slice(0, 2).join('.');

const timeoutSeconds = ({ seconds, names }) =>
  SLACK.start + names.length * (seconds + SLACK.perScenario);

async function runHere({ sensor, seconds, names }) {
  if (process.getuid() !== 0) {
    throw new Problem(
      'Only root may make cgroups and load kernel programs: run this with sudo.',
    );
  }
  const program = spawn(scenarioProgram, [sensor, String(seconds), ...names], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutSeconds({ seconds, names }) * 1000,
    killSignal: 'SIGKILL',
  });
  const [output, said] = await Promise.all([
    textOf(program.stdout),
    textOf(program.stderr),
    new Promise((resolve, reject) => {
      program.once('error', reject);
      program.once('close', resolve);
    }),
  ]);
  return { lines: output.split('\n').filter(Boolean), said };
}

async function runThere(kernelSeries, { sensor, seconds, names }) {
  const { vmlinuz, modules } = debianKernel(kernelSeries);
  const { lines, console, timedOut } = await runGuest({
    vmlinuz,
    archive: initramfs(
      scenarioProgram,
      { '/bin/contention-sensor': sensor, ...tools() },
      modules,
    ),
    words: [`seconds=${seconds}`, `scenarios=${names.join(',')}`],
    timeoutSeconds: timeoutSeconds({ seconds, names }),
  });
  return {
    lines,
    said: timedOut ? `${console}\nThe guest took too long.` : console,
  };
}

/** This machine's commands that the scenarios of networks use, as files of a guest. */
function tools() {
  return Object.fromEntries(
    ['ip', 'tc', 'nft'].map(name => {
      const path = findCommand(name);
      if (!path) {
        throw new Problem(
          `There is no ${name} here: apt-get install iproute2 nftables.`,
        );
      }
      return [`/bin/${name}`, path];
    }),
  );
}

async function textOf(stream) {
  let text = '';
  stream.setEncoding('utf8');
  for await (const piece of stream) text += piece;
  return text;
}
