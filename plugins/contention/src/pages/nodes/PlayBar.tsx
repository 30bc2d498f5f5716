/**
 * Which stretch the matrix is of, and steps through time: one window back or forth, or all of them one after the other. Plays
 * only where the reader's system does not ask for less motion.
 */
import { useEffect, useState, type KeyboardEvent } from 'react';
import Button from '@material-ui/core/Button';
import IconButton from '@material-ui/core/IconButton';
import useMediaQuery from '@material-ui/core/useMediaQuery';
import { alpha, makeStyles } from '@material-ui/core/styles';
import PauseIcon from '@material-ui/icons/Pause';
import PlayArrowIcon from '@material-ui/icons/PlayArrow';
import SkipNextIcon from '@material-ui/icons/SkipNext';
import SkipPreviousIcon from '@material-ui/icons/SkipPrevious';
import type { TimeAxis } from 'backstage-plugin-contention-common';
import { windowOf, type Stretch } from '../../charts/layout/windows';
import { formatClock, formatRange, zoneAt } from '../../format';
import { useWords } from '../../translation';

/** Long enough to see what changed. */
const STEP_MS = 700;

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0.5, 1),
    marginTop: theme.spacing(1.5),
    padding: theme.spacing(0.5, 1.5),
    borderRadius: theme.shape.borderRadius,
    border: `1px solid ${theme.palette.divider}`,
    fontSize: theme.typography.pxToRem(14),
  },
  chosen: {
    borderColor: theme.palette.primary.main,
    background: alpha(theme.palette.primary.main, 0.08),
  },
  text: { flex: '1 1 240px', fontVariantNumeric: 'tabular-nums' },
  button: { textTransform: 'none' },
  note: { color: theme.palette.text.secondary },
}));

export interface PlayBarProps {
  axis: TimeAxis;
  /** The first and last window that the matrix is of. */
  first: number;
  last: number;
  chosen?: Stretch;
  choose(stretch: Stretch | undefined, replace?: boolean): void;
  onZoom(fromMs: number, toMs: number): void;
}

export function PlayBar(props: PlayBarProps) {
  const { axis, first, last, chosen, choose, onZoom } = props;
  const classes = useStyles();
  const t = useWords();
  const isStill = useMediaQuery('(prefers-reduced-motion: reduce)');
  const [isPlaying, setPlaying] = useState(false);
  const end = axis.startsMs.length - 1;
  const step = (by: number, replace = false) => {
    const from = by < 0 ? first : last;
    const next = chosen ? from + by : (by < 0 && end) || 0;
    choose(
      windowOf(axis, Math.min(Math.max(next, 0), Math.max(end, 0))),
      replace,
    );
  };
  const isAtEnd = Boolean(chosen) && last >= end;

  useEffect(() => {
    if (!isPlaying || isStill) return undefined;
    if (isAtEnd) {
      setPlaying(false);
      return undefined;
    }
    const timer = setTimeout(() => step(1, true), STEP_MS);
    return () => clearTimeout(timer);
    // Each step leads to the next: by what is chosen.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [isPlaying, isStill, isAtEnd, chosen?.from]);

  const togglePlaying = () => {
    if (!isPlaying && isAtEnd) choose(windowOf(axis, 0), true);
    setPlaying(!isPlaying);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    setPlaying(false);
    step(by);
  };
  if (end < 0) return null;
  return (
    <div
      className={`${classes.root} ${chosen ? classes.chosen : ''}`}
      role="toolbar"
      tabIndex={-1}
      aria-label={t('nodes.stepping')}
      onKeyDown={onKeyDown}
    >
      <span
        className={classes.text}
        role="status"
        aria-live={isPlaying ? 'off' : 'polite'}
      >
        {chosen
          ? t('nodes.chosen', { range: stretchText(chosen) })
          : t('nodes.whole')}
      </span>
      <IconButton
        size="small"
        aria-label={t('nodes.back')}
        disabled={Boolean(chosen) && first <= 0}
        onClick={() => step(-1)}
      >
        <SkipPreviousIcon />
      </IconButton>
      {!isStill && (
        <IconButton
          size="small"
          aria-label={isPlaying ? t('nodes.pause') : t('nodes.play')}
          onClick={togglePlaying}
        >
          {isPlaying ? <PauseIcon /> : <PlayArrowIcon />}
        </IconButton>
      )}
      <IconButton
        size="small"
        aria-label={t('nodes.forth')}
        disabled={isAtEnd}
        onClick={() => step(1)}
      >
        <SkipNextIcon />
      </IconButton>
      {chosen && (
        <>
          <Button
            size="small"
            className={classes.button}
            onClick={() => onZoom(chosen.from, chosen.to)}
          >
            {t('nodes.zoom')}
          </Button>
          <Button
            size="small"
            className={classes.button}
            onClick={() => {
              setPlaying(false);
              choose(undefined);
            }}
          >
            {t('nodes.showWhole')}
          </Button>
        </>
      )}
      {isStill && <span className={classes.note}>{t('nodes.stillness')}</span>}
    </div>
  );
}

/** `10:02:00 – 10:03:00 CET`, with the day where it is another. */
export function stretchText({ from, to }: Stretch): string {
  const isShort = to - from < 86_400_000;
  return isShort
    ? `${formatClock(from, true)} – ${formatClock(to, true)} ${zoneAt(to)}`
    : formatRange(from, to);
}
