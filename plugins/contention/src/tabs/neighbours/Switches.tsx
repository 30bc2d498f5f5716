/** Which way to look, and at which resource. */
import Tooltip from '@material-ui/core/Tooltip';
import ToggleButton from '@material-ui/lab/ToggleButton';
import ToggleButtonGroup from '@material-ui/lab/ToggleButtonGroup';
import { makeStyles } from '@material-ui/core/styles';
import { useToggleStyles } from '../../theme';
import { useWords } from '../../translation';
import type { Direction, Resource } from 'backstage-plugin-contention-common';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(1, 2),
    marginTop: theme.spacing(-1),
  },
}));

export interface SwitchesProps {
  direction: Direction;
  onDirection(direction: Direction): void;
  resource: Resource;
  onResource(resource: Resource): void;
  /** False in records that hold nothing of the network. */
  hasNetwork: boolean;
}

export function Switches(props: SwitchesProps) {
  const { direction, onDirection, resource, onResource, hasNetwork } = props;
  const classes = useStyles();
  const t = useWords();
  const { button: root, selected, disabled } = useToggleStyles();
  const toggle = { root, selected, disabled };
  const network = (
    <ToggleButton value="network" disabled={!hasNetwork} classes={toggle}>
      {t('neighbours.network')}
    </ToggleButton>
  );
  return (
    <div className={classes.root}>
      <ToggleButtonGroup
        size="small"
        exclusive
        value={direction}
        aria-label={t('neighbours.direction')}
        onChange={(_, next: Direction | null) => next && onDirection(next)}
      >
        <ToggleButton value="suffered" classes={toggle}>
          {t('neighbours.suffered')}
        </ToggleButton>
        <ToggleButton value="caused" classes={toggle}>
          {t('neighbours.caused')}
        </ToggleButton>
      </ToggleButtonGroup>
      {hasNetwork ? (
        <ToggleButtonGroup
          size="small"
          exclusive
          value={resource}
          aria-label={t('neighbours.resource')}
          onChange={(_, next: Resource | null) => next && onResource(next)}
        >
          <ToggleButton value="cpu" classes={toggle}>
            CPU
          </ToggleButton>
          {network}
        </ToggleButtonGroup>
      ) : (
        <ToggleButtonGroup
          size="small"
          exclusive
          value="cpu"
          aria-label={t('neighbours.resource')}
        >
          <ToggleButton value="cpu" classes={toggle}>
            CPU
          </ToggleButton>
          <Tooltip title={t('neighbours.notRecorded')}>
            <span>{network}</span>
          </Tooltip>
        </ToggleButtonGroup>
      )}
    </div>
  );
}
