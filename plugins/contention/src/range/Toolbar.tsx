/** The line above every tab: which range, which cluster, how old the data is, refresh, link. */
import type { ReactNode } from 'react';
import IconButton from '@material-ui/core/IconButton';
import MenuItem from '@material-ui/core/MenuItem';
import TextField from '@material-ui/core/TextField';
import Tooltip from '@material-ui/core/Tooltip';
import { makeStyles } from '@material-ui/core/styles';
import RefreshIcon from '@material-ui/icons/Refresh';
import type { Freshness } from 'backstage-plugin-contention-common';
import { ShareButtons, type Shared } from '../share/ShareButtons';
import { useBareLabel } from '../theme';
import { useWords } from '../translation';
import { Age } from './Age';
import { RangeControl } from './RangeControl';
import type { RangeChanges, RangeState } from './useRange';

const ALL_CLUSTERS = '';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1, 2),
    minHeight: 40,
  },
  push: {
    marginLeft: 'auto',
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0.5, 1),
  },
  cluster: { minWidth: 160 },
  turning: {
    animation: '$turn 1s linear infinite',
    '@media (prefers-reduced-motion: reduce)': { animation: 'none' },
  },
  '@keyframes turn': { to: { transform: 'rotate(360deg)' } },
}));

export interface ToolbarProps {
  range: RangeState;
  /** How to show another range. */
  change: RangeChanges;
  shown: { from: number; to: number };
  clusters: readonly string[];
  freshness?: Freshness;
  receivedAtMs?: number;
  /** How often the report is asked for again, milliseconds; absent: it is not. */
  refreshMs?: number;
  loading: boolean;
  /** What there is to take away; absent while there is nothing. */
  shared?: Shared;
  /** The whole page, for a picture of its first chart; absent: there is neither a sentence nor a chart. */
  page?(): HTMLElement | null;
  onRefresh(): void;
  /** What else one can do with what is shown. */
  children?: ReactNode;
}

export function Toolbar(props: ToolbarProps) {
  const { range, shown, clusters, freshness, receivedAtMs, loading } = props;
  const classes = useStyles();
  const label = useBareLabel();
  const t = useWords();
  const { change, refreshMs } = props;
  const { cluster } = range;
  const offered =
    cluster && !clusters.includes(cluster) ? [...clusters, cluster] : clusters;
  return (
    <div className={classes.root}>
      <RangeControl spec={range.spec} onChange={change.setSpec} />
      {(offered.length > 1 || cluster) && (
        <TextField
          className={classes.cluster}
          select
          id="contention-cluster"
          size="small"
          variant="outlined"
          label={t('range.cluster')}
          value={cluster ?? ALL_CLUSTERS}
          onChange={event => change.setCluster(event.target.value || undefined)}
          SelectProps={{ displayEmpty: true }}
          InputLabelProps={{ shrink: true, classes: label }}
        >
          <MenuItem value={ALL_CLUSTERS}>{t('range.allClusters')}</MenuItem>
          {offered.map(name => (
            <MenuItem key={name} value={name}>
              {name}
            </MenuItem>
          ))}
        </TextField>
      )}
      <div className={classes.push}>
        {freshness && receivedAtMs !== undefined && (
          <Age
            freshness={freshness}
            receivedAtMs={receivedAtMs}
            refreshMs={refreshMs}
          />
        )}
        <Tooltip
          title={t(range.live ? 'range.refreshLive' : 'range.refreshFixed')}
        >
          <IconButton
            size="small"
            aria-label={t('range.refresh')}
            onClick={props.onRefresh}
          >
            <RefreshIcon className={loading ? classes.turning : undefined} />
          </IconButton>
        </Tooltip>
        <ShareButtons shown={shown} shared={props.shared} page={props.page} />
        {props.children}
      </div>
    </div>
  );
}
