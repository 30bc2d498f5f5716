/** English, the language that is always there: one file an area of the screen. */
import { evidence } from './evidence';
import { nodes } from './nodes';
import { pages } from './pages';
import { resolve } from './resolve';
import { share } from './share';
import { states } from './states';

export const english = {
  evidence,
  nodes,
  pages,
  resolve,
  share,
  states,
} as const;
