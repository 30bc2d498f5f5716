/** What this page will show one day and does not measure yet: said, not left out. */
import type { LatencyReport } from 'backstage-plugin-contention-common';
import { Section } from '../../tables/Section';

export function NotMeasuredSection({ report }: { report: LatencyReport }) {
  const { notMeasured } = report;
  if (notMeasured.length === 0) return null;
  return (
    <Section title="Not measured yet">
      <ul style={{ margin: 0, paddingLeft: 20, maxWidth: '90ch' }}>
        {notMeasured.map(({ what, why }) => (
          <li key={what}>
            <strong>{what}</strong>: {why}
          </li>
        ))}
      </ul>
    </Section>
  );
}
