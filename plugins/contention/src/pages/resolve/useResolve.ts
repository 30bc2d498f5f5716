/** Asks the backend once for each question, and again when the reader wants. */
import { useEffect, useState } from 'react';
import { useApi } from '@backstage/core-plugin-api';
import type {
  ResolveAnswer,
  ResolveQuestion,
} from 'backstage-plugin-contention-common';
import { contentionApiRef } from '../../api';

export type Resolved =
  | { state: 'asking' }
  | { state: 'answered'; answer: ResolveAnswer }
  | { state: 'failed'; error: unknown };

export function useResolve(question: ResolveQuestion): {
  resolved: Resolved;
  askAgain(): void;
} {
  const api = useApi(contentionApiRef);
  const [round, setRound] = useState(0);
  const [resolved, setResolved] = useState<Resolved>({ state: 'asking' });
  const text = JSON.stringify(question);
  useEffect(() => {
    const controller = new AbortController();
    setResolved({ state: 'asking' });
    api.resolve(JSON.parse(text), { signal: controller.signal }).then(
      answer => {
        if (!controller.signal.aborted) {
          setResolved({ state: 'answered', answer });
        }
      },
      error => {
        if (!controller.signal.aborted) setResolved({ state: 'failed', error });
      },
    );
    return () => controller.abort();
  }, [api, text, round]);
  return { resolved, askAgain: () => setRound(round + 1) };
}
