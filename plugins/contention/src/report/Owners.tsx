/** Who to talk to. */
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import type { EntityLink } from 'backstage-plugin-contention-common';
import { NOTHING } from '../format';

export function Owners({ entities }: { entities: readonly EntityLink[] }) {
  const owners = new Map(
    entities.flatMap(({ owner }) =>
      owner ? [[owner.entityRef, owner.title] as const] : [],
    ),
  );
  if (owners.size === 0) return <>{NOTHING}</>;
  return (
    <>
      {[...owners].map(([entityRef, title], index) => (
        <span key={entityRef}>
          {index > 0 && ', '}
          <EntityRefLink entityRef={entityRef} title={title} />
        </span>
      ))}
    </>
  );
}
