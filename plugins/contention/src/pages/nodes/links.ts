/** Links to the page of a node, at the minute that is of interest. */
import { useCallback } from 'react';
import { useApiHolder } from '@backstage/core-plugin-api';
import { routeResolutionApiRef } from '@backstage/frontend-plugin-api';
import { useLocation } from 'react-router-dom';
import type { Resource, TimeAxis } from 'backstage-plugin-contention-common';
import { windowOf, type Stretch } from '../../charts/layout/windows';
import { searchFor } from '../../report/links';
import { useReportPage } from '../../report/ReportContext';
import { resourceParams } from '../../report/useResource';
import { nodeRouteRef } from '../../routes';

const MINUTE_MS = 60_000;

export interface Place {
  cluster: string;
  node: string;
}

/** The minute of the largest value, as far as it lies in the range; undefined: nothing has a value. */
export function worstMinute(
  axis: TimeAxis,
  values: ReadonlyArray<number | null>,
  range: Stretch,
): Stretch | undefined {
  let worst = -1;
  values.forEach((value, index) => {
    if ((value ?? 0) > (values[worst] ?? 0)) worst = index;
  });
  if (worst < 0) return undefined;
  const window = windowOf(axis, worst);
  const from = Math.floor(window.from / MINUTE_MS) * MINUTE_MS;
  const to = Math.max(window.to, from + MINUTE_MS);
  return { from: Math.max(from, range.from), to: Math.min(to, range.to) };
}

/**
 * The path of a node's page in a range; undefined where the portal has left the plugin's pages out, or is on the legacy
 * frontend system, which resolves no such references.
 */
export function useNodePath():
  | ((
      place: Place,
      shown: Stretch,
      chosen?: Stretch,
      resource?: Resource,
    ) => string)
  | undefined {
  const { pathname } = useLocation();
  const route = useApiHolder()
    .get(routeResolutionApiRef)
    ?.resolve(nodeRouteRef, { sourcePath: pathname });
  const path = useCallback(
    (
      { cluster, node }: Place,
      shown: Stretch,
      chosen?: Stretch,
      resource: Resource = 'cpu',
    ) => {
      const extra = {
        ...resourceParams(resource),
        ...(chosen && {
          selectFrom: String(Math.round(chosen.from)),
          selectTo: String(Math.round(chosen.to)),
        }),
      };
      return `${route?.({ cluster, node })}${searchFor(shown, undefined, extra)}`;
    },
    [route],
  );
  return route ? path : undefined;
}

/** The same, in the range that the page around shows. */
export function useNodeLink():
  | ((place: Place, chosen?: Stretch, resource?: Resource) => string)
  | undefined {
  const path = useNodePath();
  const { shown } = useReportPage();
  const link = useCallback(
    (place: Place, chosen?: Stretch, resource?: Resource) =>
      path?.(place, shown, chosen, resource) ?? '',
    [path, shown],
  );
  return path ? link : undefined;
}
