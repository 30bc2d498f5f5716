/** Waiting over time, stacked by who ran: neighbours above the line, everything else mirrored below it. */
import { useMemo } from 'react';
import type { Layer, TimeAxis } from 'backstage-plugin-contention-common';
import { formatDuration, formatNumber } from '../format';
import { swatchOf, useMode } from '../theme';
import { HatchPattern, usePatternId } from './Hatch';
import { layoutStack } from './layout/stack';
import { plotOf } from './layout/scales';
import type { Stretch } from './layout/windows';
import { TimeChart } from './TimeChart';
import { TooltipRows } from './TooltipRows';
import { useWidth } from './useWidth';

/** Below this many seconds of waiting a second, the picture stays small: nobody notices. */
const LEAST_TOP = 0.05;

export interface StackedTimelineProps {
  axis: TimeAxis;
  range: Stretch;
  above: readonly Layer[];
  below: readonly Layer[];
  label: string;
  summary: string;
  /** Only this layer in full colour. */
  highlight?: string;
  onZoom(fromMs: number, toMs: number): void;
  height?: number;
}

export function StackedTimeline(props: StackedTimelineProps) {
  const { axis, range, above, below, highlight, height = 280 } = props;
  const mode = useMode();
  const hatchId = usePatternId();
  const [ref, width] = useWidth<HTMLDivElement>();
  const plot = useMemo(() => plotOf(width, height), [width, height]);
  const { x, y, layers, gaps } = useMemo(
    () => layoutStack({ axis, range, above, below, plot, leastTop: LEAST_TOP }),
    [axis, range, above, below, plot],
  );

  const rowsAt = (index: number) =>
    [...above, ...below]
      .map(layer => ({ layer, value: layer.values[index] }))
      .filter(({ value }) => typeof value === 'number' && value > 0);
  const describe = (index: number) =>
    rowsAt(index)
      .map(({ layer, value }) => `${layer.label} ${formatDuration(value)}`)
      .join(', ') || 'no waiting';
  const tooltip = (index: number) => {
    const rows = rowsAt(index);
    if (rows.length === 0) {
      const known = [...above, ...below].some(
        layer => typeof layer.values[index] === 'number',
      );
      return known ? 'No waiting' : 'No data';
    }
    return (
      <TooltipRows
        rows={rows.map(({ layer, value }) => ({
          key: layer.key,
          label: layer.label,
          value: `${formatDuration(value)}/s`,
          swatch: swatchOf(layer.relation, layer.key, mode),
        }))}
      />
    );
  };

  return (
    <div ref={ref}>
      <TimeChart
        axis={axis}
        range={range}
        x={x}
        width={width}
        height={height}
        yTicks={y.ticks(5).map(value => ({
          at: y(value),
          text: formatNumber(Math.abs(value)),
        }))}
        yTitle="seconds of waiting per second"
        gaps={gaps}
        baseline={y(0)}
        label={props.label}
        summary={props.summary}
        describe={describe}
        tooltip={tooltip}
        onZoom={props.onZoom}
      >
        {layers.map(({ layer, path }) => {
          const swatch = swatchOf(layer.relation, layer.key, mode);
          const id = `${hatchId}-${layer.relation}`;
          return (
            <g
              key={`${layer.relation}-${layer.key}`}
              opacity={highlight && highlight !== layer.key ? 0.25 : 1}
            >
              {swatch.hatched && (
                <defs>
                  <HatchPattern id={id} colour={swatch.colour} />
                </defs>
              )}
              <path
                d={path}
                fill={swatch.hatched ? `url(#${id})` : swatch.colour}
              />
            </g>
          );
        })}
      </TimeChart>
    </div>
  );
}
