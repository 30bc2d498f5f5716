/** A small picture of one series: when, not how much. Its numbers stand beside it. */
import { max } from 'd3-array';
import type { TimeAxis } from 'backstage-plugin-contention-common';
import { stepArea } from './layout/lines';
import { timeScale, valueScale } from './layout/scales';

/** Units across where the width is not known; stretched to fit. */
const FLUID_WIDTH = 400;

export interface SparkLineProps {
  axis: TimeAxis;
  range: { from: number; to: number };
  values: ReadonlyArray<number | null>;
  colour: string;
  label: string;
  /** Pixels; absent: as wide as its place. */
  width?: number;
  height?: number;
  /** The value at the upper edge; several spark lines with the same `top` can be compared. */
  top?: number;
}

export function SparkLine(props: SparkLineProps) {
  const { axis, range, values, colour, label, width, height = 24 } = props;
  const inner = width ?? FLUID_WIDTH;
  const x = timeScale(range, inner).clamp(true);
  const top = props.top ?? max(values, value => value ?? 0) ?? 0;
  const y = valueScale(0, top || 1, height - 1);
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${inner} ${height}`}
      preserveAspectRatio="none"
      width={width ?? '100%'}
      height={height}
      style={{ display: 'block', maxWidth: '100%' }}
    >
      <path d={stepArea(axis, values, x, y, height - 1)} fill={colour} />
      <line
        x2={inner}
        y1={height - 0.5}
        y2={height - 0.5}
        stroke={colour}
        strokeOpacity={0.5}
      />
    </svg>
  );
}
