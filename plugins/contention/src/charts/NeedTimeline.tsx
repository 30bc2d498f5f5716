/** CPU used against what the quota allows and what would have been used without it. */
import { useMemo } from 'react';
import { max } from 'd3-array';
import { useTheme } from '@material-ui/core/styles';
import type { ThrottlingReport } from 'backstage-plugin-contention-common';
import { formatCpus, formatNumber } from '../format';
import { levelColour, useMode, workingColour } from '../theme';
import { useWords } from '../translation';
import { stepArea, stepLine } from './layout/lines';
import { valueScale } from './layout/scales';
import { TimeChart, type TimelineProps } from './TimeChart';
import { useTimeFrame } from './useTimeFrame';

type Quota = ThrottlingReport['quotas'][number];

export interface NeedTimelineProps extends TimelineProps {
  quota: Quota;
}

export function NeedTimeline(props: NeedTimelineProps) {
  const { quota, height = 180, ...chart } = props;
  const { usedValues, needValues, limitCpus } = quota;
  const { axis } = chart;
  const mode = useMode();
  const t = useWords();
  const { palette } = useTheme();
  const frame = useTimeFrame(chart.range, height);
  const { plot, x } = frame;
  const y = useMemo(() => {
    const highest =
      max(
        [...usedValues, ...needValues, limitCpus ?? 0],
        value => value ?? 0,
      ) ?? 0;
    return valueScale(0, Math.max(highest * 1.1, 0.1), plot.height);
  }, [usedValues, needValues, limitCpus, plot]);
  const limitColour = levelColour(quota.level, mode);

  return (
    <TimeChart
      {...chart}
      frame={frame}
      yTicks={y
        .ticks(4)
        .map(value => ({ at: y(value), text: formatNumber(value) }))}
      yTitle={t('charts.cpus')}
      hasData={index => typeof usedValues[index] === 'number'}
      rowsAt={index => [
        {
          key: 'used',
          label: t('charts.used'),
          value: formatCpus(usedValues[index]),
        },
        {
          key: 'need',
          label: t('charts.neededAtMost'),
          value: formatCpus(needValues[index]),
        },
        {
          key: 'limit',
          label: t('charts.limit'),
          value: formatCpus(limitCpus),
        },
      ]}
    >
      <path
        d={stepArea(axis, usedValues, x, y, plot.height)}
        fill={workingColour(mode)}
        fillOpacity={0.7}
      />
      <path
        d={stepLine(axis, needValues, x, y)}
        fill="none"
        stroke={palette.text.primary}
        strokeWidth={1.5}
        strokeDasharray="5 3"
      />
      {limitCpus !== undefined && (
        <line
          x2={plot.width}
          y1={y(limitCpus)}
          y2={y(limitCpus)}
          stroke={limitColour}
          strokeWidth={2.5}
        />
      )}
    </TimeChart>
  );
}
