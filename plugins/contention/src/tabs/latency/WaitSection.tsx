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

const TITLE = 'How long threads waited for a CPU';

export function WaitSection({ report }: { report: LatencyReport }) {
  const { axis, range, cpuWait } = report;
  const { zoomTo, drawn } = useReportPage();
  const { palette } = useTheme();
  const { distribution } = cpuWait;
  return (
    <Section
      title={TITLE}
      subtitle={
        <>
          Time across, length of the wait up, on a logarithmic scale. The
          stronger the colour, the more waits.{zoomTo && ' Drag to zoom.'}
        </>
      }
      table={<WaitTable report={report} />}
    >
      <HeatMap
        axis={axis}
        range={drawn}
        heatmap={cpuWait.heatmap}
        percentiles={cpuWait}
        noun="waits"
        yTitle="length of a wait"
        label={TITLE}
        summary={`${TITLE}, ${formatRange(range.from, range.to)}: ${formatCount(
          distribution.count,
        )} waits, median ${formatDuration(
          distribution.p50Seconds,
        )}, p99 ${formatDuration(distribution.p99Seconds)}`}
        onZoom={zoomTo}
      />
      <Legend
        entries={PERCENTILES.map(({ name, width, dash }) => ({
          key: name,
          text: name,
          line: { colour: palette.text.primary, width, dash },
        }))}
      />
      <HeatKey heatmap={cpuWait.heatmap} nouns={['wait', 'waits']} />
    </Section>
  );
}

function WaitTable({ report }: { report: LatencyReport }) {
  const t = useWords();
  const { axis, cpuWait } = report;
  return (
    <DataTable
      caption={`${TITLE}, by window`}
      columns={[
        windowColumn(t),
        {
          title: 'Waits',
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
