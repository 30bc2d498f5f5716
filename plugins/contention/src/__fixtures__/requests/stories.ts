/** What the fixtures' services do with requests: one story for each cause that the page must tell apart. */
import { episodeStart } from '../neighbours';
import { apart, neighbour } from '../parties';
import { sentence } from '../sentences';
import { around } from '../series';
import {
  lost,
  notKnown,
  own,
  queued,
  stopped,
  unread,
  upstream,
  waiting,
  type Population,
} from './populations';
import type { Place, Story } from './report';

function peer(name: string, port: number): Story['peer'] {
  return { address: '10.42.1.17', port, party: neighbour(name, 'shop') };
}

function placesOf(name: string): Place[] {
  return [
    {
      pod: `${name}-5d8f9-tq7vd`,
      node: 'node-a',
      container: 'app',
      share: 0.54,
      slower: 1.6,
    },
    {
      pod: `${name}-5d8f9-zl2mc`,
      node: 'node-b',
      container: 'app',
      share: 0.46,
      slower: 0.35,
    },
  ];
}

/** In front of the app of the first pod, or beside it. */
function beside(
  name: string,
  container: string,
  role: Place['role'],
  share: number,
): Place {
  return { ...placesOf(name)[0], container, role, share, slower: 1.03 };
}

/** Steady, and nothing to worry about. */
function steady(rate: number, medianSeconds: number): Population {
  return {
    rate: around(rate, 0.12, 71),
    medianSeconds,
    octaves: 0.7,
    parts: [own(0.8), upstream(0.15), unread(0.03), notKnown(0.02)],
  };
}

export function calmStory(name: string): Story {
  return {
    populations: [steady(58, 0.0055)],
    places: placesOf(name),
    peer: peer('checkout', 8082),
    comparisonSentence: sentence('At this time of day p99 is usually 17 ms.'),
  };
}

/** Held up by a neighbour since the episode began. */
export function checkoutStory(nowMs: number): Story {
  const startMs = episodeStart(nowMs);
  return {
    populations: [
      steady(38, 0.0085),
      {
        rate: ms => (ms >= startMs ? around(3.1, 0.4, 72)(ms) : 0.004),
        medianSeconds: 0.14,
        octaves: 0.75,
        parts: [
          waiting(0.58, neighbour('batch-report', 'data')),
          upstream(0.19),
          own(0.12),
          waiting(0.05, neighbour('nightly-etl', 'data')),
          waiting(0.03, apart('sidecar', 'container', 'mesh-proxy')),
          unread(0.02),
          notKnown(0.01),
        ],
      },
    ],
    places: [
      ...placesOf('checkout'),
      beside('checkout', 'mesh-proxy', 'mesh-proxy', 1),
      beside('checkout', 'metrics', 'sidecar', 0.004),
    ],
    peer: peer('storefront', 8080),
    anatomySentence: threshold =>
      sentence(
        `The slowest 1 % of ~checkout~'s requests (over ${Math.round(threshold * 1000)} ms) were *62 %* waiting for neighbours, most of it [component:default/batch-report|batch-report] (team Data), 19 % waiting for an upstream, 12 % own work.`,
      ),
    comparisonSentence: sentence('At this time of day p99 is usually 26 ms.'),
  };
}

/** What it sends to others: quick, but for those that its neighbour kept it from reading. */
export function checkoutClientStory(nowMs: number): Story {
  const startMs = episodeStart(nowMs);
  return {
    populations: [
      {
        rate: around(36, 0.12, 73),
        medianSeconds: 0.0028,
        octaves: 0.6,
        parts: [upstream(0.93), own(0.04), unread(0.03)],
      },
      {
        rate: ms => (ms >= startMs ? 2.2 : 0.01),
        medianSeconds: 0.03,
        octaves: 0.7,
        parts: [
          waiting(0.5, neighbour('batch-report', 'data')),
          upstream(0.34),
          own(0.1),
          unread(0.06),
        ],
      },
    ],
    places: placesOf('checkout'),
    peer: peer('inventory', 8081),
  };
}

/** Stopped by the limit of its pod, which a sidecar uses up. */
export function inventoryStory(): Story {
  const limitOf = (level: 'pod' | 'container') =>
    apart('limit', 'throttled', `${level} limit`, { quotaLevel: level });
  return {
    populations: [
      steady(19, 0.011),
      {
        rate: around(6, 0.3, 74),
        medianSeconds: 0.055,
        octaves: 0.5,
        parts: [
          stopped(0.66, limitOf('pod')),
          own(0.17),
          stopped(0.07, limitOf('container')),
          waiting(0.05, apart('self', 'self', 'itself')),
          unread(0.05),
        ],
      },
    ],
    places: [
      ...placesOf('inventory'),
      beside('inventory', 'mesh-proxy', 'mesh-proxy', 0.98),
    ],
    peer: peer('checkout', 8081),
  };
}

/** Slow by its own code. */
export function ownWorkStory(name: string): Story {
  return {
    populations: [
      {
        rate: around(3.4, 0.3, 75),
        medianSeconds: 0.42,
        octaves: 0.9,
        parts: [own(0.93), upstream(0.04), unread(0.02), notKnown(0.01)],
      },
    ],
    places: placesOf(name),
  };
}

/** Slow because somebody behind it is. */
export function upstreamStory(name: string): Story {
  return {
    populations: [
      steady(74, 0.004),
      {
        rate: around(2.8, 0.5, 76),
        medianSeconds: 0.31,
        octaves: 0.4,
        parts: [upstream(0.86), unread(0.07), own(0.06), notKnown(0.01)],
      },
    ],
    places: placesOf(name),
  };
}

/** Slow because packets stand behind those of somebody else, and some are lost. */
export function queuedStory(nowMs: number): Story {
  const startMs = episodeStart(nowMs);
  return {
    populations: [
      steady(44, 0.0065),
      {
        rate: ms => (ms >= startMs ? around(4.4, 0.3, 78)(ms) : 0.004),
        medianSeconds: 0.11,
        octaves: 0.6,
        parts: [
          queued(0.62, neighbour('log-shipper', 'platform')),
          lost(0.16),
          upstream(0.1),
          own(0.08),
          queued(0.03, neighbour('search', 'search')),
          notKnown(0.01),
        ],
      },
    ],
    places: placesOf('orders'),
    peer: peer('storefront', 8080),
    anatomySentence: threshold =>
      sentence(
        `The slowest 1 % of ~orders~'s requests (over ${Math.round(threshold * 1000)} ms) were *65 %* queued in the network behind neighbours' packets, most of it [component:default/log-shipper|log-shipper] (team Platform), 16 % lost by the network and sent again, 10 % waiting for an upstream.`,
      ),
    comparisonSentence: sentence('At this time of day p99 is usually 19 ms.'),
  };
}

/** A handful of requests an hour. */
export function rareStory(name: string): Story {
  return {
    populations: [
      {
        rate: around(0.0016, 0.4, 77),
        medianSeconds: 0.05,
        octaves: 0.6,
        parts: [own(0.7), upstream(0.3)],
      },
    ],
    places: placesOf(name).slice(0, 1),
  };
}
