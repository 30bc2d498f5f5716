/** Fairness of work in the background. */
import { setImmediate } from 'node:timers/promises';

/**
 * Lets everybody else have a turn. On SQLite a statement is over before its promise is there, so a loop of them never comes
 * back to the event loop: no request of any plugin would be answered until its end.
 */
export async function letOthers(): Promise<void> {
  await setImmediate();
}
