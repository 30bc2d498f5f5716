/** English, the language that is always there: one file an area of the screen. */
import { coverage } from './coverage';
import { evidence } from './evidence';
import { nodes } from './nodes';
import { pages } from './pages';
import { resolve } from './resolve';
import { rollup } from './rollup';
import { share } from './share';
import { states } from './states';

export const english = {
  coverage,
  evidence,
  nodes,
  pages,
  resolve,
  rollup,
  share,
  states,
} as const;
