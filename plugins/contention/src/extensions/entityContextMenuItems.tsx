/** In the menu of an entity's page: freeze what its tabs show. */
import { EntityContextMenuItemBlueprint } from '@backstage/plugin-catalog-react/alpha';
import FreezeIcon from '@material-ui/icons/AcUnit';
import { useFreezeMenuItem } from '../evidence/useFreezeMenuItem';
import { RUNS } from './runs';

export const freezeMenuItem = EntityContextMenuItemBlueprint.make({
  name: 'freeze',
  params: {
    icon: <FreezeIcon fontSize="small" />,
    filter: RUNS,
    useProps: useFreezeMenuItem,
  },
});
