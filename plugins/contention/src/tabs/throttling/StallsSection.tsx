/** How long threads stood still: the whole distribution, because an average of it means nothing. */
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type {
  Distribution,
  ThrottlingReport,
} from 'backstage-plugin-contention-common';
import { Histogram } from '../../charts/Histogram';
import { formatCount, formatDuration } from '../../format';
import { DataTable } from '../../tables/DataTable';
import { Section } from '../../tables/Section';
import { levelColour, useMode, usePartWords } from '../../theme';
import { useWords, type Words } from '../../translation';

const useStyles = makeStyles(theme => ({
  grid: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(360px, 1fr))',
    gap: theme.spacing(3),
  },
  level: { fontWeight: 600 },
}));

export function StallsSection({ report }: { report: ThrottlingReport }) {
  const classes = useStyles();
  const mode = useMode();
  const t = useWords();
  const { levelName, levelWord } = usePartWords();
  const stalls = report.stalls.filter(
    ({ distribution }) => distribution.count > 0,
  );
  if (stalls.length === 0) return null;
  const title = t('throttling.stalls');
  const rows = stalls.flatMap(({ level, distribution }) =>
    distribution.buckets
      .filter(bucket => bucket.count > 0)
      .map(bucket => ({ level, ...bucket })),
  );
  return (
    <Section
      title={title}
      subtitle={t('throttling.stallsHow')}
      table={
        <DataTable
          caption={title}
          columns={[
            {
              title: t('throttling.standingStill'),
              header: true,
              cell: row =>
                t('throttling.fromTo', {
                  from: formatDuration(row.fromSeconds),
                  to: formatDuration(row.toSeconds),
                }),
            },
            {
              title: t('throttling.limitOf'),
              cell: row => levelName(row.level),
            },
            {
              title: t('throttling.stops'),
              numeric: true,
              cell: row => formatCount(row.count),
            },
          ]}
          rows={rows}
          keyOf={row => `${row.level} ${row.fromSeconds}`}
          maxHeight={320}
        />
      }
    >
      <div className={classes.grid}>
        {stalls.map(({ level, distribution }) => (
          <div key={level}>
            <Typography variant="body1" className={classes.level}>
              {levelWord(level)}
            </Typography>
            <Typography variant="body2" color="textSecondary">
              {summaryOf(distribution, t)}
            </Typography>
            <Histogram
              distribution={distribution}
              colour={levelColour(level, mode)}
              summary={`${levelWord(level)}: ${summaryOf(distribution, t)}`}
            />
          </div>
        ))}
      </div>
    </Section>
  );
}

function summaryOf(distribution: Distribution, t: Words): string {
  const { count, p50Seconds, p99Seconds, longestSeconds } = distribution;
  return t('throttling.stallsSummary', {
    stops: formatCount(count),
    median: formatDuration(p50Seconds),
    p99: formatDuration(p99Seconds),
    worst: formatDuration(longestSeconds),
  });
}
