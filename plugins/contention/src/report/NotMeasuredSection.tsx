/** What can make a service slow and is not on this page: said, not left out. */
import type { NotMeasured } from 'backstage-plugin-contention-common';
import { Section } from '../tables/Section';
import { useWords } from '../translation';

export function NotMeasuredSection({
  notMeasured = [],
}: {
  notMeasured?: NotMeasured;
}) {
  const t = useWords();
  if (notMeasured.length === 0) return null;
  return (
    <Section title={t('report.notMeasured')}>
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
