/** What changed at the service, for every time line of a page: charts draw flags, a list says the same in words. */
import { createContext, useContext } from 'react';
import type { Marker } from 'backstage-plugin-contention-common';

const MarkersContext = createContext<readonly Marker[]>([]);

export const MarkersProvider = MarkersContext.Provider;

export function useMarkers(): readonly Marker[] {
  return useContext(MarkersContext);
}

const WORDS: Record<Marker['kind'], string> = {
  rollout: 'rollout',
  restart: 'restart',
  pods: 'pods',
  image: 'image',
  limit: 'CPU limit',
  request: 'CPU request',
};

/** One or two words for what kind of change it is. */
export function markerWord({ kind }: Marker): string {
  return WORDS[kind];
}
