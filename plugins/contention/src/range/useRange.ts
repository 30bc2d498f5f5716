/** The range and the cluster, kept in the URL so that "back" works and a link shows what its sender saw. */
import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';
import {
  absoluteRange,
  isLive,
  readRange,
  withRange,
  type RangeSpec,
} from './range';

export interface RangeState {
  spec: RangeSpec;
  live: boolean;
  cluster?: string;
  setSpec(spec: RangeSpec): void;
  /** Zoom: an absolute range, epoch milliseconds. A step that "back" undoes. */
  zoomTo(fromMs: number, toMs: number): void;
  setCluster(cluster: string | undefined): void;
}

export function useRange(): RangeState {
  const [params, setParams] = useSearchParams();
  const spec = useMemo(() => readRange(params, Date.now()), [params]);
  const cluster = params.get('cluster') ?? undefined;

  const setSpec = useCallback(
    (next: RangeSpec) => setParams(previous => withRange(previous, next)),
    [setParams],
  );
  const zoomTo = useCallback(
    (fromMs: number, toMs: number) => setSpec(absoluteRange(fromMs, toMs)),
    [setSpec],
  );
  const setCluster = useCallback(
    (next: string | undefined) =>
      setParams(previous => {
        const changed = new URLSearchParams(previous);
        if (next) changed.set('cluster', next);
        else changed.delete('cluster');
        return changed;
      }),
    [setParams],
  );
  return useMemo(
    () => ({ spec, live: isLive(spec), cluster, setSpec, zoomTo, setCluster }),
    [spec, cluster, setSpec, zoomTo, setCluster],
  );
}
