/** The overview card: one spark line, and which tab proves the verdict. Pure. */
import type {
  Cause,
  DiagnosisReport,
} from 'backstage-plugin-contention-common';
import type { Facts } from './facts';
import { timelineOf, wantedOf } from './timeline';

export function diagnosis(
  facts: Facts,
  cause: Cause,
): Pick<DiagnosisReport, 'tab' | 'values'> {
  const timeline = timelineOf(facts);
  const wanted = wantedOf(timeline);
  return {
    tab: tabOf(cause),
    values: timeline.wait.map((seconds, window) => {
      if (facts.coveredSeconds[window] === 0) return null;
      return wanted[window] > 0 ? seconds / wanted[window] : 0;
    }),
  };
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
