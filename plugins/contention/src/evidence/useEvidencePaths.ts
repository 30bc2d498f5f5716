/** Where the pages of evidence are in this portal, as paths and as addresses to send. */
import { useMemo } from 'react';
import {
  useRouteRef,
  type AnyParams,
  type RouteFunc,
  type SubRouteRef,
} from '@backstage/core-plugin-api';
import { TAB_PATH, type Tab } from '../report/links';
import { evidenceListRouteRef, evidenceRouteRef } from '../routes';

export interface EvidencePaths {
  record(id: string, tab?: Tab, search?: Record<string, string>): string;
  listOf(entityRef: string): string;
}

/** Undefined where the portal has not mounted the plugin's own pages. */
export function useEvidencePaths(): EvidencePaths | undefined {
  const record = useMounted(evidenceRouteRef);
  const list = useMounted(evidenceListRouteRef)?.();
  return useMemo(
    () =>
      (record &&
        list !== undefined && {
          record: (id, tab, search) =>
            [
              record({ id }),
              tab ? `/${TAB_PATH[tab]}` : '',
              search ? `?${new URLSearchParams(search)}` : '',
            ].join(''),
          listOf: entityRef =>
            `${list}?${new URLSearchParams({ entity: entityRef })}`,
        }) ||
      undefined,
    [record, list],
  );
}

/** A route function, or undefined where the route is mounted nowhere: the hook throws then, after its own hooks ran. */
function useMounted<Params extends AnyParams>(
  routeRef: SubRouteRef<Params>,
): RouteFunc<Params> | undefined {
  try {
    return useRouteRef(routeRef);
  } catch {
    return undefined;
  }
}

/** A path as an address that works in a ticket. */
export function absoluteAddress(path: string): string {
  return new URL(path, window.location.href).toString();
}
