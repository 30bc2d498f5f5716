/** Which of two verdicts of one service is told first. Pure. */
import type { Verdict } from 'backstage-plugin-contention-common';

const RANK: Record<Verdict['severity'], number> = {
  none: 0,
  notice: 1,
  serious: 2,
};

/** Whether one is worse than the other: what goes on is worse than what is over; then the more severe one is. */
export function isWorse(one: Verdict, other: Verdict): boolean {
  const goesOn = ({ since }: Verdict) => Number(since !== undefined);
  if (other.severity === 'none') return one.severity !== 'none';
  return (
    one.severity !== 'none' &&
    (goesOn(one) > goesOn(other) ||
      (goesOn(one) === goesOn(other) &&
        RANK[one.severity] > RANK[other.severity]))
  );
}

/**
 * What is the matter overall. Among equals it is the CPU: a service that cannot run sends late, too. What its own packets do
 * to each other is how a link is used, and nothing that is the matter.
 */
export function worseOf(cpu: Verdict, network: Verdict): Verdict {
  const isMatter = network.cause !== 'self';
  return isMatter && isWorse(network, cpu) ? network : cpu;
}
