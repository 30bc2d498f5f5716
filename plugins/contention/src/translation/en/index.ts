/** English, the language that is always there: one file an area of the screen. */
import { states } from './states';

export const english = { states } as const;
