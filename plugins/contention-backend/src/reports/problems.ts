/** What a report says of itself: that names are old, or that a node is silent. Pure. */
import type { DiagnosisReport } from 'backstage-plugin-contention-common';
import type { SilentNode } from './coverage';
import { utcTime } from './words';

type Problems = DiagnosisReport['problems'];

export function catalogProblem(
  readMs: number | undefined,
  nowMs: number,
): Problems {
  if (readMs === undefined) return [];
  return [
    {
      what: 'Catalog',
      detail: `It could not be read since ${utcTime(readMs, nowMs)}: names, owners and annotations are as they were then.`,
    },
  ];
}

export function silentProblem(
  { node, fromMs, toMs, goesOn }: SilentNode,
  nowMs: number,
): Problems[number] {
  const from = utcTime(fromMs, nowMs);
  return {
    what: `No data of ${node}`,
    detail: goesOn
      ? `It has sent nothing since ${from}: what happened there is not known.`
      : `It sent nothing from ${from} to ${utcTime(toMs, nowMs)}: what happened there then is not known.`,
  };
}
