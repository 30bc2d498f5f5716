/** Which way to look, and at which resource. */
import ToggleButton from '@material-ui/lab/ToggleButton';
import ToggleButtonGroup from '@material-ui/lab/ToggleButtonGroup';
import { makeStyles } from '@material-ui/core/styles';
import { ResourceSwitch } from '../../report/ResourceSwitch';
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
  const { button: root, selected } = useToggleStyles();
  const toggle = { root, selected };
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
      <ResourceSwitch
        resource={resource}
        onResource={onResource}
        hasNetwork={hasNetwork}
      />
    </div>
  );
}
