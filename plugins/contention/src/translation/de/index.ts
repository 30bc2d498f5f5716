/** German. Loaded only where a reader has chosen it. */
import { flatten } from '../flatten';
import { coverage } from './coverage';
import { evidence } from './evidence';
import { nodes } from './nodes';
import { pages } from './pages';
import { resolve } from './resolve';
import { rollup } from './rollup';
import { share } from './share';
import { states } from './states';

export const german = {
  coverage,
  evidence,
  nodes,
  pages,
  resolve,
  rollup,
  share,
  states,
};

export default flatten(german);
