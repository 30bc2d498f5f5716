/** Things to know about data that is shown all the same: it is old, it is not all there, it could not be refreshed. */
import Button from '@material-ui/core/Button';
import Alert from '@material-ui/lab/Alert';
import AlertTitle from '@material-ui/lab/AlertTitle';
import type { Freshness, Problem } from 'backstage-plugin-contention-common';
import { formatAge, formatMoment, zoneAt } from '../format';
import type { Failure } from '../report/failure';
import { Moment } from './Moment';

/** The newest data is old, though the range reaches further. */
export function StaleBanner({ freshness }: { freshness: Freshness }) {
  const { newest, ageSeconds, staleNodes } = freshness;
  return (
    <Alert severity="warning" variant="outlined">
      <AlertTitle>
        {newest === undefined ? (
          'No data is arriving'
        ) : (
          <>
            No new data since{' '}
            <Moment at={newest}>
              {formatMoment(newest)} {zoneAt(newest)}
            </Moment>
            {ageSeconds !== undefined && ` (${formatAge(ageSeconds)})`}
          </>
        )}
      </AlertTitle>
      {staleNodes.length > 0 ? (
        <>
          Nodes that went quiet:{' '}
          {staleNodes.map((node, index) => (
            <span key={`${node.cluster}/${node.node}`}>
              {index > 0 && ', '}
              <strong>{node.node}</strong> (last heard of{' '}
              <Moment at={node.lastSeen}>{formatMoment(node.lastSeen)}</Moment>)
            </span>
          ))}
          . What follows is true up to then.
        </>
      ) : (
        'What follows is true up to then.'
      )}
    </Alert>
  );
}

/** Some nodes went quiet while others still report. */
export function QuietNodesBanner({ freshness }: { freshness: Freshness }) {
  return (
    <Alert severity="info" variant="outlined">
      {freshness.staleNodes.map((node, index) => (
        <span key={`${node.cluster}/${node.node}`}>
          {index > 0 && ' '}
          Nothing from <strong>{node.node}</strong> since{' '}
          <Moment at={node.lastSeen}>{formatMoment(node.lastSeen)}</Moment>.
        </span>
      ))}{' '}
      The other nodes are up to date.
    </Alert>
  );
}

/** A part of the answer failed; the rest stands. */
export function PartlyFailedBanner({ problems }: { problems: Problem[] }) {
  return (
    <Alert severity="warning" variant="outlined">
      <AlertTitle>Some of it is missing; the rest is shown</AlertTitle>
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
  return (
    <Alert
      severity="error"
      variant="outlined"
      action={
        <Button color="inherit" size="small" onClick={onRetry}>
          Try again
        </Button>
      }
    >
      <AlertTitle>
        Could not refresh
        {receivedAtMs !== undefined && (
          <>
            : this is from{' '}
            <Moment at={receivedAtMs}>
              {formatMoment(Math.floor(receivedAtMs / 1000) * 1000)}
            </Moment>
          </>
        )}
      </AlertTitle>
      {failure.what}
      {failure.requestId && (
        <>
          {' '}
          (<code>{failure.requestId}</code>)
        </>
      )}
    </Alert>
  );
}
