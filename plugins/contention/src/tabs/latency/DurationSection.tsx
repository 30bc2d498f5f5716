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
  const t = useWords();
  const { palette } = useTheme();
  const { zoomTo, drawn } = useReportPage();
  const [dragMode, setDragMode] = useState<DragMode>('select');
  const { distribution, heatmap } = requests;
  const title = t(ROLE_WORDS[requests.role].title);
  const summary = t('latency.durationSummary', {
    title,
    range: formatRange(range.from, range.to),
    number: formatCount(distribution.count),
    median: formatDuration(distribution.p50Seconds),
    p99: formatDuration(distribution.p99Seconds),
  });
  return (
    <Section
      title={title}
      subtitle={t('latency.durationHow')}
      table={<DurationTable report={report} title={title} />}
    >
      <HeatMap
        axis={axis}
        range={drawn}
        heatmap={heatmap}
        percentiles={requests}
        of="requests"
        yTitle={t('latency.duration')}
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
        <HeatKey heatmap={heatmap} of="requests" />
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
          label={t('latency.requestsPerSecond')}
          summary={t('latency.rateSummary', {
            range: formatRange(range.from, range.to),
            rate: formatRate(requests.ratePerSecond),
          })}
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
      caption={t('report.byWindow', { title: props.title })}
      columns={[
        windowColumn(t),
        {
          title: t('latency.requests'),
          numeric: true,
          cell: ({ index }) => formatCount(requests.countValues[index]),
        },
        {
          title: t('latency.rate'),
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
