/** The proof: waiting over time, by who ran. */
import { useState } from 'react';
import type {
  Layer,
  NeighboursReport,
  Resource,
  TimeAxis,
} from 'backstage-plugin-contention-common';
import { Legend, type LegendEntry } from '../../charts/Legend';
import { StackedTimeline } from '../../charts/StackedTimeline';
import { formatDuration, formatNumber, formatRange } from '../../format';
import { useReportPage } from '../../report/ReportContext';
import { DataTable } from '../../tables/DataTable';
import { Section } from '../../tables/Section';
import { windowColumn, windowKey, windowRows } from '../../tables/timeTable';
import { swatchOf, useLayers, useMode, type Mode } from '../../theme';
import { useWords } from '../../translation';
import { SIDE_WORDS } from './words';

export function WaitingSection({ report }: { report: NeighboursReport }) {
  const t = useWords();
  const { axis, range, entity, direction, resource } = report;
  const layers = useLayers(report.layers);
  const layersApart = useLayers(report.layersApart);
  const { zoomTo, drawn } = useReportPage();
  const mode = useMode();
  const [highlight, setHighlight] = useState<string>();
  const side = SIDE_WORDS[resource][direction];
  const title = t(side.title, { name: entity.title });
  const names = [...layers, ...layersApart]
    .map(({ label }) => label)
    .join(', ');
  return (
    <Section
      title={title}
      subtitle={
        <>
          {t(side.how)}
          {zoomTo && ` ${t('report.dragToZoom')}`}
        </>
      }
      table={
        <WaitingTable
          resource={resource}
          axis={axis}
          layers={[...layers, ...layersApart]}
          title={title}
        />
      }
    >
      <StackedTimeline
        axis={axis}
        range={drawn}
        above={layers}
        below={layersApart}
        of={resource}
        label={title}
        summary={`${title}, ${formatRange(range.from, range.to)}: ${
          names || t('neighbours.nothing')
        }`}
        highlight={highlight}
        onZoom={zoomTo}
      />
      <Legend
        title={t(side.above)}
        entries={entriesOf(layers, mode)}
        onHighlight={setHighlight}
      />
      <Legend
        title={t('neighbours.below')}
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

function WaitingTable(props: {
  resource: Resource;
  axis: TimeAxis;
  layers: readonly Layer[];
  title: string;
}) {
  const { resource, axis, layers, title } = props;
  const isCpu = resource === 'cpu';
  const t = useWords();
  return (
    <DataTable
      caption={t(
        isCpu ? 'neighbours.waitingTable' : 'neighbours.packetsTable',
        { title },
      )}
      columns={[
        windowColumn(t),
        ...layers.map(layer => ({
          title: layer.label,
          numeric: true,
          cell: ({ index }: { index: number }) =>
            (isCpu ? formatDuration : formatNumber)(layer.values[index]),
        })),
      ]}
      rows={windowRows(axis)}
      keyOf={windowKey}
      maxHeight={320}
    />
  );
}
