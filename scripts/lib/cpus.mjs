// Which CPUs the demo gets and which the portal gets, so that neither disturbs what the other shows.
import { readFileSync } from 'node:fs';

/** Numbers in a kernel list such as `0-3,8`. */
export function parseCpuList(text) {
  return text
    .trim()
    .split(',')
    .filter(range => range !== '')
    .flatMap(range => {
      const [first, last = first] = range.split('-').map(Number);
      return Array.from({ length: last - first + 1 }, (_, i) => first + i);
    });
}

/** CPUs that this process may use. */
export function readCpus() {
  const status = readFileSync('/proc/self/status', 'utf8');
  return parseCpuList(/^Cpus_allowed_list:\s*(.*)$/m.exec(status)[1]);
}

/**
 * The last CPU for the demo, the others for the portal, its backend and the agent; interrupts tend to be on the first.
 * With one CPU they share it.
 */
export function splitCpus(cpus) {
  const demo = cpus[cpus.length - 1];
  return { demo, portal: cpus.length > 1 ? cpus.slice(0, -1) : cpus };
}
