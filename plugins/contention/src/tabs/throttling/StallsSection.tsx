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
import { levelColour, levelWord, useMode } from '../../theme';

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
  const stalls = report.stalls.filter(
    ({ distribution }) => distribution.count > 0,
  );
  if (stalls.length === 0) return null;
  const title = 'How long threads stood still';
  const rows = stalls.flatMap(({ level, distribution }) =>
    distribution.buckets
      .filter(bucket => bucket.count > 0)
      .map(bucket => ({ level, ...bucket })),
  );
  return (
    <Section
      title={title}
      subtitle="Each time a thread was stopped, by how long, on a logarithmic scale."
      table={
        <DataTable
          caption={title}
          columns={[
            {
              title: 'Standing still',
              header: true,
              cell: row =>
                `${formatDuration(row.fromSeconds)} to ${formatDuration(
                  row.toSeconds,
                )}`,
            },
            { title: 'Limit of the', cell: row => row.level },
            {
              title: 'Stops',
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
              {summaryOf(distribution)}
            </Typography>
            <Histogram
              distribution={distribution}
              colour={levelColour(level, mode)}
              summary={`${levelWord(level)}: ${summaryOf(distribution)}`}
            />
          </div>
        ))}
      </div>
    </Section>
  );
}

function summaryOf(distribution: Distribution): string {
  const { count, p50Seconds, p99Seconds, longestSeconds } = distribution;
  return [
    `${formatCount(count)} stops`,
    `median ${formatDuration(p50Seconds)}`,
    `p99 ${formatDuration(p99Seconds)}`,
    `worst ${formatDuration(longestSeconds)}`,
  ].join(', ');
}
