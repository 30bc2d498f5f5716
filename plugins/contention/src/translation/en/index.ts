/** English, the language that is always there: one file an area of the screen. */
import { card } from './card';
import { charts } from './charts';
import { coverage } from './coverage';
import { evidence } from './evidence';
import { format } from './format';
import { latency } from './latency';
import { neighbours } from './neighbours';
import { nodes } from './nodes';
import { pages } from './pages';
import { parts } from './parts';
import { peers } from './peers';
import { report } from './report';
import { range } from './range';
import { resolve } from './resolve';
import { rollup } from './rollup';
import { share } from './share';
import { states } from './states';
import { throttling } from './throttling';

export const english = {
  card,
  charts,
  coverage,
  evidence,
  format,
  latency,
  neighbours,
  nodes,
  pages,
  parts,
  peers,
  report,
  range,
  resolve,
  rollup,
  share,
  states,
  throttling,
} as const;
