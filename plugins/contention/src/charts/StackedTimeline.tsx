/** Waiting over time, stacked by who ran: neighbours above the line, everything else mirrored below it. */
import { useMemo } from 'react';
import type { Layer, Resource } from 'backstage-plugin-contention-common';
import { formatDuration, formatNumber } from '../format';
import { swatchOf, useMode } from '../theme';
import { useTheme } from '@material-ui/core/styles';
import { useWords } from '../translation';
import { HatchPattern, usePatternId } from './Hatch';
import { layoutStack } from './layout/stack';
import type { Stretch } from './layout/windows';
import type { Drag } from './TimeBrush';
import { TimeChart, type TimelineProps } from './TimeChart';
import { useTimeFrame } from './useTimeFrame';

/** Below this many seconds of waiting a second, the picture stays small: nobody notices. */
const LEAST_TOP = 0.05;

export interface StackedTimelineProps extends TimelineProps {
  above: readonly Layer[];
  below: readonly Layer[];
  /** What is waited for, and so what the values are: seconds per second of threads, or packets at once. */
  of?: Resource;
  /** Only this layer in full colour. */
  highlight?: string;
  /** What dragging does instead of zooming. */
  drag?: Drag;
  /** The stretch that the rest of the page is of. */
  selection?: Stretch;
}

export function StackedTimeline(props: StackedTimelineProps) {
  const { above, below, highlight, selection, height = 280, ...more } = props;
  const { of = 'cpu', ...chart } = more;
  const { palette } = useTheme();
  const { axis } = chart;
  const mode = useMode();
  const t = useWords();
  const hatchId = usePatternId();
  const frame = useTimeFrame(chart.range, height);
  const { y, layers } = useMemo(
    () => layoutStack({ axis, above, below, leastTop: LEAST_TOP, ...frame }),
    [axis, above, below, frame],
  );
  const all = [...above, ...below];

  return (
    <TimeChart
      {...chart}
      frame={frame}
      yTicks={y.ticks(5).map(value => ({
        at: y(value),
        text: formatNumber(Math.abs(value)),
      }))}
      yTitle={t(
        of === 'cpu' ? 'charts.waitingPerSecond' : 'charts.packetsStanding',
      )}
      baseline={y(0)}
      hasData={index => all.some(({ values }) => isKnown(values[index]))}
      nothing={t(of === 'cpu' ? 'charts.noWaiting' : 'charts.noPackets')}
      rowsAt={index =>
        all
          .filter(({ values }) => (values[index] ?? 0) > 0)
          .map(({ key, label, relation, values }) => ({
            key,
            label,
            value:
              of === 'cpu'
                ? `${formatDuration(values[index])}/s`
                : formatNumber(values[index]),
            swatch: swatchOf(relation, key, mode),
          }))
      }
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
      {selection && (
        <rect
          x={frame.x(selection.from)}
          width={Math.max(frame.x(selection.to) - frame.x(selection.from), 2)}
          height={frame.plot.height}
          fill={palette.primary.main}
          fillOpacity={0.14}
          stroke={palette.primary.main}
          data-testid="chosen-stretch"
        />
      )}
    </TimeChart>
  );
}

function isKnown(value: number | null | undefined): boolean {
  return typeof value === 'number';
}
