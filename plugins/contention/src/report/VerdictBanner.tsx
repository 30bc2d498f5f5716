/** The sentence: the first thing on every tab, and for a person on call the only one. */
import type { ReactNode } from 'react';
import Card from '@material-ui/core/Card';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { Verdict } from 'backstage-plugin-contention-common';
import { formatMoment, zoneAt } from '../format';
import { Moment } from '../states/Moment';
import { saysWhen } from '../sentence/saysWhen';
import { Sentence } from '../sentence/Sentence';
import { VerdictMark } from '../sentence/VerdictMark';
import { useMode, verdictColour } from '../theme';
import { useWords } from '../translation';

const useStyles = makeStyles(theme => ({
  root: { borderLeft: '6px solid' },
  inside: {
    display: 'flex',
    gap: theme.spacing(2),
    padding: theme.spacing(2.5, 3),
    [theme.breakpoints.down('xs')]: {
      flexDirection: 'column',
      gap: theme.spacing(1),
      padding: theme.spacing(2),
    },
  },
  words: { flex: 1, minWidth: 0 },
  sentence: {
    fontSize: theme.typography.pxToRem(20),
    lineHeight: 1.45,
    fontWeight: 400,
    maxWidth: '84ch',
    textWrap: 'pretty',
    [theme.breakpoints.down('xs')]: { fontSize: theme.typography.pxToRem(18) },
  },
  since: { marginTop: theme.spacing(0.75) },
}));

export interface VerdictBannerProps {
  verdict: Verdict;
  /** The verdict is of data that is not the newest: grey, whatever it says. */
  outdated?: boolean;
  linkTo(entityRef: string): string;
  /** A few figures under the sentence. */
  children?: ReactNode;
}

export function VerdictBanner({
  verdict,
  outdated = false,
  linkTo,
  children,
}: VerdictBannerProps) {
  const classes = useStyles();
  const mode = useMode();
  const t = useWords();
  const { since, sentence } = verdict;
  return (
    <Card
      className={classes.root}
      style={{ borderLeftColor: verdictColour(verdict, mode, outdated) }}
      data-testid="contention-verdict"
      data-cause={verdict.cause}
    >
      <div className={classes.inside}>
        <VerdictMark verdict={verdict} outdated={outdated} />
        <div className={classes.words}>
          <Typography className={classes.sentence} component="p">
            <Sentence sentence={sentence} linkTo={linkTo} />
          </Typography>
          {since !== undefined && !saysWhen(sentence, since) && (
            <Typography
              className={classes.since}
              variant="body2"
              color="textSecondary"
            >
              {t('report.since', {
                moment: (
                  <Moment at={since}>
                    {formatMoment(since)} {zoneAt(since)}
                  </Moment>
                ),
              })}
            </Typography>
          )}
          {children}
        </div>
      </div>
    </Card>
  );
}
