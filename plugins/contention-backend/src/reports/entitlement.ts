/**
 * Whether somebody stayed within the CPU that it asked for, and what that says: a neighbour within its request takes only
 * what it was promised, and the node has promised too much. Pure.
 */
import type { Culprit } from 'backstage-plugin-contention-common';
import type { Usage } from './facts';
import type { PartyFacts } from './parties';
import type { Presenter } from './present';
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

/** `(0.08 of 1)` */
function figuresOf({ cpuMean, cpuRequest }: Usage): string {
  return `(${cpus(cpuMean!)} of ${cpus(cpuRequest!)})`;
}

/** Who used that much, and how it is told. */
export interface Used {
  party: PartyFacts;
  usage: Usage | undefined;
  presenter: Presenter;
  /** On how many nodes; one when absent. */
  nodes?: number;
  /** It is named, as "It" would be somebody else. */
  isNamed?: boolean;
}

/**
 * ` It stayed within the CPU that it asked for (0.08 of 1): the node is too full.`; nothing where it is not known, and no
 * figures of somebody whom the reader may not see.
 */
export function sayEntitlement(
  sentence: SentenceBuilder,
  { party, usage, presenter, nodes = 1, isNamed = false }: Used,
): void {
  const entitlement = entitlementOf(usage);
  if (entitlement === 'unknown') return;
  sentence.text(' ');
  if (isNamed) presenter.say(sentence, party);
  else sentence.text('It');
  const isWithin = entitlement === 'within';
  sentence.text(
    isWithin
      ? ' stayed within the CPU that it asked for'
      : ' used more CPU than it asked for',
  );
  presenter.sayOwn(sentence, party, ` ${figuresOf(usage!)}`);
  if (isWithin) {
    sentence.text(nodes === 1 ? ': the node is' : ': their nodes are');
    sentence.text(' too full');
  }
  sentence.text('.');
}

/** Nodes that one sentence can name. */
const MAX_NAMED_NODES = 3;

/**
 * The same of the entity that the sentence is about, node by node: it may be within its request on one and beyond it on
 * another.
 * @param nodes - where others waited while it ran, most first
 */
export function sayOwnEntitlement(
  sentence: SentenceBuilder,
  title: string,
  nodes: readonly { node: string; usage: Usage | undefined }[],
): void {
  const isAlone = nodes.length === 1;
  const saidOf = (wanted: Culprit['entitlement']) =>
    nodes
      .slice(0, MAX_NAMED_NODES)
      .filter(({ usage }) => entitlementOf(usage) === wanted);
  const list = (some: typeof nodes) =>
    some
      .map(({ node, usage }) =>
        isAlone ? figuresOf(usage!) : `${node} ${figuresOf(usage!)}`,
      )
      .join(' and ');
  const on = isAlone ? '' : 'on ';
  const within = saidOf('within');
  const over = saidOf('over');
  if (within.length > 0) {
    sentence.text(' ').name(title);
    sentence.text(
      ` stayed within the CPU that it asked for ${on}${list(within)}: `,
    );
    if (isAlone) sentence.text('the node is too full.');
    else {
      sentence.text(
        within.length === 1
          ? 'that node is too full.'
          : 'those nodes are too full.',
      );
    }
  }
  if (over.length > 0) {
    sentence.text(' ');
    if (within.length > 0) sentence.text('It');
    else sentence.name(title);
    sentence.text(` used more CPU than it asked for ${on}${list(over)}.`);
  }
}
