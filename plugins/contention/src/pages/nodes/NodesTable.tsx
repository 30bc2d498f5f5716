/** One row a node: how crowded, by whom most, and how its agent is. Sorting is asked of the backend. */
import type { ReactNode } from 'react';
import { Link } from '@backstage/core-components';
import Table from '@material-ui/core/Table';
import TableBody from '@material-ui/core/TableBody';
import TableCell from '@material-ui/core/TableCell';
import TableContainer from '@material-ui/core/TableContainer';
import TableHead from '@material-ui/core/TableHead';
import TableRow from '@material-ui/core/TableRow';
import TableSortLabel from '@material-ui/core/TableSortLabel';
import { makeStyles } from '@material-ui/core/styles';
import ErrorOutlineIcon from '@material-ui/icons/ErrorOutline';
import type {
  NodeRow,
  NodesFilter,
  NodeSort,
  NodesReport,
  Party,
  Resource,
} from 'backstage-plugin-contention-common';
import { SparkLine } from '../../charts/SparkLine';
import {
  formatAge,
  formatBandwidth,
  formatDuration,
  formatNumber,
} from '../../format';
import { useTabLink } from '../../report/links';
import { useReportPage } from '../../report/ReportContext';
import { resourceParams } from '../../report/useResource';
import { neighbourColour, useMode } from '../../theme';
import { useScrolls } from '../../tables/useScrolls';
import { useWords } from '../../translation';
import { entitlementKey } from './entitlement';
import { NodeLink } from './NodeLink';

const useStyles = makeStyles(theme => ({
  caption: {
    position: 'absolute',
    width: 1,
    height: 1,
    overflow: 'hidden',
    clip: 'rect(0 0 0 0)',
  },
  head: {
    whiteSpace: 'nowrap',
    color: theme.palette.text.secondary,
    fontWeight: 600,
    textTransform: 'none',
    letterSpacing: 0,
    borderBottomWidth: 2,
    padding: theme.spacing(1, 2, 1, 1),
    backgroundColor: theme.palette.background.paper,
  },
  cell: {
    verticalAlign: 'top',
    padding: theme.spacing(1, 2, 1, 1),
    fontVariantNumeric: 'tabular-nums',
    overflowWrap: 'anywhere',
    wordBreak: 'normal',
    lineHeight: 1.4,
  },
  crowded: { width: 180, minWidth: 160 },
  small: {
    color: theme.palette.text.secondary,
    fontSize: theme.typography.pxToRem(12),
  },
  quiet: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    color: theme.palette.type === 'dark' ? '#f0b13c' : '#8f5600',
    whiteSpace: 'nowrap',
  },
  pair: { minWidth: 260 },
  // In running text, colour alone does not tell a link.
  link: { textDecoration: 'underline' },
}));

const COLUMNS: ReadonlyArray<{
  title: 'node' | 'cluster' | 'crowded' | 'worst' | 'agent';
  sort?: NodeSort;
}> = [
  { title: 'node', sort: 'node' },
  { title: 'cluster', sort: 'cluster' },
  { title: 'crowded', sort: 'crowding' },
  { title: 'worst' },
  { title: 'agent', sort: 'lastSeen' },
];

const OTHER = { asc: 'desc', desc: 'asc' } as const;

export interface NodesTableProps {
  report: NodesReport;
  sort: NodeSort;
  order: NodesFilter['order'];
  onSort(sort: NodeSort, order: 'asc' | 'desc'): void;
}

export function NodesTable({ report, sort, order, onSort }: NodesTableProps) {
  const classes = useStyles();
  const t = useWords();
  const mode = useMode();
  const { shown } = useReportPage();
  const { axis, nodes, resource } = report;
  const isCpu = resource === 'cpu';
  const titleOf = (title: (typeof COLUMNS)[number]['title']) =>
    t(!isCpu && title === 'crowded' ? 'nodes.standing' : `nodes.${title}`);
  const top = Math.max(
    0,
    ...nodes.flatMap(({ values }) => values.map(value => value ?? 0)),
  );
  const natural = (of: NodeSort) =>
    of === 'node' || of === 'cluster' ? 'asc' : 'desc';
  const current = order ?? natural(sort);
  const words = { asc: 'ascending', desc: 'descending' } as const;
  const [frame, scrolls] = useScrolls<HTMLDivElement>();
  return (
    <TableContainer
      ref={frame}
      tabIndex={scrolls ? 0 : undefined}
      role={scrolls ? 'region' : undefined}
      aria-label={scrolls ? t('nodes.listCaption') : undefined}
    >
      <Table size="small">
        <caption className={classes.caption}>{t('nodes.listCaption')}</caption>
        <TableHead>
          <TableRow>
            {COLUMNS.map(({ title, sort: own }) => (
              <TableCell
                key={title}
                scope="col"
                className={classes.head}
                aria-sort={own && own === sort ? words[current] : undefined}
              >
                {own ? (
                  <TableSortLabel
                    active={own === sort}
                    direction={own === sort ? current : natural(own)}
                    onClick={() =>
                      onSort(own, own === sort ? OTHER[current] : natural(own))
                    }
                  >
                    {titleOf(title)}
                  </TableSortLabel>
                ) : (
                  titleOf(title)
                )}
              </TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {nodes.map(row => (
            <TableRow key={`${row.cluster}/${row.node}`}>
              <TableCell
                component="th"
                scope="row"
                role="rowheader"
                className={classes.cell}
              >
                <NodeLink
                  place={row}
                  resource={resource}
                  axis={axis}
                  values={row.values}
                />
              </TableCell>
              <TableCell className={classes.cell}>{row.cluster}</TableCell>
              <TableCell className={`${classes.cell} ${classes.crowded}`}>
                {row.crowdedSeconds === undefined ? (
                  <span className={classes.small}>
                    {t(isCpu ? 'nodes.notYet' : 'nodes.noneMeasured')}
                  </span>
                ) : (
                  <>
                    <SparkLine
                      axis={axis}
                      range={shown}
                      values={row.values}
                      top={top}
                      colour={neighbourColour(mode)}
                      label={t(
                        isCpu ? 'nodes.crowdedOver' : 'nodes.standingOver',
                        { node: row.node },
                      )}
                    />
                    <span className={classes.small}>
                      {isCpu
                        ? formatDuration(row.crowdedSeconds)
                        : t('nodes.standingMean', {
                            number: formatNumber(meanOf(row.values)),
                          })}
                    </span>
                  </>
                )}
              </TableCell>
              <TableCell className={`${classes.cell} ${classes.pair}`}>
                <Worst row={row} resource={resource} />
              </TableCell>
              <TableCell className={classes.cell}>
                <AgentCell row={row} />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </TableContainer>
  );
}

function AgentCell({ row }: { row: NodeRow }) {
  const classes = useStyles();
  const t = useWords();
  const age = formatAge(Math.max(0, Date.now() - row.lastSeen) / 1000);
  if (row.state === 'fresh') return <>{t('nodes.fresh')}</>;
  return (
    <>
      <span className={classes.quiet}>
        <ErrorOutlineIcon fontSize="inherit" aria-hidden />
        {t(`nodes.${row.state}`)}
      </span>
      <div className={classes.small}>{t('nodes.lastHeard', { age })}</div>
    </>
  );
}

/** Of where there is data. */
function meanOf(values: ReadonlyArray<number | null>): number | undefined {
  const known = values.filter(value => value !== null);
  return known.length === 0
    ? undefined
    : known.reduce((sum, value) => sum + value, 0) / known.length;
}

function Worst(props: { row: NodeRow; resource: Resource }): JSX.Element {
  const { row, resource } = props;
  const isCpu = resource === 'cpu';
  const classes = useStyles();
  const t = useWords();
  const { worst } = row;
  if (!worst) {
    return (
      <span className={classes.small}>
        {t(isCpu ? 'nodes.nobody' : 'nodes.nobodyStands')}
      </span>
    );
  }
  const { victim, culprit, waitSeconds, entitlement } = worst;
  const { delaySeconds, transmitMean } = worst;
  return (
    <>
      {t(isCpu ? 'nodes.whileRan' : 'nodes.stoodBehind', {
        victim: <Name party={victim} resource={resource} />,
        culprit: <Name party={culprit} resource={resource} />,
      })}
      <div className={classes.small}>
        {isCpu
          ? formatDuration(waitSeconds)
          : t('nodes.delayOf', { delay: formatDuration(delaySeconds) })}
        {entitlement !== 'unknown' && `, ${t(entitlementKey(entitlement))}`}
        {transmitMean !== undefined &&
          `, ${t('nodes.sent', { bandwidth: formatBandwidth(transmitMean) })}`}
      </div>
    </>
  );
}

/** A party in a sentence: links where the catalog knows it, with its owner. */
function Name(props: { party: Party; resource: Resource }): JSX.Element {
  const { party, resource } = props;
  const classes = useStyles();
  const t = useWords();
  const tabLink = useTabLink();
  if (party.entities.length === 0) return <strong>{party.name}</strong>;
  return (
    <>
      {party.entities.map(({ entityRef, title, owner }, index): ReactNode => (
        <span key={entityRef}>
          {index > 0 && ` ${t('report.eitherOr')} `}
          <Link
            to={tabLink(entityRef, 'neighbours', resourceParams(resource))}
            className={classes.link}
          >
            {title}
          </Link>
          {owner && ` (${owner.title})`}
        </span>
      ))}
    </>
  );
}
