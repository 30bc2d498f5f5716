/**
 * Whether somebody stayed within the CPU that it asked for, and what that says: a neighbour within its request takes only
 * what it was promised, and the node has promised too much. Pure.
 */
import type { Culprit } from 'backstage-plugin-contention-common';
import type { Usage } from './facts';
import type { SentenceBuilder } from './sentence';
import { cpus } from './words';

/**
 * Whether a culprit's mean CPU stayed within its request. Over a range: bursts above a request that the mean keeps are
 * what requests allow. Unknown without a request: it may have none, or the agent may not know it.
 */
export function entitlementOf(
  usage: Usage | undefined,
): Culprit['entitlement'] {
  if (usage?.cpuMean === undefined || usage.cpuRequest === undefined) {
    return 'unknown';
  }
  return usage.cpuMean <= usage.cpuRequest ? 'within' : 'over';
}

/** Usage on several nodes together; a request counts only where it is known on all of them. */
export function usageTogether(usages: readonly Usage[]): Usage | undefined {
  if (usages.length === 0) return undefined;
  const sum = (values: readonly (number | undefined)[]) =>
    values.includes(undefined)
      ? undefined
      : values.reduce<number>((all, value) => all + value!, 0);
  return {
    cpuMean: sum(usages.map(({ cpuMean }) => cpuMean)),
    cpuRequest: sum(usages.map(({ cpuRequest }) => cpuRequest)),
  };
}

/** ` It stayed within the CPU that it asked for (0.08 of 1): the node is too full.`; nothing where it is not known. */
export function sayEntitlement(
  sentence: SentenceBuilder,
  usage: Usage | undefined,
  place: 'the node' | 'its nodes' = 'the node',
): void {
  const entitlement = entitlementOf(usage);
  if (entitlement === 'unknown') return;
  const figures = `(${cpus(usage!.cpuMean!)} of ${cpus(usage!.cpuRequest!)})`;
  sentence.text(
    entitlement === 'within'
      ? ` It stayed within the CPU that it asked for ${figures}: ${
          place === 'the node' ? 'the node is' : 'its nodes are'
        } too full.`
      : ` It used more CPU than it asked for ${figures}.`,
  );
}
