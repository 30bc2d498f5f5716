/** German. Loaded only where a reader has chosen it. */
import { flatten } from '../flatten';
import { evidence } from './evidence';
import { nodes } from './nodes';
import { pages } from './pages';
import { resolve } from './resolve';
import { share } from './share';
import { states } from './states';

export const german = { evidence, nodes, pages, resolve, share, states };

export default flatten(german);
