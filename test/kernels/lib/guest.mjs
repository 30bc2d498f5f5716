// Boots a kernel in QEMU without hardware virtualisation, which works everywhere, and returns what it said on its second
// serial line. Knows nothing about scenarios.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findCommand } from '../../../scripts/lib/debian-packages.mjs';
import { Problem } from '../../../scripts/lib/say.mjs';

const EMULATOR = 'qemu-system-x86_64';

/**
 * Boots `vmlinuz` with `archive` (a Buffer) and `words` on its command line, and waits until it is switched off.
 * Resolves to `{lines, console, timedOut}`.
 */
export async function runGuest({ vmlinuz, archive, words, timeoutSeconds }) {
  if (!findCommand(EMULATOR)) {
    throw new Problem(
      `There is no ${EMULATOR} here: apt-get install qemu-system-x86.`,
    );
  }
  const folder = mkdtempSync(join(tmpdir(), 'contention-guest-'));
  const initrd = join(folder, 'initramfs.gz');
  const linesFile = join(folder, 'lines');
  writeFileSync(initrd, archive);
  writeFileSync(linesFile, '');
  try {
    const emulator = spawn(
      EMULATOR,
      [
        ...['-accel', 'tcg,thread=multi', '-cpu', 'max'],
        // Many more CPUs are possible than there are, as on machines that could be given more.
        ...['-smp', '2,maxcpus=64'],
        ...['-m', '512M', '-nographic', '-no-reboot', '-nodefaults'],
        ...['-kernel', vmlinuz, '-initrd', initrd],
        ...['-serial', 'stdio', '-serial', `file:${linesFile}`],
        '-append',
        ['console=ttyS0', 'panic=-1', 'loglevel=4', ...words].join(' '),
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let console = '';
    for (const stream of [emulator.stdout, emulator.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', text => {
        console += text;
      });
    }
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      emulator.kill('SIGKILL');
    }, timeoutSeconds * 1000);
    await new Promise((resolve, reject) => {
      emulator.once('error', reject);
      emulator.once('close', resolve);
    });
    clearTimeout(timer);
    const lines = readFileSync(linesFile, 'utf8').split('\n').filter(Boolean);
    return { lines, console, timedOut };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
