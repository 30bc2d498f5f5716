/** What this tab calls things: keys of words, and what is put together from them. */
import type {
  AnatomySum,
  ContainerRole,
  RequestRole,
} from 'backstage-plugin-contention-common';
import type { Selection } from '../../charts/layout/selection';
import { durationWords, formatDurations, formatRange } from '../../format';
import type { Words } from '../../translation';

export const ROLE_WORDS = {
  server: {
    choice: 'latency.getsChoice',
    title: 'latency.getsTitle',
    anatomy: 'latency.getsAnatomy',
    peer: 'latency.getsPeer',
  },
  client: {
    choice: 'latency.sendsChoice',
    title: 'latency.sendsTitle',
    anatomy: 'latency.sendsAnatomy',
    peer: 'latency.sendsPeer',
  },
} as const satisfies Record<RequestRole, object>;

export const SUM_WORDS = {
  'slowest-1': 'latency.slowest1',
  'slowest-10': 'latency.slowest10',
  all: 'latency.all',
} as const satisfies Record<AnatomySum['of'], string>;

export const CONTAINER_WORDS = {
  app: 'latency.app',
  sidecar: 'latency.sidecar',
  'mesh-proxy': 'latency.meshProxy',
} as const satisfies Record<ContainerRole, string>;

export function isSelected({ time, durations }: Selection): boolean {
  return time !== undefined || durations !== undefined;
}

/** `21 Nov 10:02 – 10:14 UTC, 125 ms – 1 s` */
export function selectionText(
  { time, durations }: Selection,
  t: Words,
): string {
  return [
    time && formatRange(time.from, time.to),
    durations &&
      formatDurations(
        durations.fromSeconds,
        durations.toSeconds,
        durationWords(t),
      ),
  ]
    .filter(Boolean)
    .join(', ');
}
