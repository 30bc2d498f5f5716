/** The picture of a node: waiting over time, by who ran; a stretch of it chosen, and steps through time. */
import { useState } from 'react';
import type { Layer, NodeReport } from 'backstage-plugin-contention-common';
import { Legend, type LegendEntry } from '../../charts/Legend';
import { StackedTimeline } from '../../charts/StackedTimeline';
import { formatDuration, formatNumber, formatRange } from '../../format';
import { useReportPage } from '../../report/ReportContext';
import { DataTable } from '../../tables/DataTable';
import { Section } from '../../tables/Section';
import { windowColumn, windowKey, windowRows } from '../../tables/timeTable';
import { swatchOf, useLayers, useMode, type Mode } from '../../theme';
import { useWords } from '../../translation';
import { windowsIn } from './matrix';
import { PlayBar } from './PlayBar';
import type { Chosen } from './useChosen';

export interface TimeSectionProps extends Chosen {
  report: NodeReport;
  onZoom(fromMs: number, toMs: number): void;
}

export function TimeSection(props: TimeSectionProps) {
  const { report, chosen, choose, onZoom } = props;
  const { axis, range, node, resource } = report;
  const isCpu = resource === 'cpu';
  const layers = useLayers(report.layers);
  const layersApart = useLayers(report.layersApart);
  const { drawn } = useReportPage();
  const t = useWords();
  const mode = useMode();
  const [highlight, setHighlight] = useState<string>();
  const title = t(isCpu ? 'nodes.timeTitle' : 'nodes.queueTimeTitle', { node });
  const all = [...layers, ...layersApart];
  return (
    <Section
      title={title}
      subtitle={t(isCpu ? 'nodes.timeSubtitle' : 'nodes.queueTimeSubtitle')}
      table={
        <DataTable
          caption={title}
          columns={[
            windowColumn(t),
            ...all.map(layer => ({
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
      }
    >
      <StackedTimeline
        axis={axis}
        range={drawn}
        above={layers}
        below={layersApart}
        of={resource}
        label={title}
        summary={`${title}, ${formatRange(range.from, range.to)}: ${all
          .map(({ label }) => label)
          .join(', ')}`}
        highlight={highlight}
        selection={chosen}
        drag={{
          verb: 'choose',
          onArea: ({ from, to }) => choose({ from, to }),
        }}
      />
      <Legend
        title={t(isCpu ? 'nodes.above' : 'neighbours.aboveBehind')}
        entries={entriesOf(layers, mode)}
        onHighlight={setHighlight}
      />
      <Legend
        title={t('nodes.below')}
        entries={entriesOf(layersApart, mode)}
        onHighlight={setHighlight}
      />
      <PlayBar
        axis={axis}
        {...windowsIn(axis, chosen)}
        chosen={chosen}
        choose={choose}
        onZoom={onZoom}
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
