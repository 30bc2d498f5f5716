/** Throttling: which CPU limit stopped this entity, how long, and who burned the budget. */
import type { ThrottlingReport } from 'backstage-plugin-contention-common';
import { formatCount } from '../../format';
import { ReportPage } from '../../report/ReportPage';
import { useReports } from '../../report/ReportSource';
import { useWords } from '../../translation';
import { BurnersSection } from './BurnersSection';
import { HigherLimitsSection } from './HigherLimitsSection';
import { NeedSection } from './NeedSection';
import { PeriodsSection } from './PeriodsSection';
import { QuotasSection } from './QuotasSection';
import { StallsSection } from './StallsSection';

export function ThrottlingTab() {
  const reports = useReports();
  return (
    <ReportPage<ThrottlingReport>
      tab="throttling"
      ask={(entityRef, request, signal) =>
        reports.throttling(entityRef, request, { signal })
      }
      known={report => report.quotas.map(quota => quota.shareValues)}
      surety={report => <Ledger report={report} />}
    >
      {report => (
        <>
          <PeriodsSection report={report} />
          <NeedSection report={report} />
          <StallsSection report={report} />
          <BurnersSection report={report} />
          <HigherLimitsSection report={report} />
          <QuotasSection report={report} />
        </>
      )}
    </ReportPage>
  );
}

function Ledger({ report }: { report: ThrottlingReport }) {
  const t = useWords();
  const measured = report.stalls.reduce(
    (sum, { distribution }) => sum + distribution.count,
    0,
  );
  return (
    <p style={{ maxWidth: '90ch', marginBottom: 0 }}>
      {t('throttling.ledger', { file: <code>cpu.stat</code> })}
      {measured > 0 && (
        <> {t('throttling.besideLedger', { number: formatCount(measured) })}</>
      )}
    </p>
  );
}
