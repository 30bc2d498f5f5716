/** Which requests: those that it gets, or those that it sends. */
import ToggleButton from '@material-ui/lab/ToggleButton';
import ToggleButtonGroup from '@material-ui/lab/ToggleButtonGroup';
import type {
  RequestRole,
  Requests,
  RolePresence,
} from 'backstage-plugin-contention-common';
import { formatCount } from '../../format';
import { useToggleStyles } from '../../theme';
import { ROLE_WORDS } from './words';

export interface RoleSwitchProps {
  role: RequestRole;
  roles?: Requests['roles'];
  onRole(role: RequestRole): void;
}

export function RoleSwitch({ role, roles, onRole }: RoleSwitchProps) {
  const { button: root, selected } = useToggleStyles();
  return (
    <ToggleButtonGroup
      size="small"
      exclusive
      value={role}
      aria-label="Which requests"
      onChange={(_, next: RequestRole | null) => next && onRole(next)}
      style={{ justifySelf: 'start', marginTop: -8 }}
    >
      {(['server', 'client'] as const).map(choice => (
        <ToggleButton key={choice} value={choice} classes={{ root, selected }}>
          {ROLE_WORDS[choice].choice}
          {roles && presenceText(roles[choice])}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}

function presenceText(presence: RolePresence): string {
  switch (presence.state) {
    case 'measured':
      return `: ${formatCount(presence.requestCount)}`;
    case 'no-requests':
      return ': none';
    default:
      return ': not measured';
  }
}
