/** How old the newest data is, counting on by itself. */
import { useEffect, useState } from 'react';
import { makeStyles } from '@material-ui/core/styles';
import type { Freshness } from 'backstage-plugin-contention-common';
import { formatAbsolute, formatAge } from '../format';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.75),
    color: theme.palette.text.secondary,
    fontSize: theme.typography.pxToRem(13),
    fontVariantNumeric: 'tabular-nums',
    whiteSpace: 'nowrap',
  },
  dot: { width: 8, height: 8, borderRadius: 4 },
}));

export interface AgeProps {
  freshness: Freshness;
  /** When the freshness was reported, epoch milliseconds. */
  receivedAtMs: number;
}

export function Age({ freshness, receivedAtMs }: AgeProps) {
  const classes = useStyles();
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const { newest, ageSeconds, stale } = freshness;
  if (newest === undefined || ageSeconds === undefined) return null;
  const age = ageSeconds + Math.max(0, nowMs - receivedAtMs) / 1000;
  return (
    <span
      className={classes.root}
      title={`Newest data: ${formatAbsolute(newest)}`}
    >
      <span
        className={classes.dot}
        style={{ background: stale ? '#d08700' : '#3a9d5d' }}
        aria-hidden
      />
      data {formatAge(age)} old
    </span>
  );
}
