/** What to know before one believes the card: its data is old, or it could not be refreshed. A line each. */
import type { ReactNode } from 'react';
import { makeStyles } from '@material-ui/core/styles';
import ReportProblemIcon from '@material-ui/icons/ReportProblemOutlined';
import type { Freshness } from 'backstage-plugin-contention-common';
import { formatMoment, zoneAt } from '../format';
import { whyItFailed, type Failure } from '../report/failure';
import { Moment } from '../states/Moment';
import { useWords } from '../translation';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    gap: theme.spacing(1),
    marginBottom: theme.spacing(1),
    fontSize: theme.typography.pxToRem(13),
    lineHeight: 1.5,
  },
  icon: {
    fontSize: 18,
    marginTop: 1,
    color: theme.palette.type === 'dark' ? '#f0b13c' : '#a86500',
  },
}));

function Caution({ children }: { children: ReactNode }) {
  const classes = useStyles();
  return (
    <div className={classes.root}>
      <ReportProblemIcon className={classes.icon} />
      <span>{children}</span>
    </div>
  );
}

function Since({ at }: { at: number }) {
  const second = Math.floor(at / 1000) * 1000;
  return (
    <Moment at={at}>
      {formatMoment(second)} {zoneAt(second)}
    </Moment>
  );
}

/** The newest data is old, or some nodes went quiet while others still report. Nothing when all is up to date. */
export function StaleCaution({ freshness }: { freshness: Freshness }) {
  const t = useWords();
  const { newest, stale, staleNodes } = freshness;
  if (!stale) {
    return (
      <>
        {staleNodes.map(({ cluster, node, lastSeen }) => (
          <Caution key={`${cluster}/${node}`}>
            {t('card.nothingFrom', { node, moment: <Since at={lastSeen} /> })}
          </Caution>
        ))}
      </>
    );
  }
  const names = staleNodes.map(({ node }) => node).join(', ');
  return (
    <Caution>
      {newest === undefined
        ? t('states.noDataArriving')
        : t('states.noNewDataSince', { moment: <Since at={newest} /> })}
      {names && ` (${names})`}
    </Caution>
  );
}

/** The newest attempt failed; `receivedAtMs` is when the last one succeeded, epoch milliseconds. */
export function RefreshCaution(props: {
  failure: Failure;
  receivedAtMs: number;
}) {
  const t = useWords();
  return (
    <Caution>
      {t('card.noRefreshSince', {
        moment: <Since at={props.receivedAtMs} />,
        why: whyItFailed(props.failure, t),
      })}
    </Caution>
  );
}
