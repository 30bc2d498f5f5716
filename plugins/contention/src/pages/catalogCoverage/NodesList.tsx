/** Nodes, those without an agent first. */
import { makeStyles } from '@material-ui/core/styles';
import CheckIcon from '@material-ui/icons/Check';
import HelpOutlineIcon from '@material-ui/icons/HelpOutline';
import ReportProblemIcon from '@material-ui/icons/ReportProblemOutlined';
import type {
  CoveredNode,
  CoverageReport,
} from 'backstage-plugin-contention-common';
import { formatAbsolute, formatMinute } from '../../format';
import { useWords, type Words } from '../../translation';
import { NodeLink } from '../nodes/NodeLink';
import { ListView } from './ListView';

const useStyles = makeStyles(theme => ({
  state: { display: 'flex', gap: theme.spacing(0.75), alignItems: 'center' },
}));

const STATES = {
  'no-agent': { word: 'coverage.noAgent', Icon: ReportProblemIcon },
  silent: { word: 'coverage.silent', Icon: HelpOutlineIcon },
  reporting: { word: 'coverage.reporting', Icon: CheckIcon },
} as const;

function stateWord({ state, isListed }: CoveredNode, t: Words): string {
  return state === 'silent' && isListed === false
    ? t('coverage.gone')
    : t(STATES[state].word);
}

function listedWord({ isListed }: CoveredNode, t: Words): string {
  if (isListed === undefined) return t('coverage.unknown');
  return t(isListed ? 'coverage.yes' : 'coverage.no');
}

export function NodesList({ report }: { report: CoverageReport }) {
  const classes = useStyles();
  const t = useWords();
  return (
    <ListView<CoveredNode>
      caption={t('coverage.node')}
      rows={report.nodes}
      keyOf={row => JSON.stringify([row.cluster, row.node])}
      left={0}
      empty={t('coverage.noNodes')}
      textOf={row => `${row.node} ${row.cluster}`}
      filter={{
        label: t('coverage.state'),
        options: Object.entries(STATES).map(([value, { word }]) => ({
          value,
          text: t(word),
        })),
        valueOf: row => row.state,
      }}
      sheetOf={rows => ({
        columns: ['node', 'cluster', 'state', 'lastSeen', 'inCluster'],
        rows: rows.map(row => [
          row.node,
          row.cluster,
          row.state,
          row.lastSeen === undefined
            ? undefined
            : new Date(row.lastSeen).toISOString(),
          row.isListed === undefined ? undefined : String(row.isListed),
        ]),
      })}
      columns={[
        {
          title: t('coverage.node'),
          header: true,
          // Of a node that no agent was ever heard on, there is nothing to see.
          cell: row =>
            row.state === 'no-agent' ? row.node : <NodeLink place={row} />,
        },
        { title: t('coverage.cluster'), cell: row => row.cluster },
        {
          title: t('coverage.state'),
          cell: row => {
            const { Icon } = STATES[row.state];
            return (
              <span className={classes.state}>
                <Icon fontSize="small" aria-hidden />
                {stateWord(row, t)}
              </span>
            );
          },
        },
        {
          title: t('coverage.lastSeen'),
          cell: ({ lastSeen }) =>
            lastSeen === undefined ? (
              t('coverage.never')
            ) : (
              <time
                dateTime={new Date(lastSeen).toISOString()}
                title={formatAbsolute(lastSeen)}
              >
                {formatMinute(lastSeen)}
              </time>
            ),
        },
        { title: t('coverage.listed'), cell: row => listedWord(row, t) },
      ]}
    />
  );
}
