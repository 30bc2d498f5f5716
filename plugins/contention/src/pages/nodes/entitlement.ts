/** Whether somebody stayed within the CPU that it asked for, as a key of the plugin's words. */
import type { Culprit } from 'backstage-plugin-contention-common';

export function entitlementKey(entitlement: Culprit['entitlement']) {
  switch (entitlement) {
    case 'within':
      return 'nodes.within' as const;
    case 'over':
      return 'nodes.over' as const;
    default:
      return 'nodes.unknown' as const;
  }
}
