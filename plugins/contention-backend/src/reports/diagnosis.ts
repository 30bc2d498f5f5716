/**
 * The overview card: the worst of what holds a service up and of its slow requests, one spark line, and which tab proves it.
 * Pure.
 */
import {
  METRIC,
  type Cause,
  type DiagnosisReport,
  type Verdict,
} from 'backstage-plugin-contention-common';
import { histogramPerWindow } from './distribution';
import { seriesOf, type Facts } from './facts';
import { quantilesOverTime } from './heatmap';
import type { Presenter } from './present';
import type { RequestAccount } from './requests/requests';
import { requestVerdict } from './requests/verdict';
import { timelineOf } from './timeline';
import { isWorse } from './worse';

type Body = Pick<DiagnosisReport, 'verdict' | 'tab' | 'valuesOf' | 'values'>;

/**
 * Among equals, what holds it up is the reason, and slow requests are what comes of it.
 * @param verdict - of what holds its threads or its packets up
 */
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
      values: quantilesOverTime(facts, perWindow).p99Values,
    };
  }
  return {
    verdict,
    tab: tabOf(verdict.cause),
    ...(verdict.resource === 'network'
      ? { valuesOf: 'queue-p99', values: queueP99s(facts) }
      : { valuesOf: 'held-share', values: heldShares(facts) }),
  };
}

/** How long the slowest packets stood, window by window. */
function queueP99s(facts: Facts): DiagnosisReport['values'] {
  const waits = seriesOf(facts, METRIC.netQueue);
  return quantilesOverTime(facts, histogramPerWindow(waits, facts.axis.count))
    .p99Values;
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
