/** What months do to a run: everything that was measured is deleted, as retention does it. */
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { runFolder } from './run';

/** What is measured. Names and records are kept longer, or for good. */
const MEASURED = [
  'contention_points',
  'contention_minutes',
  'contention_five_minute_packs',
  'contention_five_minute_histograms',
  'contention_quarter_packs',
  'contention_quarter_histograms',
  'contention_hour_packs',
  'contention_hour_histograms',
  'contention_worst',
  'contention_node_windows',
  'contention_coverage',
];

/** Deletes what was measured up to now. The backend goes on, and the agent sends more. */
export function forgetMeasurements(): void {
  const database = new DatabaseSync(
    path.join(runFolder(), 'database/contention.sqlite'),
  );
  try {
    // The backend writes, too.
    database.exec('PRAGMA busy_timeout = 20000');
    for (const table of MEASURED) {
      const { changes } = database.prepare(`DELETE FROM ${table}`).run();
      if (changes === 0 && table === 'contention_points') {
        throw new Error('there was nothing to forget');
      }
    }
    database.exec('DELETE FROM contention_dirty');
  } finally {
    database.close();
  }
}
