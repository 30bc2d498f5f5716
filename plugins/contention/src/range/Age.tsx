/** How old the newest data is, counting on by itself. */
import { useEffect, useState } from 'react';
import { makeStyles } from '@material-ui/core/styles';
import type { Freshness } from 'backstage-plugin-contention-common';
import { formatAbsolute, formatAge } from '../format';
import { useWords } from '../translation';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.75),
    // The theme's quiet colour is too pale on the ground of a page.
    color: theme.palette.text.primary,
    opacity: 0.75,
    fontSize: theme.typography.pxToRem(13),
    fontVariantNumeric: 'tabular-nums',
    whiteSpace: 'nowrap',
  },
  dot: { width: 8, height: 8, borderRadius: 4 },
}));

/** Three intervals of an agent, seconds: as the backend, which knows of none that are shorter. */
const STALE_SECONDS = 30;

export interface AgeProps {
  freshness: Freshness;
  /** When the freshness was reported, epoch milliseconds. */
  receivedAtMs: number;
  /** When the next answer is due, milliseconds after the last; absent: never, as of a range that is fixed. */
  refreshMs?: number;
}

export function Age({ freshness, receivedAtMs, refreshMs }: AgeProps) {
  const classes = useStyles();
  const t = useWords();
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const { newest, ageSeconds, stale } = freshness;
  if (newest === undefined || ageSeconds === undefined) return null;
  const age = ageSeconds + Math.max(0, nowMs - receivedAtMs) / 1000;
  // Between two answers data grows older and is none the worse; what the backend calls new may be of a slower agent.
  const isOverdue =
    refreshMs !== undefined &&
    age > Math.max(STALE_SECONDS, ageSeconds) + refreshMs / 1000;
  return (
    <span
      className={classes.root}
      title={t('range.newest', { moment: formatAbsolute(newest) })}
    >
      <span
        className={classes.dot}
        style={{ background: stale || isOverdue ? '#d08700' : '#3a9d5d' }}
        aria-hidden
      />
      {t('range.age', { age: formatAge(age) })}
    </span>
  );
}
