/** The latency report's account of requests, put together. Pure. */
import {
  METRIC,
  REQUEST_ROLES,
  type ContainerRole,
  type DurationHistogram,
  type LatencyReport,
  type Marker,
  type RequestRole,
  type RolePresence,
  type Requests,
  type Verdict,
} from 'backstage-plugin-contention-common';
import { sumOfHistograms } from '../../store/histogramText';
import {
  distributionOf,
  histogramPerWindow,
  mergedHistogram,
} from '../distribution';
import { perSecond, sumOf, type Facts, type SeriesFacts } from '../facts';
import {
  heatmapOf,
  quantilesOverTime,
  type HistogramWindows,
} from '../heatmap';
import type { PartyFacts } from '../parties';
import type { Presenter } from '../present';
import { anatomyOf, presentAnatomy, type AnatomyFacts } from './anatomy';
import { requestBreakdown } from './breakdown';
import { comparisonOf } from './comparison';
import {
  isEstimated,
  roleOf,
  type RequestFacts,
  type Selection,
} from './facts';
import { judgeRequests, slowestOf, type RequestJudgement } from './judge';
import { markersOf } from './markers';
import { anatomySentence, comparisonSentence, requestVerdict } from './verdict';
import {
  partiesOfWorst,
  presentWorstRequests,
  presentWorstWaits,
} from './worst';

/** How own containers stand in their pods, and whose requests count; by resource id. */
export interface RequestContainers {
  roles: ReadonlyMap<number, ContainerRole>;
  counted: ReadonlySet<number>;
}

/** What is calculated before it is known who may see whom. */
export interface RequestAccount extends RequestContainers {
  facts: RequestFacts;
  perWindow: HistogramWindows;
  all: DurationHistogram;
  /** Of the selection, or of everything. */
  anatomy: AnatomyFacts;
  comparison: ReturnType<typeof comparisonOf>;
  judgement: RequestJudgement;
  markers: Marker[];
}

export function accountOf(
  facts: Facts,
  requests: RequestFacts & { containers: RequestContainers },
  live: boolean,
): RequestAccount {
  const { containers } = requests;
  const shown = shownOf(requests, containers.counted);
  const perWindow = histogramPerWindow(shown, facts.axis.count);
  const all = mergedHistogram(shown);
  const everything: Selection = { first: 0, last: facts.axis.count - 1 };
  const whole = anatomyOf(facts, requests.anatomy, everything, all);
  const { selected } = requests;
  const comparison = comparisonOf(facts, requests, all);
  return {
    facts: requests,
    ...containers,
    perWindow,
    all,
    anatomy: selected
      ? anatomyOf(
          facts,
          selected.anatomy,
          selected.selection,
          sumOfHistograms(
            perWindow.slice(
              selected.selection.first,
              selected.selection.last + 1,
            ),
          ),
        )
      : whole,
    comparison,
    judgement: judgeRequests(facts, {
      anatomy: whole,
      comparison,
      perWindow,
      all,
      live,
    }),
    markers: markersOf(facts, requests.past),
  };
}

/** Everybody whom the account names, for the look-up of who may be seen. */
export function partiesOfAccount(
  facts: Facts,
  { facts: requests, anatomy }: RequestAccount,
): PartyFacts[] {
  return [
    ...[...anatomy.bands.values()].flatMap(({ parts }) =>
      parts.flatMap(({ facts: { party } }) => party ?? []),
    ),
    ...partiesOfWorst(facts, requests.worst),
    ...partiesOfWorst(facts, requests.worstWaits),
  ];
}

/** The account as one reader may see it. */
export type PresentedRequests = Pick<LatencyReport, 'requests'> & {
  verdict: Verdict;
  worstWaits: LatencyReport['cpuWait']['worst'];
};

export function presentAccount(
  facts: Facts,
  account: RequestAccount,
  presenter: Presenter,
): PresentedRequests {
  const { facts: requests, judgement, markers, all, perWindow } = account;
  const { role } = requests;
  const covered = facts.coveredSeconds;
  const coveredSum = sumOf(covered);
  const counts = covered.map((_, window) => perWindow[window]?.count ?? 0);
  return {
    verdict: requestVerdict(facts, { role, judgement, markers, presenter }),
    worstWaits: presentWorstWaits(facts, requests.worstWaits, presenter),
    requests: {
      role,
      roles: Object.fromEntries(
        REQUEST_ROLES.map(name => [name, presenceOf(facts, requests, name)]),
      ) as Requests['roles'],
      distribution: distributionOf(all),
      ratePerSecond: coveredSum > 0 ? all.count / coveredSum : undefined,
      estimatedShare: estimatedShare(account),
      ...quantilesOverTime(facts, perWindow),
      countValues: counts.map((count, window) =>
        covered[window] > 0 ? count : null,
      ),
      rateValues: perSecond(counts, covered),
      heatmap: heatmapOf(facts, all, perWindow),
      anatomy: {
        ...presentAnatomy(facts, account.anatomy, presenter),
        sentence: anatomySentence(
          facts,
          role,
          slowestOf(account.anatomy),
          presenter,
        ),
      },
      comparison: {
        ...account.comparison,
        sentence: comparisonSentence(facts, judgement),
      },
      breakdown: requestBreakdown(facts, {
        durations: requests.durations.filter(
          ({ series }) => roleOf(series) === role,
        ),
        roles: account.roles,
        counted: account.counted,
      }),
      worst: presentWorstRequests(
        facts,
        requests.worst,
        account.roles,
        presenter,
      ),
    },
  };
}

/** Series whose requests count in figures, heat map and comparison. */
function shownOf(
  { durations, role }: Pick<RequestFacts, 'durations' | 'role'>,
  counted: ReadonlySet<number>,
): SeriesFacts[] {
  return durations.filter(
    ({ series, resource }) =>
      series.metric === METRIC.requestDuration &&
      roleOf(series) === role &&
      counted.has(resource.id),
  );
}

function estimatedShare({
  facts,
  counted,
  all,
}: RequestAccount): number | undefined {
  if (all.count === 0) return undefined;
  const estimated = shownOf(facts, counted).filter(({ series }) =>
    isEstimated(series),
  );
  return mergedHistogram(estimated).count / all.count;
}

const VERB: Record<RequestRole, string> = { server: 'got', client: 'sent' };

function presenceOf(
  { entity }: Pick<Facts, 'entity'>,
  { durations, isTimed }: Pick<RequestFacts, 'durations' | 'isTimed'>,
  role: RequestRole,
): RolePresence {
  const { count } = mergedHistogram(
    durations.filter(({ series }) => roleOf(series) === role),
  );
  if (count > 0) return { state: 'measured', requestCount: count };
  return isTimed
    ? {
        state: 'no-requests',
        why: `${entity.title} ${VERB[role]} no requests over TCP in this range.`,
      }
    : {
        state: 'not-measured',
        why: `No agent on the nodes of ${entity.title} timed a request of anybody in this range.`,
      };
}
