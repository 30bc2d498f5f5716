/** A node was asked for: the way to its own page, in the same range. */
import { Link } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import type {
  ResolveAnswer,
  SeenWorkload,
} from 'backstage-plugin-contention-common';
import { useWords } from '../../translation';
import { useNodePath } from '../nodes/links';

/** Nodes of that name that something which the reader may see ran on, one a cluster. */
function nodesOf({ lookedFor, pages, unclaimed }: ResolveAnswer) {
  const name = lookedFor.find(({ key }) => key === 'node')?.value;
  const seen: SeenWorkload[] = [
    ...pages.flatMap(page => page.seen),
    ...unclaimed,
  ].filter(({ node }) => node === name);
  return [...new Map(seen.map(one => [one.cluster, one])).values()];
}

export function NodeOfQuestion({ answer }: { answer: ResolveAnswer }) {
  const t = useWords();
  const path = useNodePath();
  const { range } = answer;
  if (!path || !range) return null;
  return (
    <>
      {nodesOf(answer).map(({ cluster, node }) => (
        <Typography key={cluster} variant="body1" paragraph>
          <Link to={path({ cluster, node }, range)}>
            {t('resolve.pageOfNode', { node, cluster })}
          </Link>
        </Typography>
      ))}
    </>
  );
}
