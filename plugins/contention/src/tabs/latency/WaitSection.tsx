/** The proof: every wait for a CPU, by when and how long. */
import type { LatencyReport } from 'backstage-plugin-contention-common';
import { HeatMap, PERCENTILES } from '../../charts/HeatMap';
import { Legend } from '../../charts/Legend';
import { HeatKey } from '../../charts/HeatKey';
import { formatCount, formatDuration, formatRange } from '../../format';
import { useReportPage } from '../../report/ReportContext';
import { DataTable } from '../../tables/DataTable';
import { Section } from '../../tables/Section';
import { windowColumn, windowKey, windowRows } from '../../tables/timeTable';
import { useWords } from '../../translation';
import { useTheme } from '@material-ui/core/styles';

export function WaitSection({ report }: { report: LatencyReport }) {
  const { axis, range, cpuWait } = report;
  const t = useWords();
  const title = t('latency.waits');
  const { zoomTo, drawn } = useReportPage();
  const { palette } = useTheme();
  const { distribution } = cpuWait;
  return (
    <Section
      title={title}
      subtitle={
        <>
          {t('latency.waitsHow')}
          {zoomTo && ` ${t('report.dragToZoom')}`}
        </>
      }
      table={<WaitTable report={report} />}
    >
      <HeatMap
        axis={axis}
        range={drawn}
        heatmap={cpuWait.heatmap}
        percentiles={cpuWait}
        of="waits"
        yTitle={t('latency.waitLength')}
        label={title}
        summary={t('latency.waitsSummary', {
          title,
          range: formatRange(range.from, range.to),
          number: formatCount(distribution.count),
          median: formatDuration(distribution.p50Seconds),
          p99: formatDuration(distribution.p99Seconds),
        })}
        onZoom={zoomTo}
      />
      <Legend
        entries={PERCENTILES.map(({ name, width, dash }) => ({
          key: name,
          text: name,
          line: { colour: palette.text.primary, width, dash },
        }))}
      />
      <HeatKey heatmap={cpuWait.heatmap} of="waits" />
    </Section>
  );
}

function WaitTable({ report }: { report: LatencyReport }) {
  const t = useWords();
  const { axis, cpuWait } = report;
  return (
    <DataTable
      caption={t('report.byWindow', { title: t('latency.waits') })}
      columns={[
        windowColumn(t),
        {
          title: t('latency.waitsNumber'),
          numeric: true,
          cell: ({ index }) =>
            formatCount(
              cpuWait.heatmap.counts[index]?.reduce((sum, n) => sum + n, 0),
            ),
        },
        ...PERCENTILES.map(({ key, name }) => ({
          title: name,
          numeric: true,
          cell: ({ index }: { index: number }) =>
            formatDuration(cpuWait[key][index]),
        })),
      ]}
      rows={windowRows(axis)}
      keyOf={windowKey}
      maxHeight={340}
    />
  );
}
