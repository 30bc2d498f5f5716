/** What follows was recorded: it is true of its time, and does not change any more. */
import { LinkButton } from '@backstage/core-components';
import Alert from '@material-ui/lab/Alert';
import AlertTitle from '@material-ui/lab/AlertTitle';
import { formatFull } from '../format';
import { useWords } from '../translation';
import { Moment } from './Moment';

export interface RecordedBannerProps {
  /** When it was frozen, epoch milliseconds. */
  at: number;
  name: string;
  /** The page of the same entity with living data; absent: there is none. */
  liveTo?: string;
}

export function RecordedBanner({ at, name, liveTo }: RecordedBannerProps) {
  const t = useWords();
  return (
    <Alert
      severity="info"
      variant="outlined"
      role="note"
      action={
        liveTo && (
          <LinkButton
            to={liveTo}
            color="inherit"
            size="small"
            style={{ textTransform: 'none' }}
          >
            {t('evidence.recordedLive', { name })}
          </LinkButton>
        )
      }
    >
      <AlertTitle>
        {t('evidence.recordedTitle', {
          moment: <Moment at={at}>{formatFull(at)}</Moment>,
        })}
      </AlertTitle>
      {t('evidence.recordedBody')}
    </Alert>
  );
}
