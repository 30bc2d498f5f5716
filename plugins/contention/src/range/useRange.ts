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
  /** Absent: there is no other range, as in a record. */
  change?: RangeChanges;
}

export interface RangeChanges {
  setSpec(spec: RangeSpec): void;
  /** Zoom: an absolute range, epoch milliseconds. A step that "back" undoes. */
  zoomTo(fromMs: number, toMs: number): void;
  setCluster(cluster: string | undefined): void;
}

export interface FixedRange {
  /** Epoch milliseconds. */
  range: { from: number; to: number };
  cluster?: string;
}

/** `fixed`: what to show instead of what the URL says. */
export function useRange(entityRef: string, fixed?: FixedRange): RangeState {
  const [params, setParams] = useRememberedParams(entityRef, !fixed);
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
  const chosen = useMemo(
    () => ({
      spec,
      live: isLive(spec),
      cluster,
      change: { setSpec, zoomTo, setCluster },
    }),
    [spec, cluster, setSpec, zoomTo, setCluster],
  );
  return useMemo(() => (fixed ? rangeOf(fixed) : chosen), [fixed, chosen]);
}

function rangeOf({ range, cluster }: FixedRange): RangeState {
  return { spec: absoluteRange(range.from, range.to), live: false, cluster };
}

/** The URL's parameters; where they name no range, with the one that another tab of this entity showed. */
function useRememberedParams(entityRef: string, remembers: boolean) {
  const known = useApiHolder().get(rangeMemoryApiRef);
  const memory = remembers ? known : undefined;
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
