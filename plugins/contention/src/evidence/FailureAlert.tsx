/** What did not work, why, and the id that the logs know. */
import Alert from '@material-ui/lab/Alert';
import AlertTitle from '@material-ui/lab/AlertTitle';
import { whyItFailed, type Failure } from '../report/failure';
import { useWords } from '../translation';

export function FailureAlert(props: { title: string; failure?: Failure }) {
  const { title, failure } = props;
  const t = useWords();
  if (!failure) return null;
  return (
    <Alert severity="error" variant="outlined">
      <AlertTitle>{title}</AlertTitle>
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
