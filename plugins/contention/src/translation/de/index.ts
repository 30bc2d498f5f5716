/** German. Loaded only where a reader has chosen it. */
import { flatten } from '../flatten';
import { pages } from './pages';
import { resolve } from './resolve';
import { states } from './states';

export const german = { pages, resolve, states };

export default flatten(german);
