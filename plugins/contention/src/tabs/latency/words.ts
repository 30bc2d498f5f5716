/** What this tab calls things. */
import type {
  AnatomySum,
  ContainerRole,
  RequestRole,
} from 'backstage-plugin-contention-common';
import type { Selection } from '../../charts/layout/selection';
import { formatDurations, formatRange } from '../../format';

export const ROLE_WORDS: Record<
  RequestRole,
  { choice: string; title: string; anatomy: string; peer: string }
> = {
  server: {
    choice: 'Requests it gets',
    title: 'How long its requests took',
    anatomy: 'What its requests were made of',
    peer: 'Caller',
  },
  client: {
    choice: 'Requests it sends',
    title: 'How long the requests it sent took',
    anatomy: 'What the requests it sent were made of',
    peer: 'Called',
  },
};

export const SUM_WORDS: Record<AnatomySum['of'], string> = {
  'slowest-1': 'Slowest 1 %',
  'slowest-10': 'Slowest 10 %',
  all: 'All',
};

export const CONTAINER_WORDS: Record<ContainerRole, string> = {
  app: 'app',
  sidecar: 'sidecar',
  'mesh-proxy': 'mesh proxy',
};

export function isSelected({ time, durations }: Selection): boolean {
  return time !== undefined || durations !== undefined;
}

/** `21 Nov 10:02 – 10:14 UTC, 125 ms – 1 s` */
export function selectionText({ time, durations }: Selection): string {
  return [
    time && formatRange(time.from, time.to),
    durations && formatDurations(durations.fromSeconds, durations.toSeconds),
  ]
    .filter(Boolean)
    .join(', ');
}
