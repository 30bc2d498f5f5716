/** For a link that came too late: the frozen records that cover its range. */
import { Link } from '@backstage/core-components';
import { useApi } from '@backstage/core-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import { contentionApiRef } from '../api';
import { formatRange } from '../format';
import { describeFailure, whyItFailed } from '../report/failure';
import { useReport } from '../report/useReport';
import { useWords } from '../translation';
import { useEvidencePaths } from './useEvidencePaths';

const AT_MOST = 5;

const useStyles = makeStyles(theme => ({
  list: { margin: theme.spacing(0.5, 0, 0), paddingLeft: theme.spacing(2.5) },
  title: { fontWeight: 600, unicodeBidi: 'isolate', overflowWrap: 'anywhere' },
}));

export interface KeptRecordsProps {
  entityRef: string;
  /** Epoch milliseconds. */
  range: { from: number; to: number };
  cluster?: string;
  /** What was measured has been deleted. */
  isGone: boolean;
}

export function KeptRecords(props: KeptRecordsProps) {
  const { entityRef, range, cluster, isGone } = props;
  const classes = useStyles();
  const t = useWords();
  const api = useApi(contentionApiRef);
  const paths = useEvidencePaths();
  const { report: list, error } = useReport({
    subject: JSON.stringify([entityRef, range, cluster]),
    range: '',
    ask: signal =>
      api.evidenceOf(
        entityRef,
        { ...range, cluster, limit: AT_MOST },
        { signal },
      ),
  });
  if (!paths) return null;
  if (error !== undefined) {
    const why = whyItFailed(describeFailure(error), t);
    return <p>{t('evidence.keptLookupFailed', { why })}</p>;
  }
  if (!list || list.items.length === 0) return null;
  return (
    <div role="status">
      <p style={{ marginBottom: 0 }}>
        {isGone ? t('evidence.keptRecord') : t('evidence.keptRecords')}
      </p>
      <ul className={classes.list}>
        {list.items.map(record => (
          <li key={record.id}>
            <Link to={paths.record(record.id)} className={classes.title}>
              {record.title}
            </Link>
            ,{' '}
            {t('evidence.keptPart', {
              range: formatRange(record.range.from, record.range.to),
            })}
          </li>
        ))}
      </ul>
    </div>
  );
}
