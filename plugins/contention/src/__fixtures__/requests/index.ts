/** Requests of an entity in a range, as the backend would answer; and the verdict that follows from them. */
import type {
  LatencyOptions,
  RequestRole,
  Requests,
  Verdict,
} from 'backstage-plugin-contention-common';
import type { Range } from '../base';
import { episodeStart } from '../neighbours';
import { sentence } from '../sentences';
import { requestCountOf, requestsOf, type Story } from './report';
import { measured, noneCame, noRequests, notMeasured } from './roles';
import {
  calmStory,
  checkoutClientStory,
  checkoutStory,
  inventoryStory,
  ownWorkStory,
  queuedStory,
  rareStory,
  upstreamStory,
} from './stories';

type Stories = Partial<Record<RequestRole, Story>>;

function storiesOf(name: string, nowMs: number): Stories {
  switch (name) {
    case 'checkout':
      return {
        server: checkoutStory(nowMs),
        client: checkoutClientStory(nowMs),
      };
    case 'inventory':
      return { server: inventoryStory() };
    case 'report-api':
      return { server: ownWorkStory(name) };
    case 'gateway':
      return { server: upstreamStory(name), client: upstreamStory(name) };
    case 'orders':
      return { server: queuedStory(nowMs) };
    case 'feedback':
      return { server: rareStory(name) };
    case 'media':
      return { server: { ...calmStory(name), estimatedShare: 0.31 } };
    case 'batch-report':
      return { client: calmStory(name) };
    case 'nightly-etl':
    case 'log-shipper':
    case 'mail-relay':
      return {};
    default:
      return { server: calmStory(name) };
  }
}

export function fixtureRequests(
  name: string,
  range: Range,
  nowMs: number,
  options: LatencyOptions = {},
): Requests {
  const role = options.role ?? 'server';
  const stories = storiesOf(name, nowMs);
  const presence = (of: RequestRole) => {
    const story = stories[of];
    if (story) return measured(requestCountOf(story, range));
    return name === 'mail-relay' ? notMeasured(name) : noneCame(name, of);
  };
  const roles = { server: presence('server'), client: presence('client') };
  const story = stories[role];
  return story
    ? requestsOf(story, range, options, roles)
    : noRequests(role, range, roles);
}

/** What the sentence on top says, where it is about requests. */
export function requestsVerdict(
  name: string,
  { role, anatomy, distribution }: Requests,
  nowMs: number,
): Verdict | undefined {
  const [slowest] = anatomy.sums;
  if (!slowest) return undefined;
  const ms = (seconds = 0) => `${Number((seconds * 1000).toPrecision(2))} ms`;
  const share = (...keys: string[]) =>
    Math.round(
      100 *
        slowest.parts
          .filter(({ key, part }) => keys.includes(key) || keys.includes(part))
          .reduce((sum, part) => sum + part.share, 0),
    );
  const neighbours = share(
    'component:default/batch-report',
    'component:default/nightly-etl',
  );
  const startMs = episodeStart(nowMs);
  const over = `(over ${ms(slowest.thresholdSeconds)})`;
  const whose =
    role === 'server'
      ? `~${name}~'s requests`
      : `requests that ~${name}~ sends`;
  switch (name) {
    case 'checkout':
      return {
        cause: 'neighbour',
        severity: 'serious',
        since: startMs,
        sentence: sentence(
          `Since {${startMs}}, the slowest 1 % of ${whose} ${over} are *${neighbours} %* waiting for neighbours, most of it [component:default/batch-report|batch-report] (team Data), ${share('upstream')} % waiting for an upstream, ${share('work')} % own work. p99 is ${ms(distribution.p99Seconds)}; at this time of day it is usually 26 ms.`,
        ),
      };
    case 'inventory':
      return {
        cause: 'limit',
        severity: 'serious',
        sentence: sentence(
          `The slowest 1 % of ${whose} ${over} were *${share('throttled')} %* stopped by a CPU limit, ${share('work')} % own work. That is no news: p99 is ${ms(distribution.p99Seconds)}, and at this time of day it is usually ${ms(distribution.p99Seconds)}.`,
        ),
      };
    case 'report-api':
      return {
        cause: 'work',
        severity: 'notice',
        sentence: sentence(
          `~${name}~ is slow by its own work: *${share('work')} %* of the time of its slowest 1 % of requests ${over} is in its own code.`,
        ),
      };
    case 'orders':
      return {
        cause: 'neighbour',
        severity: 'serious',
        resource: 'network',
        since: startMs,
        sentence: sentence(
          `Since {${startMs}}, the slowest 1 % of ${whose} ${over} are *${share('queue')} %* queued in the network behind neighbours' packets, most of it [component:default/log-shipper|log-shipper] (team Platform), ${share('retransmission')} % lost by the network and sent again. p99 is ${ms(distribution.p99Seconds)}; at this time of day it is usually 19 ms.`,
        ),
      };
    case 'gateway':
      return {
        cause: 'upstream',
        severity: 'notice',
        sentence: sentence(
          `The slowest 1 % of ${whose} ${over} were *${share('upstream')} %* waiting for an upstream.`,
        ),
      };
    case 'feedback':
      return {
        cause: 'unsure',
        severity: 'none',
        sentence: sentence(
          `Not enough data: *${distribution.count} requests* in this range.`,
        ),
      };
    default:
      return undefined;
  }
}
