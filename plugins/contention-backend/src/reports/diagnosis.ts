/**
 * The overview card: the worst of what holds a service up and of its slow requests, one spark line, and which tab proves it.
 * Pure.
 */
import type {
  Cause,
  DiagnosisReport,
  Verdict,
} from 'backstage-plugin-contention-common';
import type { Facts } from './facts';
import { quantileValues } from './heatmap';
import type { Presenter } from './present';
import type { RequestAccount } from './requests/requests';
import { requestVerdict } from './requests/verdict';
import { timelineOf } from './timeline';

type Body = Pick<DiagnosisReport, 'verdict' | 'tab' | 'valuesOf' | 'values'>;

/** @param verdict - of what holds its threads up */
export function diagnosis(
  facts: Facts,
  verdict: Verdict,
  account: RequestAccount,
  presenter: Presenter,
): Body {
  const { judgement, markers, perWindow } = account;
  const ofRequests = requestVerdict(facts, {
    role: account.facts.role,
    judgement,
    markers,
    presenter,
  });
  if (judgement.slower && isWorse(ofRequests, verdict)) {
    return {
      verdict: ofRequests,
      tab: 'latency',
      valuesOf: 'request-p99',
      values: quantileValues(facts, perWindow, 0.99),
    };
  }
  return {
    verdict,
    tab: tabOf(verdict.cause),
    valuesOf: 'held-share',
    values: heldShares(facts),
  };
}

const RANK: Record<Verdict['severity'], number> = {
  none: 0,
  notice: 1,
  serious: 2,
};

/**
 * Whether slow requests are worse than what holds threads up. What goes on is worse than what is over; among equals, what
 * holds threads up is the reason and slow requests are what comes of it.
 */
function isWorse(requests: Verdict, threads: Verdict): boolean {
  const goesOn = ({ since }: Verdict) => Number(since !== undefined);
  if (threads.severity === 'none') return requests.severity !== 'none';
  return (
    goesOn(requests) > goesOn(threads) ||
    (goesOn(requests) === goesOn(threads) &&
      RANK[requests.severity] > RANK[threads.severity])
  );
}

/** Of the time that the service wanted to run, window by window. */
export function heldShares(facts: Facts): DiagnosisReport['values'] {
  const { wait, wanted } = timelineOf(facts);
  return wait.map((seconds, window) => {
    if (facts.coveredSeconds[window] === 0) return null;
    return wanted[window] > 0 ? seconds / wanted[window] : 0;
  });
}

export function tabOf(cause: Cause): DiagnosisReport['tab'] {
  switch (cause) {
    case 'limit':
      return 'throttling';
    case 'neighbour':
    case 'sidecar':
    case 'self':
    case 'host':
      return 'neighbours';
    default:
      return 'latency';
  }
}
