/** Who burned the budget, in the periods in which it ran out: the containers that share the limit, as bars. */
import { Link } from '@backstage/core-components';
import type { ThrottlingReport } from 'backstage-plugin-contention-common';
import { ShareBar } from '../../charts/ShareBar';
import { formatDuration } from '../../format';
import { useTabLink } from '../../report/links';
import { DataTable, type Column } from '../../tables/DataTable';
import { Section } from '../../tables/Section';
import { useMode, workingColour } from '../../theme';

type Burner = ThrottlingReport['burners'][number];

interface Words {
  title: string;
  subtitle: string;
  time: string;
}

const WORDS: Record<ThrottlingReport['burnSource'], Words> = {
  'throttled-periods': {
    title: 'Who burned the budget',
    subtitle:
      'CPU time in the throttled periods only, those in which the limit ran out, of the containers that share it. Measured as the kernel took it from the budget: who runs at other times burns nothing.',
    time: 'CPU time in throttled periods',
  },
  'cpu-time': {
    title: 'Who used the budget',
    subtitle:
      'All CPU time of the containers that share the limit in this range, also of periods in which it did not run out: what each used in the throttled periods was not measured.',
    time: 'CPU time in all periods',
  },
};

export function BurnersSection({ report }: { report: ThrottlingReport }) {
  const mode = useMode();
  const tabLink = useTabLink();
  const { burners, burnSource } = report;
  if (burners.length === 0) return null;
  const words = WORDS[burnSource];
  const swatch = { colour: workingColour(mode), hatched: false };
  const columns: Array<Column<Burner>> = [
    {
      title: 'Container',
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
      title: 'Share of the budget',
      width: '35%',
      cell: burner => <ShareBar share={burner.share} swatch={swatch} />,
    },
    {
      title: words.time,
      numeric: true,
      cell: ({ cpuSeconds }) => formatDuration(cpuSeconds),
    },
    { title: 'Pod', width: '25%', cell: ({ pod }) => pod ?? '' },
  ];
  return (
    <Section title={words.title} subtitle={words.subtitle}>
      <DataTable
        caption={words.title}
        columns={columns}
        rows={burners}
        keyOf={({ pod, container }) => `${pod}/${container}`}
      />
    </Section>
  );
}
