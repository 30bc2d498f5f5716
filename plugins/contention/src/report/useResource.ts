/** What the page is of: CPUs or the network, as `resource` in the address says; the default needs none. */
import { useCallback } from 'react';
import { useSearchParams } from 'react-router-dom';
import type { Resource } from 'backstage-plugin-contention-common';

/** @param dropped - parameters that mean nothing after a change, such as a device or a page of a list */
export function useResource(dropped: readonly string[] = []): {
  resource: Resource;
  setResource(resource: Resource): void;
} {
  const [params, setParams] = useSearchParams();
  const resource = params.get('resource') === 'network' ? 'network' : 'cpu';
  const names = dropped.join();
  const setResource = useCallback(
    (next: Resource) =>
      setParams(previous => {
        const changed = new URLSearchParams(previous);
        for (const name of ['resource', ...names.split(',')]) {
          changed.delete(name);
        }
        for (const [name, value] of Object.entries(resourceParams(next))) {
          changed.set(name, value);
        }
        return changed;
      }),
    [setParams, names],
  );
  return { resource, setResource };
}

/** Search parameters of a resource. */
export function resourceParams(resource: Resource): Record<string, string> {
  return resource === 'network' ? { resource } : {};
}
