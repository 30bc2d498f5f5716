/** The proof: waiting over time, by who ran. */
import { useState } from 'react';
import type {
  Layer,
  NeighboursReport,
} from 'backstage-plugin-contention-common';
import { Legend, type LegendEntry } from '../../charts/Legend';
import { StackedTimeline } from '../../charts/StackedTimeline';
import { formatDuration, formatRange } from '../../format';
import { useReportPage } from '../../report/ReportContext';
import { DataTable } from '../../tables/DataTable';
import { Section } from '../../tables/Section';
import { windowColumn, windowKey, windowRows } from '../../tables/timeTable';
import { swatchOf, useMode, type Mode } from '../../theme';

export function WaitingSection({ report }: { report: NeighboursReport }) {
  const { axis, range, layers, layersApart, entity, direction } = report;
  const { zoomTo, drawn } = useReportPage();
  const mode = useMode();
  const [highlight, setHighlight] = useState<string>();
  const suffered = direction === 'suffered';
  const title = suffered
    ? `What ${entity.title} waited for`
    : `Who waited while ${entity.title} ran`;
  const names = [...layers, ...layersApart]
    .map(({ label }) => label)
    .join(', ');
  return (
    <Section
      title={title}
      subtitle={
        <>
          {suffered
            ? 'Seconds of waiting per second, all its threads together. Above the line: while neighbours ran. Below it: everything else.'
            : 'Seconds that others waited per second while this ran.'}
          {zoomTo && ' Drag to zoom.'}
        </>
      }
      table={<WaitingTable report={report} title={title} />}
    >
      <StackedTimeline
        axis={axis}
        range={drawn}
        above={layers}
        below={layersApart}
        label={title}
        summary={`${title}, ${formatRange(range.from, range.to)}: ${
          names || 'nothing'
        }`}
        highlight={highlight}
        onZoom={zoomTo}
      />
      <Legend
        title={suffered ? 'above: while these ran' : 'these waited'}
        entries={entriesOf(layers, mode)}
        onHighlight={setHighlight}
      />
      <Legend
        title="below: everything else"
        entries={entriesOf(layersApart, mode)}
        onHighlight={setHighlight}
      />
    </Section>
  );
}

function entriesOf(layers: readonly Layer[], mode: Mode): LegendEntry[] {
  return layers.map(layer => ({
    key: layer.key,
    text: layer.label,
    swatch: swatchOf(layer.relation, layer.key, mode),
  }));
}

function WaitingTable(props: { report: NeighboursReport; title: string }) {
  const { report, title } = props;
  const layers = [...report.layers, ...report.layersApart];
  return (
    <DataTable
      caption={`${title}: seconds of waiting per second, by window`}
      columns={[
        windowColumn,
        ...layers.map(layer => ({
          title: layer.label,
          numeric: true,
          cell: ({ index }: { index: number }) =>
            formatDuration(layer.values[index]),
        })),
      ]}
      rows={windowRows(report.axis)}
      keyOf={windowKey}
      maxHeight={320}
    />
  );
}
