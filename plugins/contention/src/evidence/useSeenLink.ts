/**
 * Tells the backend that a link was opened, so that what it shows is kept, and asks a few times whether it has been: freezing
 * takes a while.
 */
import { useEffect, useState } from 'react';
import { useApi } from '@backstage/core-plugin-api';
import type {
  EvidenceSeen,
  EvidenceSeenRequest,
} from 'backstage-plugin-contention-common';
import { contentionApiRef } from '../api';
import { describeFailure, type Failure } from '../report/failure';

export interface SeenLink {
  seen?: EvidenceSeen;
  failure?: Failure;
}

/** After so many milliseconds, and twice as long after each further attempt. */
const ASK_AGAIN = 10_000;
const MOST_ATTEMPTS = 8;

/** `link`: undefined where no link was opened. */
export function useSeenLink(link: EvidenceSeenRequest | undefined): SeenLink {
  const api = useApi(contentionApiRef);
  const [state, setState] = useState<SeenLink & { about?: string }>({});
  const about = link && JSON.stringify(link);
  useEffect(() => {
    if (about === undefined) return undefined;
    const controller = new AbortController();
    const { signal } = controller;
    let timer: ReturnType<typeof setTimeout>;
    const ask = async (attempt: number) => {
      try {
        const seen = await api.evidenceSeen(JSON.parse(about), { signal });
        if (signal.aborted) return;
        setState({ about, seen });
        if (seen.state === 'pending' && attempt < MOST_ATTEMPTS) {
          timer = setTimeout(
            () => ask(attempt + 1),
            ASK_AGAIN * 2 ** (attempt - 1),
          );
        }
      } catch (error) {
        if (!signal.aborted) {
          setState({ about, failure: describeFailure(error) });
        }
      }
    };
    ask(1);
    return () => {
      controller.abort();
      clearTimeout(timer);
    };
  }, [api, about]);
  return about !== undefined && state.about === about ? state : {};
}
