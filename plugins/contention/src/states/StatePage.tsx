/** The shape of a page that has something to say instead of data: a picture, a title, what it means, one action. */
import type { ReactNode } from 'react';
import Card from '@material-ui/core/Card';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap-reverse',
    alignItems: 'center',
    justifyContent: 'center',
    gap: theme.spacing(6),
    padding: theme.spacing(6, 4),
  },
  words: { flex: '1 1 380px', maxWidth: 620, minWidth: 0 },
  body: { margin: theme.spacing(1.5, 0, 3) },
  action: { '& .MuiButton-root': { textTransform: 'none' } },
  picture: { flex: '0 1 220px', color: theme.palette.text.secondary },
}));

export interface StatePageProps {
  /** Tests and screen readers know the state by its title. */
  title: string;
  children: ReactNode;
  picture: ReactNode;
  action?: ReactNode;
}

export function StatePage({
  title,
  children,
  picture,
  action,
}: StatePageProps) {
  const classes = useStyles();
  return (
    <Card role="region" aria-label={title}>
      <div className={classes.root}>
        <div className={classes.words}>
          <Typography variant="h5" component="h2">
            {title}
          </Typography>
          <Typography variant="body1" component="div" className={classes.body}>
            {children}
          </Typography>
          {action && <div className={classes.action}>{action}</div>}
        </div>
        <div className={classes.picture} aria-hidden>
          {picture}
        </div>
      </div>
    </Card>
  );
}
