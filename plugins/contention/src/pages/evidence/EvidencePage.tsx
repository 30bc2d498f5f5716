/** One frozen record: what it is, whether it is what was frozen, who answered, and the tabs as they were. */
import { useCallback } from 'react';
import { useApi } from '@backstage/core-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import { useParams } from 'react-router-dom';
import type { Evidence } from 'backstage-plugin-contention-common';
import { contentionApiRef } from '../../api';
import { plainText } from '../../format';
import { describeFailure } from '../../report/failure';
import { useReport } from '../../report/useReport';
import { FailedState, LoadingState, NoRecordState } from '../../states';
import { useWords } from '../../translation';
import { SubPage } from '../SubPage';
import { AlteredBanner } from './AlteredBanner';
import { RecordHead } from './RecordHead';
import { RecordTabs } from './RecordTabs';
import { Replies } from './Replies';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr)',
    gap: theme.spacing(2.5),
    fontFamily: theme.typography.fontFamily,
    color: theme.palette.text.primary,
  },
}));

export function EvidencePage() {
  const { id = '' } = useParams();
  const api = useApi(contentionApiRef);
  const { report, error, refresh } = useReport<Evidence>({
    subject: id,
    range: '',
    ask: signal => api.evidence(id, { signal }),
  });
  const reload = useCallback(() => refresh(), [refresh]);
  if (report) return <Record record={report} onChange={reload} />;
  if (error === undefined) return <LoadingState />;
  const failure = describeFailure(error);
  return failure.status === 404 || failure.forbidden ? (
    <NoRecordState />
  ) : (
    <FailedState failure={failure} onRetry={refresh} />
  );
}

function Record(props: { record: Evidence; onChange(): void }) {
  const { record, onChange } = props;
  const classes = useStyles();
  const t = useWords();
  return (
    <SubPage
      title={plainText(record.title)}
      subtitle={t('evidence.recordOf', { name: record.entity.title })}
    >
      <div className={classes.root}>
        {record.integrity.state === 'altered' && (
          <AlteredBanner problems={record.integrity.problems} />
        )}
        <RecordHead record={record} />
        <Replies record={record} onReply={onChange} />
        <RecordTabs record={record} />
      </div>
    </SubPage>
  );
}
