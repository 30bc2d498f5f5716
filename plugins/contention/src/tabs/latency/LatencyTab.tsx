/**
 * Latency: how slow, since when, and what the slow requests were made of; below, how long threads waited for a CPU. Says
 * plainly what is not measured.
 */
import { lazy, Suspense } from 'react';
import Typography from '@material-ui/core/Typography';
import type { LatencyReport } from 'backstage-plugin-contention-common';
import { formatShare } from '../../format';
import { NotMeasuredSection } from '../../report/NotMeasuredSection';
import { ReportPage } from '../../report/ReportPage';
import { useReports } from '../../report/ReportSource';
import { useWords } from '../../translation';
import { AnatomySection } from './AnatomySection';
import { ComparisonSection } from './ComparisonSection';
import { DurationSection } from './DurationSection';
import { NoRequestsSection } from './NoRequestsSection';
import { OpenWaitsSection } from './OpenWaitsSection';
import { RequestBreakdownSection } from './RequestBreakdownSection';
import { requestFigures } from './requestFigures';
import { RoleSwitch } from './RoleSwitch';
import { WHOM_IT_HELD_UP } from './usePartLink';
import { useLatencyQuestion, type LatencyQuestion } from './useLatencyQuestion';
import { WaitBreakdownSection } from './WaitBreakdownSection';
import { WaitSection } from './WaitSection';
import { WorstSection } from './WorstSection';
import { WorstWaitsSection } from './WorstWaitsSection';

/** With a call of its own: the sentence does not wait for it. */
const PeersSection = lazy(() => import('./peers/PeersSection'));

export function LatencyTab() {
  const reports = useReports();
  const t = useWords();
  const question = useLatencyQuestion();
  const { role, options, setRole } = question;
  return (
    <ReportPage<LatencyReport>
      tab="latency"
      aspect={role}
      elsewhereTab="neighbours"
      elsewhere={WHOM_IT_HELD_UP}
      part={JSON.stringify(options)}
      controls={report => (
        <RoleSwitch
          role={role}
          roles={report?.requests.roles}
          onRole={setRole}
        />
      )}
      ask={(entityRef, request, signal) =>
        reports.latency(entityRef, request, { ...options, signal })
      }
      known={report => [
        report.cpuWait.heatmap.counts,
        report.requests.heatmap.counts,
      ]}
      figures={report => (hasRequests(report) ? requestFigures(report, t) : [])}
      surety={report => <Estimates report={report} />}
    >
      {report => (
        <>
          {hasRequests(report) ? (
            <RequestSections report={report} question={question} />
          ) : (
            <>
              <NoRequestsSection requests={report.requests} onRole={setRole} />
              <Peers report={report} />
            </>
          )}
          <Typography variant="h5" component="h2">
            {t('latency.waitInDetail')}
          </Typography>
          <WaitSection report={report} />
          <OpenWaitsSection report={report} />
          <WorstWaitsSection report={report} />
          <WaitBreakdownSection report={report} />
          <NotMeasuredSection notMeasured={report.notMeasured} />
        </>
      )}
    </ReportPage>
  );
}

function hasRequests({ requests }: LatencyReport): boolean {
  return requests.roles[requests.role].state === 'measured';
}

function RequestSections(props: {
  report: LatencyReport;
  question: LatencyQuestion;
}) {
  const { report } = props;
  return (
    <>
      <DurationSection {...props} />
      <AnatomySection {...props} />
      <WorstSection {...props} />
      <Peers report={report} />
      <RequestBreakdownSection report={report} />
      <ComparisonSection report={report} />
    </>
  );
}

function Peers({ report }: { report: LatencyReport }) {
  return (
    <Suspense fallback={null}>
      <PeersSection entityRef={report.entity.entityRef} />
    </Suspense>
  );
}

/** How sure we are of the requests: which of them are exchanges. */
function Estimates({ report }: { report: LatencyReport }) {
  const t = useWords();
  const { estimatedShare, distribution } = report.requests;
  if (distribution.count === 0) return null;
  return (
    <p style={{ maxWidth: '90ch', marginBottom: 0 }}>
      {estimatedShare
        ? t('latency.requestsEstimated', { share: formatShare(estimatedShare) })
        : t('latency.requestsExact')}
    </p>
  );
}
