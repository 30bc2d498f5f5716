// Whether this machine can be measured at all. Each refusal is one sentence that says what to do.
import { existsSync } from 'node:fs';
import { Problem } from './say.mjs';

/** Throws a Problem when the kernel programs cannot be loaded here. */
export function requireMeasurableHost() {
  if (process.platform !== 'linux') {
    throw new Problem(
      `Contention measures the Linux kernel and runs only on Linux, not on ${process.platform}. Use a Linux machine or virtual machine.`,
    );
  }
  if (process.getuid() !== 0) {
    throw new Problem(
      'Loading programs into the kernel needs root. Run it as root: sudo env "PATH=$PATH" npm start',
    );
  }
  if (!existsSync('/sys/kernel/btf/vmlinux')) {
    throw new Problem(
      'This kernel has no type information (/sys/kernel/btf/vmlinux is missing), which the kernel programs need. Boot a kernel that was built with CONFIG_DEBUG_INFO_BTF, as those of Debian 11, Ubuntu 20.10 and later are.',
    );
  }
}
