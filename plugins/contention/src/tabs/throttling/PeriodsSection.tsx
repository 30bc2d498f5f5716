/** The proof: in how many of its periods a quota ran out, over time. */
import type { ThrottlingReport } from 'backstage-plugin-contention-common';
import { Legend } from '../../charts/Legend';
import { QuotaTimeline } from '../../charts/QuotaTimeline';
import { formatRange, formatShare } from '../../format';
import { useReportPage } from '../../report/ReportContext';
import { DataTable } from '../../tables/DataTable';
import { Section } from '../../tables/Section';
import { windowColumn, windowKey, windowRows } from '../../tables/timeTable';
import { LEVEL_DASH, levelColour, useMode } from '../../theme';
import { quotaName } from './words';

export function PeriodsSection({ report }: { report: ThrottlingReport }) {
  const { axis, range, quotas } = report;
  const { zoomTo, drawn } = useReportPage();
  const mode = useMode();
  const title = 'How often its CPU limit stopped it';
  if (quotas.length === 0) {
    return (
      <Section title={title}>
        No CPU limit applies to it: nothing can stop it this way.
      </Section>
    );
  }
  const summary = quotas
    .map(quota => `${quotaName(quota)} ${formatShare(quota.throttledShare)}`)
    .join(', ');
  return (
    <Section
      title={title}
      subtitle={
        <>
          Share of the limit&apos;s periods (usually 100 ms each) in which the
          budget ran out.{zoomTo && ' Drag to zoom.'}
        </>
      }
      table={
        <DataTable
          caption={`${title}: share of periods, by window`}
          columns={[
            windowColumn,
            ...quotas.map(quota => ({
              title: quotaName(quota),
              numeric: true,
              cell: ({ index }: { index: number }) =>
                formatShare(quota.shareValues[index]),
            })),
          ]}
          rows={windowRows(axis)}
          keyOf={windowKey}
          maxHeight={320}
        />
      }
    >
      <QuotaTimeline
        axis={axis}
        range={drawn}
        quotas={quotas}
        nameOf={quotaName}
        label={title}
        summary={`${title}, ${formatRange(range.from, range.to)}: ${summary}`}
        onZoom={zoomTo}
      />
      <Legend
        entries={quotas.map(quota => ({
          key: quota.key,
          text: `${quotaName(quota)}: ${formatShare(
            quota.throttledShare,
          )} of periods`,
          line: {
            colour: levelColour(quota.level, mode),
            width: 2,
            dash: LEVEL_DASH[quota.level],
          },
        }))}
      />
    </Section>
  );
}
