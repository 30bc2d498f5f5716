/** How many requests a second, over time: a low strip that answers "is it only more of them?". */
import { useMemo } from 'react';
import { max } from 'd3-array';
import { useTheme } from '@material-ui/core/styles';
import { formatNumber, formatRate } from '../format';
import { useWords } from '../translation';
import { stepArea } from './layout/lines';
import { valueScale } from './layout/scales';
import { TimeChart, type TimelineProps } from './TimeChart';
import { useTimeFrame } from './useTimeFrame';

export interface RateTimelineProps extends TimelineProps {
  /** Per second, by window. */
  values: ReadonlyArray<number | null>;
}

export function RateTimeline(props: RateTimelineProps) {
  const t = useWords();
  const { values, height = 96, ...chart } = props;
  const { palette } = useTheme();
  const frame = useTimeFrame(chart.range, height);
  const { plot, x } = frame;
  const y = useMemo(() => {
    const highest = max(values, value => value ?? 0) ?? 0;
    return valueScale(0, highest || 1, plot.height);
  }, [values, plot]);
  return (
    <TimeChart
      {...chart}
      frame={frame}
      yTicks={y
        .ticks(2)
        .map(value => ({ at: y(value), text: formatNumber(value) }))}
      yTitle={t('charts.requestsPerSecond')}
      hasData={index => typeof values[index] === 'number'}
      rowsAt={index =>
        typeof values[index] === 'number'
          ? [
              {
                key: 'rate',
                label: t('charts.requests'),
                value: formatRate(values[index]),
              },
            ]
          : []
      }
    >
      <path
        d={stepArea(chart.axis, values, x, y, plot.height)}
        fill={palette.text.secondary}
        fillOpacity={0.45}
      />
    </TimeChart>
  );
}
