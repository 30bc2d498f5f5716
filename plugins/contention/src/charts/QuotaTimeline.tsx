/** Share of periods in which a quota ran out, one line a quota, over time. */
import { useMemo } from 'react';
import type { ThrottlingReport } from 'backstage-plugin-contention-common';
import { formatShare } from '../format';
import { levelColour, LEVEL_DASH, useMode } from '../theme';
import { useWords } from '../translation';
import { stepArea, stepLine } from './layout/lines';
import { valueScale } from './layout/scales';
import { TimeChart, type TimelineProps } from './TimeChart';
import { useTimeFrame } from './useTimeFrame';

type Quota = ThrottlingReport['quotas'][number];

export interface QuotaTimelineProps extends TimelineProps {
  quotas: readonly Quota[];
  nameOf(quota: Quota): string;
}

export function QuotaTimeline(props: QuotaTimelineProps) {
  const { quotas, nameOf, height = 180, ...chart } = props;
  const { axis } = chart;
  const mode = useMode();
  const t = useWords();
  const frame = useTimeFrame(chart.range, height);
  const { plot, x } = frame;
  const y = useMemo(() => valueScale(0, 1, plot.height), [plot]);
  const known = (index: number) =>
    quotas
      .map(quota => ({ quota, value: quota.shareValues[index] }))
      .filter(({ value }) => typeof value === 'number');

  return (
    <TimeChart
      {...chart}
      frame={frame}
      yTicks={[0, 0.25, 0.5, 0.75, 1].map(value => ({
        at: y(value),
        text: formatShare(value),
      }))}
      yTitle={t('charts.shareStopped')}
      hasData={index => known(index).length > 0}
      rowsAt={index =>
        known(index).map(({ quota, value }) => ({
          key: quota.key,
          label: nameOf(quota),
          value: formatShare(value),
          swatch: { colour: levelColour(quota.level, mode), hatched: false },
        }))
      }
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
  );
}
