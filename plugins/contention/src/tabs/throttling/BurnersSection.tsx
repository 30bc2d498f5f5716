/**
 * Who burned the budget, in the periods in which it ran out: the containers that share the limit, as bars. Not of a slice's limit:
 * who burned one is measured, but not which of the slices above it, so nobody of another service is accused of it.
 */
import { Link } from '@backstage/core-components';
import type { ThrottlingReport } from 'backstage-plugin-contention-common';
import { ShareBar } from '../../charts/ShareBar';
import { formatDuration } from '../../format';
import { useTabLink } from '../../report/links';
import { DataTable, type Column } from '../../tables/DataTable';
import { Section } from '../../tables/Section';
import { useMode, workingColour } from '../../theme';
import { useWords } from '../../translation';

type Burner = ThrottlingReport['burners'][number];

const WORDS = {
  'throttled-periods': {
    title: 'throttling.burned',
    subtitle: 'throttling.burnedHow',
    time: 'throttling.burnedTime',
  },
  'cpu-time': {
    title: 'throttling.usedUp',
    subtitle: 'throttling.usedUpHow',
    time: 'throttling.usedUpTime',
  },
} as const satisfies Record<ThrottlingReport['burnSource'], object>;

export function BurnersSection({ report }: { report: ThrottlingReport }) {
  const mode = useMode();
  const t = useWords();
  const tabLink = useTabLink();
  const { burners, burnSource } = report;
  const isStoppedBySlice = report.quotas.some(
    ({ level, throttledShare = 0 }) => level === 'slice' && throttledShare > 0,
  );
  if (burners.length === 0 && !isStoppedBySlice) return null;
  const words = WORDS[burnSource];
  const title = t(words.title);
  const swatch = { colour: workingColour(mode), hatched: false };
  const columns: Array<Column<Burner>> = [
    {
      title: t('report.container'),
      header: true,
      width: '20%',
      cell: ({ container, party }) => {
        const entity = party?.entities[0];
        return (
          <>
            <strong>{container}</strong>
            {entity && entity.entityRef !== report.entity.entityRef && (
              <>
                {' '}
                <Link to={tabLink(entity.entityRef, 'throttling')}>
                  {entity.title}
                </Link>
              </>
            )}
          </>
        );
      },
    },
    {
      title: t('throttling.shareOfBudget'),
      width: '35%',
      cell: burner => <ShareBar share={burner.share} swatch={swatch} />,
    },
    {
      title: t(words.time),
      numeric: true,
      cell: ({ cpuSeconds }) => formatDuration(cpuSeconds),
    },
    { title: t('report.pod'), width: '25%', cell: ({ pod }) => pod ?? '' },
  ];
  return (
    <Section
      title={title}
      subtitle={burners.length > 0 ? t(words.subtitle) : undefined}
    >
      {burners.length > 0 && (
        <DataTable
          caption={title}
          columns={columns}
          rows={burners}
          keyOf={({ pod, container }) => `${pod}/${container}`}
        />
      )}
      {isStoppedBySlice && (
        <p style={{ maxWidth: '90ch' }}>{t('throttling.sliceBurn')}</p>
      )}
    </Section>
  );
}
