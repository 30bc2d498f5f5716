/** What was waited for: CPUs or the network. */
import Tooltip from '@material-ui/core/Tooltip';
import ToggleButton from '@material-ui/lab/ToggleButton';
import ToggleButtonGroup from '@material-ui/lab/ToggleButtonGroup';
import type { Resource } from 'backstage-plugin-contention-common';
import { useToggleStyles } from '../theme';
import { useWords } from '../translation';

export interface ResourceSwitchProps {
  resource: Resource;
  onResource(resource: Resource): void;
  /** False where nothing of the network is recorded: then there is no choice, and why is said. */
  hasNetwork?: boolean;
}

export function ResourceSwitch(props: ResourceSwitchProps) {
  const { resource, onResource, hasNetwork = true } = props;
  const t = useWords();
  const { button: root, selected, disabled } = useToggleStyles();
  const classes = { root, selected, disabled };
  const network = (
    <ToggleButton value="network" disabled={!hasNetwork} classes={classes}>
      {t('neighbours.network')}
    </ToggleButton>
  );
  return (
    <ToggleButtonGroup
      size="small"
      exclusive
      value={hasNetwork ? resource : 'cpu'}
      aria-label={t('neighbours.resource')}
      onChange={(_, next: Resource | null) => next && onResource(next)}
    >
      <ToggleButton value="cpu" classes={classes}>
        CPU
      </ToggleButton>
      {hasNetwork ? (
        network
      ) : (
        <Tooltip title={t('neighbours.notRecorded')}>
          <span>{network}</span>
        </Tooltip>
      )}
    </ToggleButtonGroup>
  );
}
