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
import { quotaName } from './words';

export function NeedSection({ report }: { report: ThrottlingReport }) {
  const { axis, range, quotas } = report;
  const { zoomTo, drawn } = useReportPage();
  const mode = useMode();
  const { palette } = useTheme();
  const [chosen, setChosen] = useState<string>();
  const quota = quotas.find(({ key }) => key === chosen) ?? quotas[0];
  if (!quota) return null;
  const title = 'Limit against need';
  return (
    <Section
      title={title}
      subtitle="CPUs used, allowed, and needed. Needed at most: what it used, and all the CPU time that was held back."
      table={
        <DataTable
          caption={`${title} of ${quotaName(quota)}, by window`}
          columns={[
            windowColumn,
            {
              title: 'Used',
              numeric: true,
              cell: ({ index }) => formatCpus(quota.usedValues[index]),
            },
            {
              title: 'Needed at most',
              numeric: true,
              cell: ({ index }) => formatCpus(quota.needValues[index]),
            },
            {
              title: 'Limit',
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
          aria-label="Which limit"
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
        summary={`${quotaName(quota)}, ${formatRange(
          range.from,
          range.to,
        )}: used ${formatCpus(quota.usedCpus)}, limit ${formatCpus(
          quota.limitCpus,
        )}, needed ${formatCpus(quota.needCpus)}`}
        onZoom={zoomTo}
      />
      <Legend
        entries={[
          {
            key: 'used',
            text: `used: ${formatCpus(quota.usedCpus)} on average`,
            swatch: { colour: workingColour(mode), hatched: false },
          },
          {
            key: 'limit',
            text: `limit: ${formatCpus(quota.limitCpus)}`,
            line: { colour: levelColour(quota.level, mode), width: 2.5 },
          },
          {
            key: 'need',
            text: `needed at most: ${formatCpus(quota.needCpus)} on average`,
            line: { colour: palette.text.primary, width: 1.5, dash: '5 3' },
          },
        ]}
      />
    </Section>
  );
}
