/** One call that changes something: under way or not, and why it failed. What was typed is the caller's and stays. */
import { useCallback, useState } from 'react';
import { describeFailure, type Failure } from '../report/failure';

export interface Sending {
  isSending: boolean;
  failure?: Failure;
  /** Resolves to undefined where the call failed: `failure` then says why. */
  send<T>(call: () => Promise<T>): Promise<T | undefined>;
}

export function useSending(): Sending {
  const [isSending, setSending] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const send = useCallback(async <T>(call: () => Promise<T>) => {
    setSending(true);
    setFailure(undefined);
    try {
      return await call();
    } catch (error) {
      setFailure(describeFailure(error));
      return undefined;
    } finally {
      setSending(false);
    }
  }, []);
  return { isSending, failure, send };
}
