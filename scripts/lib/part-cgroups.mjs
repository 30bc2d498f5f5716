// Cgroups of the host's own for the programs of a run, so that the portal's tables name them one by one, and not all as
// "other processes of the host".
import { makeCgroup, removeCgroup } from '../../demo/lib/cgroups.mjs';
import { readHierarchies } from '../../demo/lib/hierarchies.mjs';
import { instanceOf } from '../../demo/lib/identity.mjs';

/** Those of the run in `folder`. */
export class PartCgroups {
  constructor(folder) {
    this.path = `contention-${instanceOf(folder)}`;
    this.hierarchies = readHierarchies();
  }

  /** Makes the cgroup of a part; returns its directory in every hierarchy. */
  make(name) {
    return this.hierarchies.map(hierarchy =>
      makeCgroup(hierarchy, `${this.path}/${name}`),
    );
  }

  /** Removes them all, with whatever still runs in them. */
  async remove() {
    await removeCgroup(this.hierarchies, this.path);
  }
}
