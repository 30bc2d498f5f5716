import { act, renderHook, waitFor } from '@testing-library/react';
import { useReport } from './useReport';

/** Calls that are answered by hand. */
function calls() {
  const pending: Array<{
    signal: AbortSignal;
    answer(report: string): void;
    fail(error: Error): void;
  }> = [];
  const ask = (signal: AbortSignal) =>
    new Promise<string>((resolve, reject) => {
      pending.push({ signal, answer: resolve, fail: reject });
    });
  return { pending, ask };
}

function setHidden(hidden: boolean) {
  Object.defineProperty(document, 'hidden', {
    value: hidden,
    configurable: true,
  });
  document.dispatchEvent(new Event('visibilitychange'));
}

afterEach(() => {
  jest.useRealTimers();
  setHidden(false);
});

describe('loading a report', () => {
  it('keeps the old answer while another range loads, and drops it for another subject', async () => {
    const { pending, ask } = calls();
    const { result, rerender } = renderHook(props => useReport(props), {
      initialProps: { subject: 'a', range: '1h', ask },
    });
    await act(async () => pending[0].answer('first'));
    expect(result.current.report).toBe('first');

    rerender({ subject: 'a', range: '6h', ask });
    expect(result.current).toMatchObject({
      report: 'first',
      loading: true,
      isCatchingUp: true,
    });

    rerender({ subject: 'b', range: '6h', ask });
    expect(result.current.report).toBeUndefined();
    await act(async () => pending[pending.length - 1].answer('of b'));
    expect(result.current).toMatchObject({ report: 'of b', loading: false });
  });

  it('ignores an answer that was overtaken, and aborts its call', async () => {
    const { pending, ask } = calls();
    const { result, rerender } = renderHook(props => useReport(props), {
      initialProps: { subject: 'a', range: '1h', ask },
    });
    rerender({ subject: 'a', range: '6h', ask });
    expect(pending[0].signal.aborted).toBe(true);
    await act(async () => pending[1].answer('new'));
    await act(async () => pending[0].answer('late'));
    expect(result.current.report).toBe('new');
  });

  it('keeps the old answer beside the error', async () => {
    const { pending, ask } = calls();
    const { result } = renderHook(() =>
      useReport({ subject: 'a', range: '1h', ask }),
    );
    await act(async () => pending[0].answer('old'));
    act(() => result.current.refresh());
    await act(async () => pending[1].fail(new Error('no')));
    expect(result.current.report).toBe('old');
    expect(result.current.error).toEqual(new Error('no'));
  });

  it('asks again by itself, not while nobody looks, and at once when somebody looks again', async () => {
    jest.useFakeTimers();
    const { pending, ask } = calls();
    renderHook(() =>
      useReport({ subject: 'a', range: '1h', refreshMs: 10_000, ask }),
    );
    await act(async () => pending[0].answer('1'));
    await act(async () => jest.advanceTimersByTime(10_000));
    expect(pending).toHaveLength(2);
    await act(async () => pending[1].answer('2'));

    setHidden(true);
    await act(async () => jest.advanceTimersByTime(60_000));
    expect(pending).toHaveLength(2);
    await act(async () => setHidden(false));
    expect(pending).toHaveLength(3);
  });

  it('asks again by itself after a failure that came at once', async () => {
    jest.useFakeTimers();
    const ask = jest.fn(() => Promise.reject(new Error('no')));
    renderHook(() =>
      useReport({ subject: 'a', range: '1h', refreshMs: 10_000, ask }),
    );
    await act(async () => {});
    for (const times of [2, 3, 4]) {
      await act(async () => {
        await jest.advanceTimersByTimeAsync(10_000);
      });
      expect(ask).toHaveBeenCalledTimes(times);
    }
  });

  it('does not pile calls up when answers are slow', async () => {
    jest.useFakeTimers();
    const { pending, ask } = calls();
    renderHook(() =>
      useReport({ subject: 'a', range: '1h', refreshMs: 10_000, ask }),
    );
    await act(async () => jest.advanceTimersByTime(60_000));
    expect(pending).toHaveLength(1);
  });

  it('stops asking when it is gone', async () => {
    const { pending, ask } = calls();
    const { unmount } = renderHook(() =>
      useReport({ subject: 'a', range: '1h', ask }),
    );
    unmount();
    await waitFor(() => expect(pending[0].signal.aborted).toBe(true));
  });
});
