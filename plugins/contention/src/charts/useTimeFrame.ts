/** The measured box of a chart over time, and the time across it. Every time line starts from it. */
import { useMemo, type RefObject } from 'react';
import { layoutFlags, type Flag } from './layout/flags';
import {
  MARGIN,
  plotOf,
  timeScale,
  type Plot,
  type TimeScale,
} from './layout/scales';
import type { Stretch } from './layout/windows';
import { useMarkers } from './Markers';
import { useWidth } from './useWidth';

/** Room for flags above the plot, where there are any. Pixels. */
const FLAGS_HEIGHT = 20;

export interface TimeFrame {
  /** Goes to the element whose width is the chart's. */
  ref: RefObject<HTMLDivElement>;
  /** Of the whole chart, pixels. */
  width: number;
  height: number;
  /** From the upper edge of the chart to the plot, pixels. */
  top: number;
  plot: Plot;
  /** Moments to pixels; what is outside the range is at its edge. */
  x: TimeScale;
  flags: Flag[];
}

/** `height`: of the chart without its flags, pixels. */
export function useTimeFrame(range: Stretch, height: number): TimeFrame {
  const [ref, width] = useWidth<HTMLDivElement>();
  const markers = useMarkers();
  return useMemo(() => {
    const plot = plotOf(width, height);
    const x = timeScale(range, plot.width).clamp(true);
    const flags = layoutFlags(markers, range, x);
    const more = flags.length > 0 ? FLAGS_HEIGHT : 0;
    return {
      ref,
      width,
      height: height + more,
      top: MARGIN.top + more,
      plot,
      x,
      flags,
    };
  }, [ref, width, height, range, markers]);
}
