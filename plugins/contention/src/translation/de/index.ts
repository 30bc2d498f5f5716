/** German. Loaded only where a reader has chosen it. */
import { flatten } from '../flatten';
import { pages } from './pages';
import { states } from './states';

export const german = { pages, states };

export default flatten(german);
