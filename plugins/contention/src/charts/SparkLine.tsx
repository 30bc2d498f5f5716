/** A small picture of one series: when, not how much. Its numbers stand beside it. */
import { max } from 'd3-array';
import type { TimeAxis } from 'backstage-plugin-contention-common';
import { stepArea } from './layout/lines';
import { timeScale, valueScale } from './layout/scales';

export interface SparkLineProps {
  axis: TimeAxis;
  range: { from: number; to: number };
  values: ReadonlyArray<number | null>;
  colour: string;
  label: string;
  width?: number;
  height?: number;
  /** The value at the upper edge; several spark lines with the same `top` can be compared. */
  top?: number;
}

export function SparkLine(props: SparkLineProps) {
  const {
    axis,
    range,
    values,
    colour,
    label,
    width = 120,
    height = 24,
  } = props;
  const x = timeScale(range, width).clamp(true);
  const top = props.top ?? max(values, value => value ?? 0) ?? 0;
  const y = valueScale(0, top || 1, height - 1);
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      width={width}
      height={height}
      style={{ display: 'block', maxWidth: '100%' }}
    >
      <path d={stepArea(axis, values, x, y, height - 1)} fill={colour} />
      <line
        x2={width}
        y1={height - 0.5}
        y2={height - 0.5}
        stroke={colour}
        strokeOpacity={0.5}
      />
    </svg>
  );
}
