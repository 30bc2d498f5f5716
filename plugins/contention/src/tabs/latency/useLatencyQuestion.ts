/** Which requests the tab is of, kept in the URL: those it gets or those it sends, and what of them is selected. */
import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';
import type {
  LatencyOptions,
  RequestRole,
} from 'backstage-plugin-contention-common';
import type { Durations, Selection } from '../../charts/layout/selection';
import type { Stretch } from '../../charts/layout/windows';
import { readRange, resolveRange } from '../../range/range';
import { useRecord } from '../../report/ReportSource';

export interface LatencyQuestion {
  role: RequestRole;
  /** What is outside the range is not selected. */
  selection: Selection;
  options: LatencyOptions;
  setRole(role: RequestRole): void;
  /** Absent: nothing can be selected, as in a record. */
  select?(selection: Selection): void;
}

const NAMES = ['selectFrom', 'selectTo', 'bandFrom', 'bandTo'] as const;

export function useLatencyQuestion(): LatencyQuestion {
  const isRecorded = useRecord() !== undefined;
  const [params, setParams] = useSearchParams();
  const role: RequestRole =
    params.get('role') === 'client' ? 'client' : 'server';
  const selection = useMemo(
    () =>
      isRecorded
        ? {}
        : readSelection(params, resolveRange(readRange(params, now()), now())),
    [params, isRecorded],
  );
  const setRole = useCallback(
    (next: RequestRole) =>
      setParams(previous => {
        const changed = withSelection(previous, {});
        if (next === 'client') changed.set('role', next);
        else changed.delete('role');
        return changed;
      }),
    [setParams],
  );
  const select = useCallback(
    (next: Selection) => setParams(previous => withSelection(previous, next)),
    [setParams],
  );
  return useMemo(
    () => ({
      role,
      selection,
      options: optionsOf(role, selection),
      setRole,
      select: isRecorded ? undefined : select,
    }),
    [role, selection, setRole, select, isRecorded],
  );
}

function now(): number {
  return Date.now();
}

/** What the address says, as far as it lies in the range; all of the range is no selection. */
export function readSelection(
  params: URLSearchParams,
  range: Stretch,
): Selection {
  const number = (name: (typeof NAMES)[number]) => {
    const text = params.get(name);
    const value = text === null ? NaN : Number(text);
    return Number.isFinite(value) && value >= 0 ? value : undefined;
  };
  return {
    time: timeOf(number('selectFrom'), number('selectTo'), range),
    durations: durationsOf(number('bandFrom'), number('bandTo')),
  };
}

function timeOf(
  from: number | undefined,
  to: number | undefined,
  range: Stretch,
): Stretch | undefined {
  if (from === undefined || to === undefined) return undefined;
  const inside = {
    from: Math.max(from, range.from),
    to: Math.min(to, range.to),
  };
  if (inside.from >= inside.to) return undefined;
  const isAll = inside.from === range.from && inside.to === range.to;
  return isAll ? undefined : inside;
}

function durationsOf(
  fromSeconds = 0,
  toSeconds: number | undefined,
): Durations | undefined {
  if (toSeconds === undefined) {
    return fromSeconds > 0 ? { fromSeconds } : undefined;
  }
  return fromSeconds < toSeconds ? { fromSeconds, toSeconds } : undefined;
}

export function withSelection(
  params: URLSearchParams,
  { time, durations }: Selection,
): URLSearchParams {
  const next = new URLSearchParams(params);
  const values = [
    time && Math.round(time.from),
    time && Math.round(time.to),
    durations?.fromSeconds || undefined,
    durations?.toSeconds,
  ];
  NAMES.forEach((name, index) => {
    const value = values[index];
    if (value === undefined) next.delete(name);
    else next.set(name, String(value));
  });
  return next;
}

function optionsOf(
  role: RequestRole,
  { time, durations }: Selection,
): LatencyOptions {
  return {
    role,
    selectFrom: time?.from,
    selectTo: time?.to,
    bandFromSeconds: durations?.fromSeconds || undefined,
    bandToSeconds: durations?.toSeconds,
  };
}
