/** Who waited while who ran, or stood behind whose packets, as a real table: row and column headers, sortable both ways, shaded by weight. */
import { useMemo, useState } from 'react';
import IconButton from '@material-ui/core/IconButton';
import TableContainer from '@material-ui/core/TableContainer';
import TableSortLabel from '@material-ui/core/TableSortLabel';
import Typography from '@material-ui/core/Typography';
import { alpha, makeStyles } from '@material-ui/core/styles';
import ArrowForwardIcon from '@material-ui/icons/ArrowForward';
import type {
  NodeCulprit,
  NodeReport,
  Resource,
} from 'backstage-plugin-contention-common';
import type { Stretch } from '../../charts/layout/windows';
import {
  formatBandwidth,
  formatCount,
  formatDuration,
  formatShare,
  NOTHING,
} from '../../format';
import { useTabLink } from '../../report/links';
import { resourceParams } from '../../report/useResource';
import { PartyName } from '../../report/PartyName';
import { Section } from '../../tables/Section';
import { swatchOf, useMode } from '../../theme';
import { useWords } from '../../translation';
import { ColourKey } from '../../charts/ColourKey';
import { entitlementKey } from './entitlement';
import { matrixOf, weightOf, type MatrixOrder, type MatrixRow } from './matrix';
import { stretchText } from './PlayBar';

/** The darkest cell: its text can still be read. */
const DEEPEST = 0.5;

const useStyles = makeStyles(theme => ({
  frame: {
    overflow: 'auto',
    maxHeight: 640,
    border: `1px solid ${theme.palette.divider}`,
    borderRadius: theme.shape.borderRadius,
    outlineOffset: 2,
  },
  table: {
    borderCollapse: 'separate',
    borderSpacing: 0,
    fontSize: theme.typography.pxToRem(14),
    fontVariantNumeric: 'tabular-nums',
    '& caption': {
      position: 'absolute',
      width: 1,
      height: 1,
      overflow: 'hidden',
      clip: 'rect(0 0 0 0)',
    },
    '& th, & td': {
      padding: theme.spacing(1, 1.5),
      borderBottom: `1px solid ${theme.palette.divider}`,
      verticalAlign: 'top',
      fontWeight: 400,
    },
    '& tbody tr:last-child > *': { borderBottom: 0 },
  },
  column: {
    position: 'sticky',
    top: 0,
    zIndex: 1,
    textAlign: 'right',
    minWidth: 132,
    maxWidth: 190,
    background: theme.palette.background.paper,
    borderBottomWidth: '2px !important',
  },
  corner: {
    position: 'sticky',
    left: 0,
    top: 0,
    zIndex: 2,
    textAlign: 'left',
    background: theme.palette.background.paper,
    borderBottomWidth: '2px !important',
  },
  row: {
    position: 'sticky',
    left: 0,
    textAlign: 'left',
    background: theme.palette.background.paper,
    maxWidth: 320,
    // A narrow screen is for the numbers.
    [theme.breakpoints.down('xs')]: { position: 'static', maxWidth: 176 },
  },
  rowInside: {
    display: 'flex',
    justifyContent: 'space-between',
    gap: theme.spacing(0.5),
  },
  cell: { textAlign: 'right', whiteSpace: 'nowrap' },
  name: { display: 'inline-flex', gap: theme.spacing(0.75) },
  label: { fontWeight: 600, overflowWrap: 'break-word', minWidth: 0 },
  small: {
    display: 'block',
    color: theme.palette.text.secondary,
    fontSize: theme.typography.pxToRem(12),
  },
  // On a shaded ground, what is small must be as dark as the rest.
  share: { display: 'block', fontSize: theme.typography.pxToRem(12) },
  empty: { color: theme.palette.text.secondary },
}));

const MATRIX_WORDS = {
  cpu: {
    title: 'nodes.matrixTitle',
    how: 'nodes.matrixSubtitle',
    caption: 'nodes.matrixCaption',
    nothing: 'nodes.noWaiting',
    victim: 'nodes.victim',
    total: 'nodes.total',
  },
  network: {
    title: 'nodes.queueMatrixTitle',
    how: 'nodes.queueMatrixSubtitle',
    caption: 'nodes.queueMatrixCaption',
    nothing: 'nodes.noStanding',
    victim: 'nodes.stood',
    total: 'nodes.delay',
  },
} as const;

export interface MatrixSectionProps {
  report: NodeReport;
  chosen?: Stretch;
}

export function MatrixSection({ report, chosen }: MatrixSectionProps) {
  const classes = useStyles();
  const t = useWords();
  const [order, setOrder] = useState<MatrixOrder>({});
  const matrix = useMemo(
    () => matrixOf(report, chosen, order),
    [report, chosen, order],
  );
  const { rows, columns } = matrix;
  const isCpu = report.resource === 'cpu';
  const side = MATRIX_WORDS[report.resource];
  const most = Math.max(
    0,
    ...rows.flatMap(row => row.seconds.map(value => weightOf(row, value))),
  );
  const range = stretchText(chosen ?? report.range);
  return (
    <Section
      title={t(side.title)}
      subtitle={
        <>
          {t(side.how)}{' '}
          <strong>
            {chosen ? t('nodes.chosen', { range }) : t('nodes.whole')}.
          </strong>
        </>
      }
    >
      {rows.length === 0 ? (
        <Typography variant="body1">{t(side.nothing)}</Typography>
      ) : (
        <TableContainer
          className={classes.frame}
          role="region"
          aria-label={t(side.title)}
          tabIndex={0}
        >
          <table className={classes.table}>
            <caption>{t(side.caption, { range })}</caption>
            <thead>
              <tr>
                <th scope="col" className={classes.corner}>
                  {t(side.victim)}
                </th>
                <th
                  scope="col"
                  className={classes.column}
                  aria-sort={
                    order.rowsBy === undefined ? 'descending' : undefined
                  }
                >
                  <TableSortLabel
                    active={order.rowsBy === undefined}
                    direction="desc"
                    onClick={() => setOrder({ ...order, rowsBy: undefined })}
                    aria-label={t('nodes.sortBy', { name: t(side.total) })}
                  >
                    <span className={classes.label}>{t(side.total)}</span>
                  </TableSortLabel>
                </th>
                {columns.map(({ index, culprit, total }) => (
                  <th
                    key={culprit.key}
                    scope="col"
                    className={classes.column}
                    aria-sort={
                      order.rowsBy === index ? 'descending' : undefined
                    }
                  >
                    <TableSortLabel
                      active={order.rowsBy === index}
                      direction="desc"
                      onClick={() => setOrder({ ...order, rowsBy: index })}
                      aria-label={t('nodes.sortBy', { name: culprit.label })}
                    >
                      <ColumnName culprit={culprit} />
                    </TableSortLabel>
                    {isCpu && (
                      <span className={classes.small}>
                        {formatDuration(total)}
                      </span>
                    )}
                    <Entitlement culprit={culprit} />
                    <Sent culprit={culprit} />
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(row => (
                <tr key={row.victim.party.key}>
                  <RowHeader
                    row={row}
                    resource={report.resource}
                    isChosen={order.columnsBy === row.index}
                    onOrder={() =>
                      setOrder({
                        ...order,
                        columnsBy:
                          order.columnsBy === row.index ? undefined : row.index,
                      })
                    }
                  />
                  <td className={classes.cell}>
                    {formatDuration(weightOf(row, row.total))}
                    <span className={classes.small}>
                      {!isCpu &&
                        t('nodes.packetsOf', {
                          number: formatCount(row.packets),
                        })}
                      {row.wanted > 0 &&
                        t('nodes.ofWanted', {
                          share: formatShare(
                            Math.min(1, row.total / row.wanted),
                          ),
                        })}
                    </span>
                  </td>
                  {columns.map(({ index, culprit }) => (
                    <Cell
                      key={culprit.key}
                      culprit={culprit}
                      seconds={weightOf(row, row.seconds[index])}
                      of={weightOf(row, row.total)}
                      most={most}
                    />
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </TableContainer>
      )}
    </Section>
  );
}

function Sent({ culprit: { transmitMean } }: { culprit: NodeCulprit }) {
  const classes = useStyles();
  const t = useWords();
  if (transmitMean === undefined) return null;
  return (
    <span className={classes.small}>
      {t('nodes.sent', { bandwidth: formatBandwidth(transmitMean) })}
    </span>
  );
}

function ColumnName({ culprit }: { culprit: NodeCulprit }) {
  const classes = useStyles();
  const mode = useMode();
  return (
    <span className={classes.name}>
      <ColourKey swatch={swatchOf(culprit.relation, culprit.key, mode)} />
      <span className={classes.label}>{culprit.label}</span>
    </span>
  );
}

function Entitlement({ culprit }: { culprit: NodeCulprit }) {
  const classes = useStyles();
  const t = useWords();
  const { entitlement, party } = culprit;
  if (!party || entitlement === 'unknown') return null;
  return (
    <span className={classes.small}>{t(entitlementKey(entitlement))}</span>
  );
}

function RowHeader(props: {
  row: MatrixRow;
  resource: Resource;
  isChosen: boolean;
  onOrder(): void;
}) {
  const { row, resource, isChosen, onOrder } = props;
  const classes = useStyles();
  const t = useWords();
  const tabLink = useTabLink();
  const { party } = row.victim;
  return (
    <th scope="row" className={classes.row}>
      <div className={classes.rowInside}>
        <PartyName
          party={party}
          linkTo={ref => tabLink(ref, 'neighbours', resourceParams(resource))}
        />
        <IconButton
          size="small"
          color={isChosen ? 'primary' : 'default'}
          aria-pressed={isChosen}
          aria-label={t('nodes.orderBy', { name: party.name })}
          onClick={onOrder}
        >
          <ArrowForwardIcon fontSize="inherit" />
        </IconButton>
      </div>
    </th>
  );
}

function Cell(props: {
  culprit: NodeCulprit;
  seconds: number;
  of: number;
  most: number;
}) {
  const { culprit, seconds, of, most } = props;
  const classes = useStyles();
  const mode = useMode();
  if (seconds <= 0) {
    return <td className={`${classes.cell} ${classes.empty}`}>{NOTHING}</td>;
  }
  const { colour } = swatchOf(culprit.relation, culprit.key, mode);
  return (
    <td
      className={classes.cell}
      style={{
        background: alpha(colour, DEEPEST * Math.sqrt(seconds / most)),
      }}
    >
      {formatDuration(seconds)}
      <span className={classes.share}>{formatShare(seconds / of)}</span>
    </td>
  );
}
