/** English, the language that is always there: one file an area of the screen. */
import { pages } from './pages';
import { pages, states } from './states';

export const english = { states } as const;
