/** Latency: for now, how long threads waited for a CPU. Says plainly what is not measured yet. */
import { useApi } from '@backstage/core-plugin-api';
import type { LatencyReport } from 'backstage-plugin-contention-common';
import { contentionApiRef } from '../../api';
import { formatCount, formatDuration } from '../../format';
import { Figures } from '../../report/Figures';
import { ReportPage } from '../../report/ReportPage';
import { BreakdownSection } from './BreakdownSection';
import { NotMeasuredSection } from './NotMeasuredSection';
import { OpenWaitsSection } from './OpenWaitsSection';
import { WaitSection } from './WaitSection';

export function LatencyTab() {
  const api = useApi(contentionApiRef);
  return (
    <ReportPage<LatencyReport>
      tab="latency"
      ask={(entityRef, request, signal) =>
        api.latency(entityRef, request, { signal })
      }
      known={report => [report.cpuWait.heatmap.counts]}
      figures={report => <WaitFigures report={report} />}
    >
      {report => (
        <>
          <WaitSection report={report} />
          <OpenWaitsSection report={report} />
          <BreakdownSection report={report} />
          <NotMeasuredSection report={report} />
        </>
      )}
    </ReportPage>
  );
}

function WaitFigures({ report }: { report: LatencyReport }) {
  const { distribution } = report.cpuWait;
  return (
    <Figures
      of={report.range}
      figures={[
        {
          name: 'median wait for a CPU',
          value: formatDuration(distribution.p50Seconds),
        },
        { name: 'p99', value: formatDuration(distribution.p99Seconds) },
        {
          name: 'longest',
          value: formatDuration(distribution.longestSeconds),
        },
        { name: 'waits', value: formatCount(distribution.count) },
      ]}
    />
  );
}
