/** Freezing from the menu of an entity's page: the range that a tab of it shows or showed last; the last hour otherwise. */
import { lazy, Suspense } from 'react';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { useApiHolder } from '@backstage/core-plugin-api';
import { dialogApiRef } from '@backstage/frontend-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import { useSearchParams } from 'react-router-dom';
import { readRange, resolveRange } from '../range/range';
import { rangeMemoryApiRef, type RangeMemory } from '../range/rangeMemory';
import { useWords } from '../translation';

const FreezeDialog = lazy(() =>
  import('./FreezeDialog').then(m => ({ default: m.FreezeDialog })),
);

export function useFreezeMenuItem() {
  const { entity } = useEntity();
  const t = useWords();
  const apis = useApiHolder();
  const [params] = useSearchParams();
  const dialogs = apis.get(dialogApiRef);
  const entityRef = stringifyEntityRef(entity);
  return {
    title: t('evidence.freeze'),
    disabled: !dialogs,
    onClick: async () => {
      const now = Date.now();
      const chosen = chosenParams(
        params,
        apis.get(rangeMemoryApiRef),
        entityRef,
      );
      const range = resolveRange(readRange(chosen, now), now);
      const cluster = chosen.get('cluster') ?? undefined;
      dialogs?.open(({ dialog }) => (
        <Suspense fallback={null}>
          <FreezeDialog
            entityRef={entityRef}
            name={entity.metadata.title ?? entity.metadata.name}
            range={range}
            cluster={cluster}
            onClose={() => dialog.close()}
          />
        </Suspense>
      ));
    },
  };
}

function chosenParams(
  params: URLSearchParams,
  memory: RangeMemory | undefined,
  entityRef: string,
): URLSearchParams {
  if (params.has('from')) return params;
  return new URLSearchParams({ ...memory?.recall(entityRef) });
}
