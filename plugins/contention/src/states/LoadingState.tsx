/** The shape of a tab before its data is there, of the same height, so that nothing jumps. */
import Skeleton from '@material-ui/lab/Skeleton';
import Card from '@material-ui/core/Card';
import { makeStyles } from '@material-ui/core/styles';
import { useWords } from '../translation';

const useStyles = makeStyles(theme => ({
  root: { display: 'grid', gap: theme.spacing(3) },
  card: { padding: theme.spacing(2.5) },
}));

export function LoadingState() {
  const classes = useStyles();
  const t = useWords();
  return (
    <div
      className={classes.root}
      role="status"
      aria-label={t('states.loading')}
    >
      <Card className={classes.card}>
        <Skeleton width="72%" height={30} />
        <Skeleton width="38%" />
      </Card>
      <Card className={classes.card}>
        <Skeleton width="26%" height={30} />
        <Skeleton variant="rect" height={280} style={{ marginTop: 16 }} />
      </Card>
      <Card className={classes.card}>
        <Skeleton width="20%" height={30} />
        {[0, 1, 2, 3].map(row => (
          <Skeleton key={row} height={36} />
        ))}
      </Card>
    </div>
  );
}
