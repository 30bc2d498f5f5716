/** The stretch of time that the matrix is of, kept in the URL: `selectFrom` and `selectTo`, epoch milliseconds. */
import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';
import type { Stretch } from '../../charts/layout/windows';
import {
  readSelection,
  withSelection,
} from '../../tabs/latency/useLatencyQuestion';

export interface Chosen {
  /** Absent: all of the range. */
  chosen?: Stretch;
  /** `replace`: "back" does not undo it, as while playing. */
  choose(stretch: Stretch | undefined, replace?: boolean): void;
}

export function useChosen(shown: Stretch): Chosen {
  const [params, setParams] = useSearchParams();
  const { from, to } = shown;
  const chosen = useMemo(
    () => readSelection(params, { from, to }).time,
    [params, from, to],
  );
  const choose = useCallback(
    (stretch: Stretch | undefined, replace = false) =>
      setParams(previous => withSelection(previous, { time: stretch }), {
        replace,
      }),
    [setParams],
  );
  return useMemo(() => ({ chosen, choose }), [chosen, choose]);
}
