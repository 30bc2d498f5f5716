/** CPU used against what the quota allows and what would have been used without it. */
import { useMemo } from 'react';
import { max } from 'd3-array';
import { useTheme } from '@material-ui/core/styles';
import type {
  ThrottlingReport,
  TimeAxis,
} from 'backstage-plugin-contention-common';
import { formatCpus, formatNumber } from '../format';
import { levelColour, useMode, workingColour } from '../theme';
import { stepArea, stepLine } from './layout/lines';
import { plotOf, timeScale, valueScale } from './layout/scales';
import { gapsOf, runsOf, type Stretch } from './layout/windows';
import { TimeChart } from './TimeChart';
import { TooltipRows } from './TooltipRows';
import { useWidth } from './useWidth';

type Quota = ThrottlingReport['quotas'][number];

export interface NeedTimelineProps {
  axis: TimeAxis;
  range: Stretch;
  quota: Quota;
  label: string;
  summary: string;
  onZoom(fromMs: number, toMs: number): void;
  height?: number;
}

export function NeedTimeline(props: NeedTimelineProps) {
  const { axis, range, quota, height = 180 } = props;
  const { usedValues, needValues, limitCpus } = quota;
  const mode = useMode();
  const { palette } = useTheme();
  const [ref, width] = useWidth<HTMLDivElement>();
  const plot = useMemo(() => plotOf(width, height), [width, height]);
  const x = useMemo(
    () => timeScale(range, plot.width).clamp(true),
    [range, plot],
  );
  const y = useMemo(() => {
    const highest =
      max(
        [...usedValues, ...needValues, limitCpus ?? 0],
        value => value ?? 0,
      ) ?? 0;
    return valueScale(0, Math.max(highest * 1.1, 0.1), plot.height);
  }, [usedValues, needValues, limitCpus, plot]);
  const gaps = useMemo(
    () =>
      gapsOf(
        axis,
        runsOf(axis, index => typeof usedValues[index] === 'number'),
        range,
      ),
    [axis, usedValues, range],
  );
  const limitColour = levelColour(quota.level, mode);
  const rowsAt = (index: number) => [
    { key: 'used', label: 'used', value: formatCpus(usedValues[index]) },
    {
      key: 'need',
      label: 'needed at most',
      value: formatCpus(needValues[index]),
    },
    { key: 'limit', label: 'limit', value: formatCpus(limitCpus) },
  ];

  return (
    <div ref={ref}>
      <TimeChart
        axis={axis}
        range={range}
        x={x}
        width={width}
        height={height}
        yTicks={y
          .ticks(4)
          .map(value => ({ at: y(value), text: formatNumber(value) }))}
        yTitle="CPUs"
        gaps={gaps}
        label={props.label}
        summary={props.summary}
        describe={index =>
          rowsAt(index)
            .map(({ label, value }) => `${label} ${value}`)
            .join(', ')
        }
        tooltip={index => <TooltipRows rows={rowsAt(index)} />}
        onZoom={props.onZoom}
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
    </div>
  );
}
