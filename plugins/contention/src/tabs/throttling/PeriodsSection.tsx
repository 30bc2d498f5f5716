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
import { useWords } from '../../translation';
import { useQuotaName } from './words';

export function PeriodsSection({ report }: { report: ThrottlingReport }) {
  const { axis, range, quotas } = report;
  const { zoomTo, drawn } = useReportPage();
  const mode = useMode();
  const t = useWords();
  const quotaName = useQuotaName();
  const title = t('throttling.periods');
  if (quotas.length === 0) {
    return <Section title={title}>{t('throttling.noLimit')}</Section>;
  }
  const summary = quotas
    .map(quota => `${quotaName(quota)} ${formatShare(quota.throttledShare)}`)
    .join(', ');
  return (
    <Section
      title={title}
      subtitle={
        <>
          {t('throttling.periodsHow')}
          {zoomTo && ` ${t('report.dragToZoom')}`}
        </>
      }
      table={
        <DataTable
          caption={t('throttling.periodsTable', { title })}
          columns={[
            windowColumn(t),
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
          text: t('throttling.ofPeriods', {
            quota: quotaName(quota),
            share: formatShare(quota.throttledShare),
          }),
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
