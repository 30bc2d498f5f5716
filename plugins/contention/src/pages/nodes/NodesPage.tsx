/** `/contention/nodes`: every node that an agent watches, and how crowded it is. */
import { SubPage } from '../SubPage';
import { useWords } from '../../translation';

export function NodesPage() {
  const t = useWords();
  return <SubPage title={t('pages.nodes')}>{null}</SubPage>;
}
