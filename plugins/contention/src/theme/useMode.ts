/** Light or dark, from the theme that the portal uses. */
import { useTheme } from '@material-ui/core/styles';
import type { Mode } from './colours';

export function useMode(): Mode {
  return useTheme().palette.type === 'dark' ? 'dark' : 'light';
}
