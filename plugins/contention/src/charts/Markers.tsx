/** What changed at the service, for every time line of a page: charts draw flags, a list says the same in words. */
import { createContext, useContext } from 'react';
import type { Marker } from 'backstage-plugin-contention-common';
import type { Words } from '../translation';

const MarkersContext = createContext<readonly Marker[]>([]);

export const MarkersProvider = MarkersContext.Provider;

export function useMarkers(): readonly Marker[] {
  return useContext(MarkersContext);
}

const WORDS = {
  rollout: 'charts.rollout',
  restart: 'charts.restart',
  pods: 'charts.pods',
  image: 'charts.image',
  limit: 'charts.cpuLimit',
  request: 'charts.cpuRequest',
} as const satisfies Record<Marker['kind'], string>;

/** One or two words for what kind of change it is. */
export function markerWord({ kind }: Marker, t: Words): string {
  return t(WORDS[kind]);
}
