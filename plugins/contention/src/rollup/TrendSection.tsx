/** The proof: waiting over time, by who was on the other side. */
import { useState } from 'react';
import type { PairsReport } from 'backstage-plugin-contention-common';
import { Legend } from '../charts/Legend';
import { StackedTimeline } from '../charts/StackedTimeline';
import { formatDuration, formatNumber, formatRange } from '../format';
import { useReportPage } from '../report/ReportContext';
import { DataTable } from '../tables/DataTable';
import { Section } from '../tables/Section';
import { windowColumn, windowKey, windowRows } from '../tables/timeTable';
import { swatchOf, useLayers, useMode } from '../theme';
import { useWords } from '../translation';
import { ROLLUP_WORDS } from './words';

export function TrendSection({ report }: { report: PairsReport }) {
  const { axis, range, entity, direction, resource } = report;
  const layers = useLayers(report.layers);
  const { zoomTo, drawn } = useReportPage();
  const mode = useMode();
  const t = useWords();
  const [highlight, setHighlight] = useState<string>();
  const words = ROLLUP_WORDS[resource];
  const side = words[direction];
  const title = t(side.title, { name: entity.title });
  return (
    <Section
      title={title}
      subtitle={t(words.how)}
      table={
        <DataTable
          caption={t(words.table, { title })}
          columns={[
            windowColumn(t),
            ...layers.map(layer => ({
              title: layer.label,
              numeric: true,
              cell: ({ index }: { index: number }) =>
                (resource === 'cpu' ? formatDuration : formatNumber)(
                  layer.values[index],
                ),
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
        below={[]}
        of={resource}
        label={title}
        summary={`${title}, ${formatRange(range.from, range.to)}: ${
          layers.map(({ label }) => label).join(', ') || '–'
        }`}
        highlight={highlight}
        onZoom={zoomTo}
      />
      <Legend
        title={t(side.legend)}
        entries={layers.map(layer => ({
          key: layer.key,
          text: layer.label,
          swatch: swatchOf(layer.relation, layer.key, mode),
        }))}
        onHighlight={setHighlight}
      />
    </Section>
  );
}
