/** The culprit among the attributes of a point or an exemplar. Pure. */
import { ATTRIBUTE, CULPRIT_PREFIX } from 'backstage-plugin-contention-common';
import type { Attributes } from '../otlp';

/** Attributes under the culprit's prefix that say how it stands to the victim, not who it is. */
const NOT_IDENTITY: ReadonlySet<string> = new Set([
  ATTRIBUTE.culpritKind,
  ATTRIBUTE.culpritSamePod,
  ATTRIBUTE.culpritVia,
]);

/** Whether an attribute is one of the culprit's own resource attributes. */
export function isIdentity(key: string): boolean {
  return key.startsWith(CULPRIT_PREFIX) && !NOT_IDENTITY.has(key);
}

/** The culprit's own resource attributes; undefined for kinds that are nobody in particular. */
export function culpritOf(attributes: Attributes): Attributes | undefined {
  const entries = Object.entries(attributes).filter(([key]) => isIdentity(key));
  if (entries.length === 0) return undefined;
  return Object.fromEntries(
    entries.map(([key, value]) => [key.slice(CULPRIT_PREFIX.length), value]),
  );
}
