/** What follows was recorded: it is true of its time, and does not change any more. */
import { LinkButton } from '@backstage/core-components';
import { makeStyles } from '@material-ui/core/styles';
import Alert from '@material-ui/lab/Alert';
import AlertTitle from '@material-ui/lab/AlertTitle';
import { formatFull } from '../format';
import { useWords } from '../translation';
import { Moment } from './Moment';

const useStyles = makeStyles(theme => ({
  // On a narrow screen the way out stands below the words, not beside them.
  root: {
    [theme.breakpoints.down('xs')]: {
      flexWrap: 'wrap',
      '& .MuiAlert-message': { flex: '1 1 0', minWidth: 0 },
      '& .MuiAlert-action': {
        flexBasis: '100%',
        margin: 0,
        padding: theme.spacing(0.5, 0, 0, 3.5),
      },
    },
  },
}));

export interface RecordedBannerProps {
  /** When it was frozen, epoch milliseconds. */
  at: number;
  name: string;
  /** The page of the same entity with living data; absent: there is none. */
  liveTo?: string;
}

export function RecordedBanner({ at, name, liveTo }: RecordedBannerProps) {
  const classes = useStyles();
  const t = useWords();
  return (
    <Alert
      className={classes.root}
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
