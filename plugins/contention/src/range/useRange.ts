/** The range and the cluster, kept in the URL so that "back" works and a link shows what its sender saw. */
import { useCallback, useEffect, useMemo } from 'react';
import { useApiHolder } from '@backstage/core-plugin-api';
import { useSearchParams } from 'react-router-dom';
import {
  absoluteRange,
  isLive,
  readRange,
  withRange,
  type RangeSpec,
} from './range';
import { rangeMemoryApiRef } from './rangeMemory';

export interface RangeState {
  spec: RangeSpec;
  live: boolean;
  cluster?: string;
  setSpec(spec: RangeSpec): void;
  /** Zoom: an absolute range, epoch milliseconds. A step that "back" undoes. */
  zoomTo(fromMs: number, toMs: number): void;
  setCluster(cluster: string | undefined): void;
}

export function useRange(entityRef: string): RangeState {
  const [params, setParams] = useRememberedParams(entityRef);
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

/** The URL's parameters; where they name no range, with the one that another tab of this entity showed. */
function useRememberedParams(entityRef: string) {
  const memory = useApiHolder().get(rangeMemoryApiRef);
  const [params, setParams] = useSearchParams();
  const complete = useMemo(() => {
    const remembered = memory?.recall(entityRef);
    if (params.has('from') || !remembered) return params;
    return new URLSearchParams({
      ...Object.fromEntries(params),
      ...remembered,
    });
  }, [params, memory, entityRef]);
  useEffect(() => {
    if (complete !== params) setParams(complete, { replace: true });
    const from = complete.get('from');
    if (!from) return;
    const cluster = complete.get('cluster');
    memory?.remember(entityRef, {
      from,
      to: complete.get('to') ?? 'now',
      ...(cluster && { cluster }),
    });
  }, [complete, params, setParams, memory, entityRef]);
  return [complete, setParams] as const;
}
