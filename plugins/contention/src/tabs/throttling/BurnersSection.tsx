/** Who used the budget up: the containers that share the limit, as bars. */
import { Link } from '@backstage/core-components';
import type { ThrottlingReport } from 'backstage-plugin-contention-common';
import { ShareBar } from '../../charts/ShareBar';
import { formatDuration } from '../../format';
import { useTabLink } from '../../report/links';
import { DataTable, type Column } from '../../tables/DataTable';
import { Section } from '../../tables/Section';
import { useMode, workingColour } from '../../theme';

type Burner = ThrottlingReport['burners'][number];

const SOURCES: Record<ThrottlingReport['burnSource'], string> = {
  'throttled-periods':
    'CPU time of the containers that share the limit, in the periods in which it ran out.',
  'cpu-time':
    'All CPU time of the containers that share the limit in this range, also of periods in which it did not run out.',
};

export function BurnersSection({ report }: { report: ThrottlingReport }) {
  const mode = useMode();
  const tabLink = useTabLink();
  const { burners, burnSource } = report;
  if (burners.length === 0) return null;
  const swatch = { colour: workingColour(mode), hatched: false };
  const columns: Array<Column<Burner>> = [
    {
      title: 'Container',
      header: true,
      width: '30%',
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
      title: 'Share of the budget',
      width: '40%',
      cell: burner => <ShareBar share={burner.share} swatch={swatch} />,
    },
    {
      title: 'CPU time',
      numeric: true,
      cell: ({ cpuSeconds }) => formatDuration(cpuSeconds),
    },
    { title: 'Pod', cell: ({ pod }) => pod ?? '' },
  ];
  return (
    <Section title="Who used the budget up" subtitle={SOURCES[burnSource]}>
      <DataTable
        caption="Who used the budget up"
        columns={columns}
        rows={burners}
        keyOf={({ pod, container }) => `${pod}/${container}`}
      />
    </Section>
  );
}
