/** `/contention/nodes/<cluster>/<node>`: who lives on one node, and who hurts whom. */
import { useRouteRefParams } from '@backstage/frontend-plugin-api';
import { nodeRouteRef } from '../../routes';
import { SubPage } from '../SubPage';

export function NodePage() {
  const { cluster, node } = useRouteRefParams(nodeRouteRef);
  return (
    <SubPage title={node} subtitle={cluster}>
      {null}
    </SubPage>
  );
}
