/** German. Loaded only where a reader has chosen it. */
import { flatten } from '../flatten';
import { coverage } from './coverage';
import { evidence } from './evidence';
import { neighbours } from './neighbours';
import { nodes } from './nodes';
import { pages } from './pages';
import { parts } from './parts';
import { report } from './report';
import { resolve } from './resolve';
import { rollup } from './rollup';
import { share } from './share';
import { states } from './states';
import { throttling } from './throttling';

export const german = {
  coverage,
  evidence,
  neighbours,
  nodes,
  pages,
  parts,
  report,
  resolve,
  rollup,
  share,
  states,
  throttling,
};

export default flatten(german);
