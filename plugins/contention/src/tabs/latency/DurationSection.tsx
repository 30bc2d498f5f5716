/** The proof: every request, by when it ended and how long it took; and how many there were. */
import { useState } from 'react';
import { makeStyles, useTheme } from '@material-ui/core/styles';
import type { LatencyReport } from 'backstage-plugin-contention-common';
import { HeatKey } from '../../charts/HeatKey';
import { HeatMap, PERCENTILES } from '../../charts/HeatMap';
import { Legend } from '../../charts/Legend';
import { RateTimeline } from '../../charts/RateTimeline';
import {
  formatCount,
  formatDuration,
  formatRate,
  formatRange,
} from '../../format';
import { useReportPage } from '../../report/ReportContext';
import { DataTable } from '../../tables/DataTable';
import { Section } from '../../tables/Section';
import { windowColumn, windowKey, windowRows } from '../../tables/timeTable';
import { useWords } from '../../translation';
import { SelectionBar, type DragMode } from './SelectionBar';
import type { LatencyQuestion } from './useLatencyQuestion';
import { ROLE_WORDS } from './words';

const useStyles = makeStyles(theme => ({
  keys: { display: 'flex', flexWrap: 'wrap', alignItems: 'center' },
  rate: { marginTop: theme.spacing(2.5) },
}));

export interface DurationSectionProps {
  report: LatencyReport;
  question: LatencyQuestion;
}

export function DurationSection(props: DurationSectionProps) {
  const { report, question } = props;
  const { axis, range, requests } = report;
  const { selection, select } = question;
  const classes = useStyles();
  const { palette } = useTheme();
  const { zoomTo, drawn } = useReportPage();
  const [dragMode, setDragMode] = useState<DragMode>('select');
  const { distribution, heatmap } = requests;
  const { title } = ROLE_WORDS[requests.role];
  const summary = `${title}, ${formatRange(range.from, range.to)}: ${formatCount(
    distribution.count,
  )} requests, median ${formatDuration(
    distribution.p50Seconds,
  )}, p99 ${formatDuration(distribution.p99Seconds)}`;
  return (
    <Section
      title={title}
      subtitle="From the first byte of a request to the first byte of its response. Time across, duration up, on a logarithmic scale: the stronger the colour, the more requests."
      table={<DurationTable report={report} title={title} />}
    >
      <HeatMap
        axis={axis}
        range={drawn}
        heatmap={heatmap}
        percentiles={requests}
        noun="requests"
        yTitle="duration"
        label={title}
        summary={summary}
        onZoom={zoomTo}
        selection={selection}
        onSelect={dragMode === 'select' ? select : undefined}
      />
      <div className={classes.keys}>
        <Legend
          entries={PERCENTILES.map(({ name, width, dash }) => ({
            key: name,
            text: name,
            line: { colour: palette.text.primary, width, dash },
          }))}
        />
        <HeatKey heatmap={heatmap} nouns={['request', 'requests']} />
      </div>
      {select && zoomTo && (
        <SelectionBar
          selection={selection}
          dragMode={dragMode}
          onDragMode={setDragMode}
          onClear={() => select({})}
          onZoom={zoomTo}
        />
      )}
      <div className={classes.rate}>
        <RateTimeline
          axis={axis}
          range={drawn}
          values={requests.rateValues}
          noun="requests"
          label="Requests per second"
          summary={`Requests per second, ${formatRange(
            range.from,
            range.to,
          )}: ${formatRate(requests.ratePerSecond)} on average`}
          onZoom={zoomTo}
        />
      </div>
    </Section>
  );
}

function DurationTable(props: { report: LatencyReport; title: string }) {
  const t = useWords();
  const { axis, requests } = props.report;
  return (
    <DataTable
      caption={`${props.title}, by window`}
      columns={[
        windowColumn(t),
        {
          title: 'Requests',
          numeric: true,
          cell: ({ index }) => formatCount(requests.countValues[index]),
        },
        {
          title: 'Rate',
          numeric: true,
          cell: ({ index }) => formatRate(requests.rateValues[index]),
        },
        ...PERCENTILES.map(({ key, name }) => ({
          title: name,
          numeric: true,
          cell: ({ index }: { index: number }) =>
            formatDuration(requests[key][index]),
        })),
      ]}
      rows={windowRows(axis)}
      keyOf={windowKey}
      maxHeight={340}
    />
  );
}
