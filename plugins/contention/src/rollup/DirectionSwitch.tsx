/** Which way to look: what the services suffered, or what they caused. */
import ToggleButton from '@material-ui/lab/ToggleButton';
import ToggleButtonGroup from '@material-ui/lab/ToggleButtonGroup';
import type { Direction } from 'backstage-plugin-contention-common';
import { useToggleStyles } from '../theme';
import { useWords } from '../translation';

export interface DirectionSwitchProps {
  direction: Direction;
  onDirection(direction: Direction): void;
}

export function DirectionSwitch(props: DirectionSwitchProps) {
  const { direction, onDirection } = props;
  const t = useWords();
  const { button: root, selected } = useToggleStyles();
  const classes = { root, selected };
  return (
    <div>
      <ToggleButtonGroup
        size="small"
        exclusive
        value={direction}
        aria-label={t('rollup.direction')}
        onChange={(_, next: Direction | null) => next && onDirection(next)}
      >
        <ToggleButton value="suffered" classes={classes}>
          {t('rollup.suffered')}
        </ToggleButton>
        <ToggleButton value="caused" classes={classes}>
          {t('rollup.caused')}
        </ToggleButton>
      </ToggleButtonGroup>
    </div>
  );
}
