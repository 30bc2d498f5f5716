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
import { useWords, type Words } from '../../translation';
import { ROLE_WORDS } from './words';

export interface RoleSwitchProps {
  role: RequestRole;
  roles?: Requests['roles'];
  onRole(role: RequestRole): void;
}

export function RoleSwitch({ role, roles, onRole }: RoleSwitchProps) {
  const t = useWords();
  const { button: root, selected } = useToggleStyles();
  return (
    <ToggleButtonGroup
      size="small"
      exclusive
      value={role}
      aria-label={t('latency.whichRequests')}
      onChange={(_, next: RequestRole | null) => next && onRole(next)}
      style={{ justifySelf: 'start', maxWidth: '100%', marginTop: -8 }}
    >
      {(['server', 'client'] as const).map(choice => (
        <ToggleButton key={choice} value={choice} classes={{ root, selected }}>
          {choiceText(choice, roles?.[choice], t)}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}

function choiceText(
  role: RequestRole,
  presence: RolePresence | undefined,
  t: Words,
): string {
  const choice = t(ROLE_WORDS[role].choice);
  switch (presence?.state) {
    case undefined:
      return choice;
    case 'measured':
      return t('latency.choiceCount', {
        choice,
        number: formatCount(presence.requestCount),
      });
    case 'no-requests':
      return t('latency.choiceNone', { choice });
    default:
      return t('latency.choiceNotMeasured', { choice });
  }
}
