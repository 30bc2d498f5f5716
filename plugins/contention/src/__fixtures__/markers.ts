/** What changed at the fixtures' services. */
import type { Marker } from 'backstage-plugin-contention-common';
import type { Range } from './base';
import { episodeStart } from './neighbours';

const MINUTE_MS = 60_000;

function changesOf(name: string, nowMs: number): Marker[] {
  const startMs = episodeStart(nowMs);
  const workload = {
    cluster: 'demo',
    namespace: 'shop',
    kind: 'Deployment',
    name,
  };
  switch (name) {
    case 'checkout':
      return [
        {
          key: 'rollout',
          at: startMs - 31 * MINUTE_MS,
          kind: 'rollout',
          workload,
          text: 'rollout of shop/checkout (5c1a7 → 5d8f9)',
        },
        {
          key: 'image',
          at: startMs - 31 * MINUTE_MS + 4_000,
          kind: 'image',
          workload,
          text: 'image of app shop/checkout:41 → shop/checkout:42',
        },
        {
          key: 'restart',
          at: startMs - 9 * MINUTE_MS + 21_000,
          kind: 'restart',
          workload,
          text: 'mesh-proxy of checkout-5d8f9-tq7vd restarted',
        },
        {
          key: 'pods',
          at: startMs + 12 * MINUTE_MS,
          kind: 'pods',
          workload,
          text: '1 new pod of shop/checkout',
        },
      ];
    case 'inventory':
      return [
        {
          key: 'limit',
          at: startMs - 14 * MINUTE_MS,
          kind: 'limit',
          workload,
          text: 'CPU limit of mesh-proxy 0.8 → 0.5',
        },
      ];
    default:
      return [];
  }
}

export function markersOf(name: string, range: Range, nowMs: number): Marker[] {
  return changesOf(name, nowMs).filter(
    ({ at }) => at >= range.from && at <= range.to,
  );
}
