/** Share of periods in which a quota ran out, one line a quota, over time. */
import { useMemo } from 'react';
import type {
  ThrottlingReport,
  TimeAxis,
} from 'backstage-plugin-contention-common';
import { formatShare } from '../format';
import { levelColour, LEVEL_DASH, useMode } from '../theme';
import { stepArea, stepLine } from './layout/lines';
import { plotOf, timeScale, valueScale } from './layout/scales';
import { gapsOf, runsOf, type Stretch } from './layout/windows';
import { TimeChart } from './TimeChart';
import { TooltipRows } from './TooltipRows';
import { useWidth } from './useWidth';

type Quota = ThrottlingReport['quotas'][number];

export interface QuotaTimelineProps {
  axis: TimeAxis;
  range: Stretch;
  quotas: readonly Quota[];
  nameOf(quota: Quota): string;
  label: string;
  summary: string;
  onZoom(fromMs: number, toMs: number): void;
  height?: number;
}

export function QuotaTimeline(props: QuotaTimelineProps) {
  const { axis, range, quotas, nameOf, height = 180 } = props;
  const mode = useMode();
  const [ref, width] = useWidth<HTMLDivElement>();
  const plot = useMemo(() => plotOf(width, height), [width, height]);
  const x = useMemo(
    () => timeScale(range, plot.width).clamp(true),
    [range, plot],
  );
  const y = useMemo(() => valueScale(0, 1, plot.height), [plot]);
  const gaps = useMemo(() => {
    const runs = runsOf(axis, index =>
      quotas.some(quota => typeof quota.shareValues[index] === 'number'),
    );
    return gapsOf(axis, runs, range);
  }, [axis, quotas, range]);
  const known = (index: number) =>
    quotas
      .map(quota => ({ quota, value: quota.shareValues[index] }))
      .filter(({ value }) => typeof value === 'number');

  return (
    <div ref={ref}>
      <TimeChart
        axis={axis}
        range={range}
        x={x}
        width={width}
        height={height}
        yTicks={[0, 0.25, 0.5, 0.75, 1].map(value => ({
          at: y(value),
          text: formatShare(value),
        }))}
        yTitle="share of periods stopped"
        gaps={gaps}
        label={props.label}
        summary={props.summary}
        describe={index =>
          known(index)
            .map(({ quota, value }) => `${nameOf(quota)} ${formatShare(value)}`)
            .join(', ') || 'no data'
        }
        tooltip={index => (
          <TooltipRows
            rows={known(index).map(({ quota, value }) => ({
              key: quota.key,
              label: nameOf(quota),
              value: formatShare(value),
              swatch: {
                colour: levelColour(quota.level, mode),
                hatched: false,
              },
            }))}
          />
        )}
        onZoom={props.onZoom}
      >
        {quotas.map((quota, index) => {
          const colour = levelColour(quota.level, mode);
          return (
            <g key={quota.key}>
              {index === 0 && (
                <path
                  d={stepArea(axis, quota.shareValues, x, y, plot.height)}
                  fill={colour}
                  fillOpacity={0.22}
                />
              )}
              <path
                d={stepLine(axis, quota.shareValues, x, y)}
                fill="none"
                stroke={colour}
                strokeWidth={2}
                strokeDasharray={LEVEL_DASH[quota.level]}
              />
            </g>
          );
        })}
      </TimeChart>
    </div>
  );
}
