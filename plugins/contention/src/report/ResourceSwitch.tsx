/** What was waited for: CPUs or the network. */
import ToggleButton from '@material-ui/lab/ToggleButton';
import ToggleButtonGroup from '@material-ui/lab/ToggleButtonGroup';
import type { Resource } from 'backstage-plugin-contention-common';
import { useToggleStyles } from '../theme';
import { useWords } from '../translation';

export interface ResourceSwitchProps {
  resource: Resource;
  onResource(resource: Resource): void;
}

export function ResourceSwitch({ resource, onResource }: ResourceSwitchProps) {
  const t = useWords();
  const { button: root, selected } = useToggleStyles();
  const classes = { root, selected };
  return (
    <ToggleButtonGroup
      size="small"
      exclusive
      value={resource}
      aria-label={t('neighbours.resource')}
      onChange={(_, next: Resource | null) => next && onResource(next)}
    >
      <ToggleButton value="cpu" classes={classes}>
        CPU
      </ToggleButton>
      <ToggleButton value="network" classes={classes}>
        {t('neighbours.network')}
      </ToggleButton>
    </ToggleButtonGroup>
  );
}
