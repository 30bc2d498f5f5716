/** The neighbours, worst first: name, owner, share, seconds, when, where, and whether they took more than they asked for. */
import { Link } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type {
  Bursts,
  Culprit,
  NeighboursReport,
} from 'backstage-plugin-contention-common';
import { ShareBar } from '../../charts/ShareBar';
import { SparkLine } from '../../charts/SparkLine';
import {
  formatAbsolute,
  formatBandwidth,
  formatDuration,
  formatMinute,
  formatShare,
} from '../../format';
import { NodeLink } from '../../pages/nodes/NodeLink';
import { useKubernetesLink, useTabLink } from '../../report/links';
import { useReportPage } from '../../report/ReportContext';
import { Entitlement } from '../../report/Entitlement';
import { Owners } from '../../report/Owners';
import { PartyName } from '../../report/PartyName';
import { DataTable, type Column } from '../../tables/DataTable';
import { Section } from '../../tables/Section';
import { swatchOf, useMode } from '../../theme';
import { useWords } from '../../translation';
import { otherSide, SIDE_WORDS } from './words';

const useStyles = makeStyles(theme => ({
  small: {
    color: theme.palette.text.secondary,
    fontSize: theme.typography.pxToRem(12),
    whiteSpace: 'nowrap',
  },
  when: {
    color: theme.palette.text.secondary,
    fontSize: theme.typography.pxToRem(12),
    whiteSpace: 'nowrap',
    marginTop: theme.spacing(0.5),
  },
  bursts: {
    color: theme.palette.text.secondary,
    fontSize: theme.typography.pxToRem(12),
    maxWidth: 180,
  },
  pods: { fontSize: theme.typography.pxToRem(12), whiteSpace: 'nowrap' },
}));

export function CulpritsTable({ report }: { report: NeighboursReport }) {
  const t = useWords();
  const { culprits, direction, resource, entity } = report;
  const name = entity.title;
  const side = SIDE_WORDS[resource][direction];
  const title = t(side.rows);
  const columns = useColumns(report);
  return (
    <Section title={title} subtitle={t(side.rowsHow, { name })}>
      {culprits.length === 0 ? (
        <Typography variant="body1">{t(side.none, { name })}</Typography>
      ) : (
        <DataTable
          caption={title}
          columns={columns}
          rows={culprits}
          keyOf={culprit => culprit.party.key}
          atFirst={8}
        />
      )}
    </Section>
  );
}

function InBursts({ bursts }: { bursts: Bursts }) {
  const classes = useStyles();
  const t = useWords();
  const { longestSeconds, everySeconds, share, windowSeconds } = bursts;
  return (
    <div
      className={classes.bursts}
      title={t('neighbours.burstsHold', {
        share: formatShare(share),
        windows: String(bursts.windows),
        all: String(bursts.ofWindows),
        window: formatDuration(windowSeconds),
      })}
    >
      {everySeconds === undefined
        ? t('neighbours.inBursts')
        : t('neighbours.inBurstsEvery', {
            longest: formatDuration(longestSeconds),
            every: formatDuration(everySeconds),
          })}
    </div>
  );
}

function useColumns(report: NeighboursReport): Array<Column<Culprit>> {
  const classes = useStyles();
  const mode = useMode();
  const t = useWords();
  const tabLink = useTabLink();
  const kubernetesLink = useKubernetesLink();
  const { axis, direction, resource } = report;
  const isCpu = resource === 'cpu';
  const { drawn } = useReportPage();
  const top = Math.max(
    ...report.culprits.flatMap(culprit => culprit.values.map(v => v ?? 0)),
    0,
  );
  const extra = otherSide(direction, resource);
  return [
    {
      title: t('report.name'),
      header: true,
      cell: ({ party }) => (
        <PartyName
          party={party}
          linkTo={ref => tabLink(ref, 'neighbours', extra)}
        />
      ),
    },
    {
      title: t('report.owner'),
      nowrap: true,
      cell: ({ party }) => <Owners entities={party.entities} />,
    },
    {
      title: t('report.shareOfWaiting'),
      cell: ({ party, share }) => (
        <ShareBar
          share={share}
          swatch={swatchOf(party.relation, party.key, mode)}
        />
      ),
    },
    isCpu
      ? {
          title: t('report.waiting'),
          numeric: true,
          cell: ({ waitSeconds }) => formatDuration(waitSeconds),
        }
      : {
          title: t('neighbours.delay'),
          numeric: true,
          cell: ({ delaySeconds }) => formatDuration(delaySeconds),
        },
    {
      title: t('report.when'),
      cell: ({ party, values, firstSeen, lastSeen, bursts }) => (
        <>
          <SparkLine
            axis={axis}
            range={drawn}
            values={values}
            top={top}
            colour={swatchOf(party.relation, party.key, mode).colour}
            width={120}
            label={t('neighbours.seen', {
              name: party.name,
              from: formatMinute(firstSeen),
              to: formatMinute(lastSeen),
            })}
          />
          <div
            className={classes.when}
            title={`${formatAbsolute(firstSeen)} – ${formatAbsolute(lastSeen)}`}
          >
            {formatMinute(firstSeen)} – {formatMinute(lastSeen)}
          </div>
          {bursts && <InBursts bursts={bursts} />}
        </>
      ),
    },
    {
      title: t('report.node'),
      nowrap: true,
      cell: ({ nodes, party, values, interfaces }) => (
        <>
          {nodes.map(node => (
            <div key={`${node.cluster}/${node.node}`} title={node.cluster}>
              <NodeLink
                place={node}
                resource={resource}
                axis={axis}
                values={values}
              />
              {isCpu && nodes.length > 1 && (
                <span className={classes.small}>
                  {' '}
                  {formatDuration(node.waitSeconds)}
                </span>
              )}
            </div>
          ))}
          {interfaces && interfaces.length > 0 && (
            <div className={classes.small}>{interfaces.join(', ')}</div>
          )}
          {kubernetesLink &&
            party.workload?.namespace &&
            party.entities.slice(0, 1).map(({ entityRef }) => (
              <Link
                key={entityRef}
                to={kubernetesLink(entityRef)}
                className={classes.pods}
              >
                {t('neighbours.podsInKubernetes')}
              </Link>
            ))}
        </>
      ),
    },
    ...(isCpu
      ? [
          {
            title:
              direction === 'suffered'
                ? t('neighbours.cpuUsed')
                : t('neighbours.cpuThere', { name: report.entity.title }),
            cell: (culprit: Culprit) => <Entitlement {...culprit} />,
          },
        ]
      : []),
    ...(!isCpu && direction === 'suffered'
      ? [
          {
            title: t('neighbours.sentMean'),
            numeric: true,
            cell: ({ transmitMean }: Culprit) => formatBandwidth(transmitMean),
          },
        ]
      : []),
  ];
}
