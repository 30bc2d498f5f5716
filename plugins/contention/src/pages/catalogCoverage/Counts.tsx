/** How much is covered, in three figures. */
import Card from '@material-ui/core/Card';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { CoverageReport } from 'backstage-plugin-contention-common';
import { useWords } from '../../translation';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(220px, 1fr))',
    gap: theme.spacing(2),
    margin: 0,
  },
  // On the ground of a page the theme's quiet colour is too pale.
  note: { marginTop: theme.spacing(1.5), opacity: 0.75 },
  card: {
    padding: theme.spacing(2, 2.5),
    display: 'flex',
    flexDirection: 'column',
  },
  value: {
    order: 0,
    margin: 0,
    fontSize: theme.typography.pxToRem(26),
    fontWeight: 600,
    fontVariantNumeric: 'tabular-nums',
  },
  name: { order: 1, color: theme.palette.text.secondary },
  track: {
    order: 2,
    margin: theme.spacing(1.5, 0, 0),
    height: 8,
    borderRadius: 3,
    background: theme.palette.action.hover,
    overflow: 'hidden',
  },
  fill: {
    height: '100%',
    background: theme.palette.type === 'dark' ? '#8fb4c9' : '#3c6e8a',
  },
}));

export function Counts({ report }: { report: CoverageReport }) {
  const classes = useStyles();
  const t = useWords();
  const { counts } = report;
  const figures = [
    {
      name: t('coverage.claimedWhat'),
      part: counts.claimedWorkloads,
      all: counts.workloads,
    },
    {
      name: t('coverage.entitiesWhat'),
      part: counts.entitiesWithData,
      all: counts.entities,
    },
    {
      name: t('coverage.nodesWhat'),
      part: counts.reportingNodes,
      all: counts.nodes,
    },
  ];
  return (
    <div>
      <dl className={classes.root}>
        {figures.map(({ name, part, all }) => (
          <Card key={name} component="div" className={classes.card}>
            <dt className={classes.name}>{name}</dt>
            <dd className={classes.value}>
              {t('coverage.claimed', {
                claimed: String(part),
                all: String(all),
              })}
            </dd>
            <dd className={classes.track} aria-hidden>
              <div
                className={classes.fill}
                style={{ width: `${all > 0 ? (100 * part) / all : 0}%` }}
              />
            </dd>
          </Card>
        ))}
      </dl>
      {counts.entitiesThatDoNotRun > 0 && (
        <Typography className={classes.note} variant="body2">
          {t('coverage.notRunning', {
            number: String(counts.entitiesThatDoNotRun),
          })}
        </Typography>
      )}
    </div>
  );
}
