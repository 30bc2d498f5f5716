/** The backend could not answer. Says what, gives the id that the logs know, and tries again. */
import Button from '@material-ui/core/Button';
import RefreshIcon from '@material-ui/icons/Refresh';
import { whyItFailed, type Failure } from '../report/failure';
import { useWords } from '../translation';
import { CodeBlock } from './CodeBlock';
import { FailedPicture } from './pictures';
import { StatePage } from './StatePage';

export function FailedState(props: { failure: Failure; onRetry(): void }) {
  const { failure, onRetry } = props;
  const t = useWords();
  return (
    <StatePage
      title={t('states.failedTitle')}
      picture={<FailedPicture />}
      action={
        <Button
          variant="contained"
          color="primary"
          startIcon={<RefreshIcon />}
          onClick={onRetry}
        >
          {t('states.tryAgain')}
        </Button>
      }
    >
      <p>{whyItFailed(failure, t)}</p>
      {failure.requestId && (
        <CodeBlock text={failure.requestId} label={t('states.theRequest')} />
      )}
    </StatePage>
  );
}
