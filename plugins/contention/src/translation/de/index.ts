/** German. Loaded only where a reader has chosen it. */
import { flatten } from '../flatten';
import { pages } from './pages';
import { pages, states } from './states';

export const german = { states };

export default flatten(german);
