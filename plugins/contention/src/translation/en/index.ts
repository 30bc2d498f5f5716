/** English, the language that is always there: one file an area of the screen. */
import { pages } from './pages';
import { resolve } from './resolve';
import { states } from './states';

export const english = { pages, resolve, states } as const;
