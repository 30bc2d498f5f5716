/**
 * Loads a report and keeps it fresh. Old data stays while newer data loads, and when loading fails; it is dropped only
 * when the question changes to another subject. Knows nothing of what is in a report.
 */
import { useCallback, useEffect, useReducer, useRef } from 'react';

export interface ReportQuestion<R> {
  /** Another subject (entity, direction, cluster): the old answer is of no use any more. */
  subject: string;
  /** Another range of the same subject: the old answer stays until the new one is there. */
  range: string;
  /** How often to ask again while the page is visible; undefined: never. */
  refreshMs?: number;
  ask(signal: AbortSignal): Promise<R>;
}

export interface ReportAnswer<R> {
  report?: R;
  /** Epoch milliseconds at which `report` arrived. */
  receivedAtMs?: number;
  /** Why the newest attempt failed; beside it, `report` may still be an older answer. */
  error?: unknown;
  loading: boolean;
  /** `report` answers the range before; the new answer is on its way. */
  isCatchingUp: boolean;
  refresh(): void;
}

interface State<R> {
  subject: string;
  /** The range that `report` answers. */
  range?: string;
  report?: R;
  receivedAtMs?: number;
  error?: unknown;
  loading: boolean;
  /** How many attempts came to an end, well or not. */
  attempts: number;
}

type Event<R> =
  | { type: 'asked'; subject: string }
  | {
      type: 'answered';
      subject: string;
      range: string;
      report: R;
      atMs: number;
    }
  | { type: 'failed'; subject: string; error: unknown };

function reduce<R>(state: State<R>, event: Event<R>): State<R> {
  const current =
    state.subject === event.subject
      ? state
      : { subject: event.subject, loading: true, attempts: state.attempts };
  switch (event.type) {
    case 'asked':
      return { ...current, loading: true };
    case 'answered':
      return {
        subject: event.subject,
        range: event.range,
        report: event.report,
        receivedAtMs: event.atMs,
        loading: false,
        attempts: current.attempts + 1,
      };
    default:
      return {
        ...current,
        error: event.error,
        loading: false,
        attempts: current.attempts + 1,
      };
  }
}

export function useReport<R>(question: ReportQuestion<R>): ReportAnswer<R> {
  const { subject, range, refreshMs } = question;
  const [state, dispatch] = useReducer(
    reduce as (state: State<R>, event: Event<R>) => State<R>,
    { subject, loading: true, attempts: 0 },
  );
  const askRef = useRef(question.ask);
  askRef.current = question.ask;
  // An answer to an older range is ignored, so that the newest range is the one that was asked for.
  const rangeRef = useRef(range);
  rangeRef.current = range;
  const controllerRef = useRef<AbortController>();

  const refresh = useCallback(() => {
    controllerRef.current?.abort();
    const controller = new AbortController();
    controllerRef.current = controller;
    dispatch({ type: 'asked', subject });
    askRef.current(controller.signal).then(
      report => {
        if (controller.signal.aborted) return;
        dispatch({
          type: 'answered',
          subject,
          range: rangeRef.current,
          report,
          atMs: Date.now(),
        });
      },
      error => {
        if (controller.signal.aborted) return;
        dispatch({ type: 'failed', subject, error });
      },
    );
  }, [subject]);

  useEffect(() => {
    refresh();
    return () => controllerRef.current?.abort();
  }, [refresh, range]);

  useRepeatWhileVisible(
    refresh,
    state.loading ? undefined : refreshMs,
    state.attempts,
  );

  // Between the change of subject and the effect above, the state is still the old subject's.
  const fresh = state.subject === subject;
  return {
    report: fresh ? state.report : undefined,
    receivedAtMs: fresh ? state.receivedAtMs : undefined,
    error: fresh ? state.error : undefined,
    loading: fresh ? state.loading : true,
    isCatchingUp: fresh && state.report !== undefined && state.range !== range,
    refresh,
  };
}

/**
 * Calls back after the delay, but only while somebody looks; what fell due in the meantime happens on return. Another
 * `attempt` starts the delay anew: one that failed at once is never seen as loading.
 */
function useRepeatWhileVisible(
  action: () => void,
  delayMs: number | undefined,
  attempt: number,
) {
  useEffect(() => {
    if (delayMs === undefined) return undefined;
    let due = false;
    const timer = setTimeout(() => {
      if (document.hidden) due = true;
      else action();
    }, delayMs);
    const onVisible = () => {
      if (due && !document.hidden) action();
    };
    document.addEventListener('visibilitychange', onVisible);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onVisible);
    };
  }, [action, delayMs, attempt]);
}
