/** Limit against need: what it used, what it was allowed, what it would have used. */
import { useState } from 'react';
import Tab from '@material-ui/core/Tab';
import Tabs from '@material-ui/core/Tabs';
import { useTheme } from '@material-ui/core/styles';
import type { ThrottlingReport } from 'backstage-plugin-contention-common';
import { Legend } from '../../charts/Legend';
import { NeedTimeline } from '../../charts/NeedTimeline';
import { formatCpus, formatRange } from '../../format';
import { useReportPage } from '../../report/ReportContext';
import { DataTable } from '../../tables/DataTable';
import { Section } from '../../tables/Section';
import { windowColumn, windowKey, windowRows } from '../../tables/timeTable';
import { levelColour, useMode, workingColour } from '../../theme';
import { useWords } from '../../translation';
import { useQuotaName } from './words';

export function NeedSection({ report }: { report: ThrottlingReport }) {
  const { axis, range, quotas } = report;
  const { zoomTo, drawn } = useReportPage();
  const mode = useMode();
  const t = useWords();
  const quotaName = useQuotaName();
  const { palette } = useTheme();
  const [chosen, setChosen] = useState<string>();
  const quota = quotas.find(({ key }) => key === chosen) ?? quotas[0];
  if (!quota) return null;
  const title = t('throttling.need');
  return (
    <Section
      title={title}
      subtitle={t('throttling.needHow')}
      table={
        <DataTable
          caption={t('throttling.needTable', {
            title,
            quota: quotaName(quota),
          })}
          columns={[
            windowColumn(t),
            {
              title: t('throttling.used'),
              numeric: true,
              cell: ({ index }) => formatCpus(quota.usedValues[index]),
            },
            {
              title: t('throttling.neededAtMost'),
              numeric: true,
              cell: ({ index }) => formatCpus(quota.needValues[index]),
            },
            {
              title: t('throttling.limit'),
              numeric: true,
              cell: () => formatCpus(quota.limitCpus),
            },
          ]}
          rows={windowRows(axis)}
          keyOf={windowKey}
          maxHeight={320}
        />
      }
    >
      {quotas.length > 1 && (
        <Tabs
          value={quota.key}
          onChange={(_, key: string) => setChosen(key)}
          variant="scrollable"
          indicatorColor="primary"
          aria-label={t('throttling.whichLimit')}
          style={{ marginBottom: 16 }}
        >
          {quotas.map(candidate => (
            <Tab
              key={candidate.key}
              value={candidate.key}
              label={quotaName(candidate)}
              style={{ textTransform: 'none' }}
            />
          ))}
        </Tabs>
      )}
      <NeedTimeline
        axis={axis}
        range={drawn}
        quota={quota}
        label={`${title}: ${quotaName(quota)}`}
        summary={t('throttling.needSummary', {
          quota: quotaName(quota),
          range: formatRange(range.from, range.to),
          used: formatCpus(quota.usedCpus),
          limit: formatCpus(quota.limitCpus),
          needed: formatCpus(quota.needCpus),
        })}
        onZoom={zoomTo}
      />
      <Legend
        entries={[
          {
            key: 'used',
            text: t('throttling.usedMean', {
              cpus: formatCpus(quota.usedCpus),
            }),
            swatch: { colour: workingColour(mode), hatched: false },
          },
          {
            key: 'limit',
            text: t('throttling.limitIs', {
              cpus: formatCpus(quota.limitCpus),
            }),
            line: { colour: levelColour(quota.level, mode), width: 2.5 },
          },
          {
            key: 'need',
            text: t('throttling.neededMean', {
              cpus: formatCpus(quota.needCpus),
            }),
            line: { colour: palette.text.primary, width: 1.5, dash: '5 3' },
          },
        ]}
      />
    </Section>
  );
}
