/** The question as the address says it, and back. Pure. */
import type { ResolveQuestion } from 'backstage-plugin-contention-common';

/** In the order of the form. `RESOLVE_KEYS` of -common, which need not be loaded for their names. */
export const WHO = [
  'namespace',
  'pod',
  'container',
  'ip',
  'node',
  'workload',
  'service',
  'cluster',
] as const;
export const WHEN = ['at', 'from', 'to'] as const;

export type Who = (typeof WHO)[number];
export type Field = Who | (typeof WHEN)[number];

/** These only narrow down. */
const NOT_ENOUGH: readonly Field[] = ['namespace', 'cluster'];

export function readQuestion(params: URLSearchParams): ResolveQuestion {
  const question: ResolveQuestion = {};
  for (const field of [...WHO, ...WHEN]) {
    const text = params.get(field)?.trim();
    if (text) question[field] = text;
  }
  return question;
}

/** Whether something is asked for at all. */
export function isAsking(question: ResolveQuestion): boolean {
  return WHO.some(
    field => question[field] !== undefined && !NOT_ENOUGH.includes(field),
  );
}

export function questionSearch(question: ResolveQuestion): string {
  return new URLSearchParams(
    Object.entries(question).filter((entry): entry is [string, string] =>
      Boolean(entry[1]?.trim()),
    ),
  ).toString();
}
