/** How the page knows what it says, and what it cannot know. */
import { makeStyles } from '@material-ui/core/styles';
import type {
  CoverageReport,
  NodeListSource,
} from 'backstage-plugin-contention-common';
import { formatMinute } from '../../format';
import { useWords, type Words } from '../../translation';

const useStyles = makeStyles(theme => ({
  root: {
    margin: 0,
    paddingLeft: theme.spacing(2.5),
    maxWidth: '100ch',
    '& li + li': { marginTop: theme.spacing(0.75) },
  },
}));

export function Known({ report }: { report: CoverageReport }) {
  const classes = useStyles();
  const t = useWords();
  return (
    <ul className={classes.root}>
      <li>{t('coverage.knowWorkloads')}</li>
      {report.nodeLists.map(list => (
        <li key={list.cluster}>{sourceWords(list, t)}</li>
      ))}
    </ul>
  );
}

function sourceWords(list: NodeListSource, t: Words): string {
  const { cluster, source, problem, readAt } = list;
  if (source === 'kubernetes') {
    return problem && readAt !== undefined
      ? t('coverage.knowListOld', {
          cluster,
          problem,
          time: formatMinute(readAt),
        })
      : t('coverage.knowList', { cluster });
  }
  return problem
    ? t('coverage.knowListProblem', { cluster, problem })
    : t('coverage.knowAgents', { cluster });
}
