/**
 * Pointing and zooming on a time chart: crosshair, tooltip, drag to zoom, and the same by keyboard (arrows move, Shift
 * and arrows select, Enter zooms, Escape lets go). Lies over a chart; knows nothing of what the chart shows.
 */
import {
  useState,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
} from 'react';
import { alpha, makeStyles } from '@material-ui/core/styles';
import type { TimeAxis } from 'backstage-plugin-contention-common';
import { formatAbsolute, formatClock, formatDay, sameDay } from '../format';
import { useCursor } from './Cursor';
import { MARGIN, type TimeScale } from './layout/scales';
import {
  snapToWindows,
  windowAt,
  windowOf,
  type Stretch,
} from './layout/windows';

const LEAST_DRAG_PIXELS = 4;

const useStyles = makeStyles(theme => ({
  root: {
    position: 'absolute',
    cursor: 'crosshair',
    touchAction: 'pan-y',
    outlineOffset: 2,
    borderRadius: 2,
    '&:focus-visible': { outline: `2px solid ${theme.palette.primary.main}` },
  },
  line: {
    position: 'absolute',
    top: 0,
    bottom: 0,
    width: 1,
    background: theme.palette.text.primary,
    opacity: 0.55,
    pointerEvents: 'none',
  },
  selection: {
    position: 'absolute',
    top: 0,
    bottom: 0,
    pointerEvents: 'none',
    background: alpha(theme.palette.primary.main, 0.18),
    border: `solid ${theme.palette.primary.main}`,
    borderWidth: '0 1px',
  },
  tooltip: {
    position: 'absolute',
    top: 0,
    zIndex: 3,
    pointerEvents: 'none',
    minWidth: 180,
    maxWidth: 320,
    padding: theme.spacing(1, 1.5),
    borderRadius: theme.shape.borderRadius,
    background: theme.palette.background.paper,
    border: `1px solid ${theme.palette.divider}`,
    boxShadow: theme.shadows[4],
    fontSize: theme.typography.pxToRem(12),
    lineHeight: 1.5,
    fontVariantNumeric: 'tabular-nums',
  },
  when: { fontWeight: 600, marginBottom: 2, whiteSpace: 'nowrap' },
}));

export interface TimeBrushProps {
  axis: TimeAxis;
  x: TimeScale;
  range: Stretch;
  plotHeight: number;
  /** What the chart is, for those who do not see it. */
  label: string;
  /** A window in one line, read out as the cursor moves. */
  describe(index: number): string;
  /** A window in detail, beside the crosshair. */
  tooltip(index: number): ReactNode;
  onZoom?(fromMs: number, toMs: number): void;
}

export function TimeBrush(props: TimeBrushProps) {
  const { axis, x, range, plotHeight, label, describe, tooltip, onZoom } =
    props;
  const classes = useStyles();
  const { atMs, setAtMs } = useCursor();
  const [here, setHere] = useState(false);
  const [anchorMs, setAnchorMs] = useState<number>();
  const width = x.range()[1];
  const index = atMs === undefined ? -1 : windowAt(axis, atMs);
  const selection =
    anchorMs !== undefined && atMs !== undefined && onZoom
      ? snapToWindows(axis, anchorMs, atMs, range)
      : undefined;

  const release = () => {
    setAnchorMs(undefined);
    setAtMs(undefined);
    setHere(false);
  };
  const zoom = (stretch: Stretch) => {
    release();
    onZoom?.(stretch.from, stretch.to);
  };
  const moment = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const pixel = Math.min(Math.max(event.clientX - box.left, 0), width);
    return Number(x.invert(pixel));
  };
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0 || !onZoom) return;
    event.currentTarget.setPointerCapture?.(event.pointerId);
    setAnchorMs(moment(event));
    setAtMs(moment(event));
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    setHere(true);
    setAtMs(moment(event));
  };
  const onPointerUp = (event: PointerEvent<HTMLElement>) => {
    if (anchorMs === undefined) return;
    const dragged = Math.abs(x(moment(event)) - x(anchorMs));
    if (selection && dragged >= LEAST_DRAG_PIXELS) zoom(selection);
    else setAnchorMs(undefined);
  };
  const step = (by: number, selecting: boolean) => {
    const last = axis.startsMs.length - 1;
    const next = Math.min(Math.max(index < 0 ? last : index + by, 0), last);
    if (!selecting) setAnchorMs(undefined);
    else if (anchorMs === undefined)
      setAnchorMs(middleOf(axis, Math.max(index, 0)));
    setHere(true);
    setAtMs(middleOf(axis, next));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const keys: Record<string, () => void> = {
      ArrowLeft: () => step(-1, event.shiftKey),
      ArrowRight: () => step(1, event.shiftKey),
      PageUp: () => step(-10, event.shiftKey),
      PageDown: () => step(10, event.shiftKey),
      Home: () => step(-axis.startsMs.length, event.shiftKey),
      End: () => step(axis.startsMs.length, event.shiftKey),
      Enter: () => selection && zoom(selection),
      Escape: release,
    };
    const action = keys[event.key];
    if (!action || axis.startsMs.length === 0) return;
    event.preventDefault();
    action();
  };

  const cursorX = atMs === undefined ? undefined : x(atMs);
  const inside = cursorX !== undefined && cursorX >= 0 && cursorX <= width;
  return (
    <div
      className={classes.root}
      style={{ left: MARGIN.left, top: MARGIN.top, width, height: plotHeight }}
      role="slider"
      tabIndex={0}
      aria-label={`${label}. Arrow keys move through time${
        onZoom ? ', Shift with arrow keys selects, Enter zooms' : ''
      }`}
      aria-valuemin={0}
      aria-valuemax={Math.max(axis.startsMs.length - 1, 0)}
      aria-valuenow={Math.max(index, 0)}
      aria-valuetext={
        index < 0
          ? 'No moment chosen'
          : `${formatAbsolute(axis.startsMs[index])}: ${describe(index)}`
      }
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerLeave={() => anchorMs === undefined && release()}
      onPointerCancel={release}
      onBlur={release}
      onKeyDown={onKeyDown}
    >
      {inside && <div className={classes.line} style={{ left: cursorX }} />}
      {selection && (
        <div
          className={classes.selection}
          style={{
            left: x(selection.from),
            width: x(selection.to) - x(selection.from),
          }}
        />
      )}
      {here && inside && index >= 0 && (
        <div
          className={classes.tooltip}
          style={
            cursorX > width / 2
              ? { right: width - cursorX + 12 }
              : { left: cursorX + 12 }
          }
        >
          <div className={classes.when}>
            {selection ? whenText(selection) : whenText(windowOf(axis, index))}
          </div>
          {selection ? 'Let go to zoom' : tooltip(index)}
        </div>
      )}
    </div>
  );
}

function middleOf(axis: TimeAxis, index: number): number {
  const { from, to } = windowOf(axis, index);
  return (from + to) / 2;
}

function whenText({ from, to }: Stretch): string {
  const withDay = !sameDay(from, Date.now()) || !sameDay(from, to);
  const text = (ms: number) =>
    `${withDay ? `${formatDay(ms)} ` : ''}${formatClock(ms, true)}`;
  return `${text(from)} – ${text(to)}`;
}
