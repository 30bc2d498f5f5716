/** Things to know about data that is shown all the same: it is old, it is not all there, it could not be refreshed. */
import Button from '@material-ui/core/Button';
import Alert from '@material-ui/lab/Alert';
import AlertTitle from '@material-ui/lab/AlertTitle';
import type { Freshness, Problem } from 'backstage-plugin-contention-common';
import { formatAge, formatMoment, zoneAt } from '../format';
import { whyItFailed, type Failure } from '../report/failure';
import { useWords } from '../translation';
import { Moment } from './Moment';

/** The newest data is old, though the range reaches further. */
export function StaleBanner({ freshness }: { freshness: Freshness }) {
  const t = useWords();
  return (
    <Alert severity="warning" variant="outlined">
      <AlertTitle>
        <NoNewData freshness={freshness} />
      </AlertTitle>
      {freshness.staleNodes.length > 0 && (
        <>
          {t('states.quietNodes', {
            nodes: <QuietNodes nodes={freshness.staleNodes} />,
          })}{' '}
        </>
      )}
      {t('states.trueUpToThen')}
    </Alert>
  );
}

function NoNewData({ freshness }: { freshness: Freshness }) {
  const t = useWords();
  const { newest, ageSeconds } = freshness;
  if (newest === undefined) return <>{t('states.noDataArriving')}</>;
  const moment = (
    <Moment at={newest}>
      {formatMoment(newest)} {zoneAt(newest)}
    </Moment>
  );
  return ageSeconds === undefined
    ? t('states.noNewDataSince', { moment })
    : t('states.noNewDataSinceAge', { moment, age: formatAge(ageSeconds) });
}

function QuietNodes({ nodes }: { nodes: Freshness['staleNodes'] }) {
  const t = useWords();
  return (
    <>
      {nodes.map(({ cluster, node, lastSeen }, index) => (
        <span key={`${cluster}/${node}`}>
          {index > 0 && ', '}
          {t('states.quietNode', {
            node: <strong>{node}</strong>,
            moment: <Moment at={lastSeen}>{formatMoment(lastSeen)}</Moment>,
          })}
        </span>
      ))}
    </>
  );
}

/** Some nodes went quiet while others still report. */
export function QuietNodesBanner({ freshness }: { freshness: Freshness }) {
  const t = useWords();
  return (
    <Alert severity="info" variant="outlined">
      {freshness.staleNodes.map(({ cluster, node, lastSeen }, index) => (
        <span key={`${cluster}/${node}`}>
          {index > 0 && ' '}
          {t('states.nothingFromSince', {
            node: <strong>{node}</strong>,
            moment: <Moment at={lastSeen}>{formatMoment(lastSeen)}</Moment>,
          })}
        </span>
      ))}{' '}
      {t('states.othersUpToDate')}
    </Alert>
  );
}

/** A part of the answer failed; the rest stands. */
export function PartlyFailedBanner({ problems }: { problems: Problem[] }) {
  const t = useWords();
  return (
    <Alert severity="warning" variant="outlined">
      <AlertTitle>{t('states.partlyFailed')}</AlertTitle>
      <ul style={{ margin: 0, paddingLeft: 20 }}>
        {problems.map(problem => (
          <li key={`${problem.what} ${problem.detail}`}>
            <strong>{problem.what}</strong>: {problem.detail}
          </li>
        ))}
      </ul>
    </Alert>
  );
}

/** The newest attempt failed; what is shown is older. */
export function RefreshFailedBanner(props: {
  failure: Failure;
  receivedAtMs?: number;
  onRetry(): void;
}) {
  const { failure, receivedAtMs, onRetry } = props;
  const t = useWords();
  return (
    <Alert
      severity="error"
      variant="outlined"
      action={
        <Button color="inherit" size="small" onClick={onRetry}>
          {t('states.tryAgain')}
        </Button>
      }
    >
      <AlertTitle>
        {receivedAtMs === undefined
          ? t('states.couldNotRefresh')
          : t('states.couldNotRefreshFrom', {
              moment: (
                <Moment at={receivedAtMs}>
                  {formatMoment(Math.floor(receivedAtMs / 1000) * 1000)}
                </Moment>
              ),
            })}
      </AlertTitle>
      {whyItFailed(failure, t)}
      {failure.requestId && (
        <>
          {' '}
          (<code>{failure.requestId}</code>)
        </>
      )}
    </Alert>
  );
}
