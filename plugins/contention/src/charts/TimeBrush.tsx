/**
 * Pointing and dragging on a time chart: crosshair, tooltip, drag to zoom or to select, and the same by keyboard (arrows
 * move, Shift and arrows select, Enter does it, Escape lets go). Lies over a chart; knows nothing of what the chart shows.
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
import { useWords } from '../translation';
import { useCursor } from './Cursor';
import { MARGIN, type TimeScale } from './layout/scales';
import {
  snapToWindows,
  windowAt,
  windowOf,
  type Stretch,
} from './layout/windows';

const LEAST_DRAG_PIXELS = 4;
/** Flatter than this, a drag means the time alone. */
const LEAST_BOX_PIXELS = 14;

/** What was dragged over: whole windows, epoch milliseconds; with `top` and `bottom`, pixels, only a part of the height. */
export interface Area extends Stretch {
  top?: number;
  bottom?: number;
}

const VERBS = {
  zoom: { keys: 'charts.keysZoom', letGo: 'charts.letGoZoom' },
  select: { keys: 'charts.keysSelect', letGo: 'charts.letGoSelect' },
  choose: { keys: 'charts.keysChoose', letGo: 'charts.letGoChoose' },
} as const;

/** What dragging across a chart does. */
export interface Drag {
  verb: keyof typeof VERBS;
  /** Up and down count as well. */
  isBox?: boolean;
  /** What the height of an area means, in words. */
  heightText?(area: Area): string | undefined;
  onArea(area: Area): void;
}

export function zoomDrag(onZoom: (fromMs: number, toMs: number) => void): Drag {
  return { verb: 'zoom', onArea: ({ from, to }) => onZoom(from, to) };
}

/** A point of a drag: epoch milliseconds, and pixels from the top of the plot where it has a height. */
interface Point {
  atMs: number;
  y?: number;
}

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
  /** From the upper edge of the chart to the plot, and its height, pixels. */
  top: number;
  plotHeight: number;
  /** What the chart is, for those who do not see it. */
  label: string;
  /** A window in one line, read out as the cursor moves. */
  describe(index: number): string;
  /** A window in detail, beside the crosshair. */
  tooltip(index: number): ReactNode;
  /** Absent: there is only the crosshair. */
  drag?: Drag;
}

export function TimeBrush(props: TimeBrushProps) {
  const { axis, x, range, top, plotHeight, label, describe, tooltip, drag } =
    props;
  const classes = useStyles();
  const t = useWords();
  const { atMs, setAtMs } = useCursor();
  const [here, setHere] = useState(false);
  const [anchor, setAnchor] = useState<Point>();
  const [pointerY, setPointerY] = useState<number>();
  const width = x.range()[1];
  const index = atMs === undefined ? -1 : windowAt(axis, atMs);
  const selection: Area | undefined =
    anchor !== undefined && atMs !== undefined
      ? {
          ...snapToWindows(axis, anchor.atMs, atMs, range),
          ...(drag?.isBox && heightOf(anchor.y, pointerY)),
        }
      : undefined;

  const release = () => {
    setAnchor(undefined);
    setPointerY(undefined);
    setAtMs(undefined);
    setHere(false);
  };
  const finish = (area: Area) => {
    release();
    drag?.onArea(area);
  };
  const pointOf = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const inside = (value: number, most: number) =>
      Math.min(Math.max(value, 0), most);
    return {
      atMs: Number(x.invert(inside(event.clientX - box.left, width))),
      y: inside(event.clientY - box.top, plotHeight),
    };
  };
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0 || !drag) return;
    event.currentTarget.setPointerCapture?.(event.pointerId);
    const point = pointOf(event);
    setAnchor(point);
    setPointerY(point.y);
    setAtMs(point.atMs);
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    const point = pointOf(event);
    setHere(true);
    setPointerY(point.y);
    setAtMs(point.atMs);
  };
  const onPointerUp = (event: PointerEvent<HTMLElement>) => {
    if (anchor === undefined) return;
    const dragged = Math.abs(x(pointOf(event).atMs) - x(anchor.atMs));
    const isDrag = dragged >= LEAST_DRAG_PIXELS || selection?.top !== undefined;
    if (selection && isDrag) finish(selection);
    else setAnchor(undefined);
  };
  const step = (by: number, selecting: boolean) => {
    const last = axis.startsMs.length - 1;
    const next = Math.min(Math.max(index < 0 ? last : index + by, 0), last);
    setPointerY(undefined);
    if (!selecting) setAnchor(undefined);
    else if (anchor === undefined)
      setAnchor({ atMs: middleOf(axis, Math.max(index, 0)) });
    setHere(true);
    setAtMs(middleOf(axis, next));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const marks = event.shiftKey && drag !== undefined;
    const keys: Record<string, () => void> = {
      ArrowLeft: () => step(-1, marks),
      ArrowRight: () => step(1, marks),
      PageUp: () => step(-10, marks),
      PageDown: () => step(10, marks),
      Home: () => step(-axis.startsMs.length, marks),
      End: () => step(axis.startsMs.length, marks),
      Enter: () => selection && finish(selection),
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
      style={{ left: MARGIN.left, top, width, height: plotHeight }}
      role="slider"
      tabIndex={0}
      aria-label={t(drag ? VERBS[drag.verb].keys : 'charts.keys', {
        chart: label,
      })}
      aria-valuemin={0}
      aria-valuemax={Math.max(axis.startsMs.length - 1, 0)}
      aria-valuenow={Math.max(index, 0)}
      aria-valuetext={
        index < 0
          ? t('charts.noMoment')
          : `${formatAbsolute(axis.startsMs[index])}: ${describe(index)}`
      }
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerLeave={() => anchor === undefined && release()}
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
            ...(selection.top !== undefined && {
              top: selection.top,
              bottom: plotHeight - (selection.bottom ?? plotHeight),
              borderWidth: 1,
            }),
          }}
        />
      )}
      {here && inside && index >= 0 && (
        <div
          className={classes.tooltip}
          style={{
            ...(cursorX > width / 2
              ? { right: width - cursorX + 12 }
              : { left: cursorX + 12 }),
            // What is being selected stays in sight.
            ...(selection && { top: 'auto', bottom: 0 }),
          }}
        >
          <div className={classes.when}>
            {selection ? whenText(selection) : whenText(windowOf(axis, index))}
          </div>
          {selection && drag ? (
            <>
              {drag.heightText?.(selection) && (
                <div className={classes.when}>{drag.heightText(selection)}</div>
              )}
              {t(VERBS[drag.verb].letGo)}
            </>
          ) : (
            tooltip(index)
          )}
        </div>
      )}
    </div>
  );
}

/** The height that a drag covers; none where it is flat or has no height, as by keyboard. */
function heightOf(
  a: number | undefined,
  b: number | undefined,
): Pick<Area, 'top' | 'bottom'> {
  if (a === undefined || b === undefined) return {};
  if (Math.abs(a - b) < LEAST_BOX_PIXELS) return {};
  return { top: Math.min(a, b), bottom: Math.max(a, b) };
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
