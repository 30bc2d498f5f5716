// The cgroup hierarchies of this host: each v1 controller's, the unified one, or both.
import { readFileSync } from 'node:fs';

/**
 * Hierarchies named in the text of /proc/self/mountinfo: `{version, mount, controllers}`. Controllers of a v1 hierarchy
 * are those it was mounted with (`cpu`, `name=systemd`); those of the unified one are not in this file, and empty.
 * Mounted twice, a hierarchy counts once.
 */
export function parseHierarchies(mountinfo) {
  const found = new Map();
  for (const line of mountinfo.split('\n')) {
    const [before, after] = line.split(' - ');
    if (!after) continue;
    const [, , device, , mountPoint] = before.split(' ');
    const [type, , superOptions] = after.split(' ');
    if (type !== 'cgroup' && type !== 'cgroup2') continue;
    if (found.has(device)) continue;
    const mount = mountPoint.replace(/\\(\d{3})/g, (_, octal) =>
      String.fromCharCode(parseInt(octal, 8)),
    );
    found.set(device, {
      version: type === 'cgroup2' ? 2 : 1,
      mount,
      controllers:
        type === 'cgroup2'
          ? []
          : superOptions
              .split(',')
              .filter(option => !NO_CONTROLLER.test(option)),
    });
  }
  return [...found.values()];
}

const NO_CONTROLLER =
  /^(rw|ro|xattr|clone_children|noprefix|cpuset_v2_mode|favordynmods|release_agent=.*)$/;

/** Hierarchies of this host, the unified one with the controllers it has. */
export function readHierarchies() {
  return parseHierarchies(readFileSync('/proc/self/mountinfo', 'utf8')).map(
    hierarchy =>
      hierarchy.version === 1
        ? hierarchy
        : {
            ...hierarchy,
            controllers: readFileSync(
              `${hierarchy.mount}/cgroup.controllers`,
              'utf8',
            )
              .trim()
              .split(' ')
              .filter(name => name !== ''),
          },
  );
}
