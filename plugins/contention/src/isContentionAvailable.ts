import type { Entity } from '@backstage/catalog-model';

/** Kinds of entities that can run, and so can wait. */
const RUNNING_KINDS = ['component', 'resource'];

/**
 * Whether an entity has the three tabs and the card: what can run has them, annotated or not, since the tabs themselves
 * say which annotation is missing.
 *
 * @public
 */
export function isContentionAvailable(entity: Entity): boolean {
  return RUNNING_KINDS.includes(entity.kind.toLocaleLowerCase('en'));
}
