/** What did not work, why, and the id that the logs know. */
import Alert from '@material-ui/lab/Alert';
import AlertTitle from '@material-ui/lab/AlertTitle';
import type { Failure } from '../report/failure';

export function FailureAlert(props: { title: string; failure?: Failure }) {
  const { title, failure } = props;
  if (!failure) return null;
  return (
    <Alert severity="error" variant="outlined">
      <AlertTitle>{title}</AlertTitle>
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
