// How many tests passed, failed and were skipped, as each runner tells it. Pure.

/** Counts as `{passed, failed, skipped}`. */
export const NONE = { passed: 0, failed: 0, skipped: 0 };

export const sum = (a, b) => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});

/** The one line in which every command of the project ends that runs tests. */
export const summaryLine = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;

/** Counts in the last such line of an output; undefined when there is none. */
export function fromSummaryLine(output) {
  const lines = [
    ...output.matchAll(/^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?\s*$/gm),
  ];
  const last = lines[lines.length - 1];
  return (
    last && {
      passed: Number(last[1]),
      failed: Number(last[2]),
      skipped: Number(last[3] ?? 0),
    }
  );
}

/** Counts at the end of a TAP stream of node's test runner; undefined when it did not get there. */
export function fromTap(output) {
  const count = name => {
    const match = new RegExp(`^# ${name} (\\d+)$`, 'm').exec(output);
    return match ? Number(match[1]) : undefined;
  };
  if (count('pass') === undefined) return undefined;
  return {
    passed: count('pass'),
    failed: count('fail') + count('cancelled'),
    skipped: count('skipped') + count('todo'),
  };
}

/** Counts in jest's `--json` document; a test file that does not load is a failed test. */
export const fromJest = report => ({
  passed: report.numPassedTests,
  failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
  skipped: report.numPendingTests + report.numTodoTests,
});

/** A check that only says yes or no is one test. */
export const fromExitCode = code =>
  code === 0 ? { ...NONE, passed: 1 } : { ...NONE, failed: 1 };

/**
 * What a stage counts for: what it counted itself, but at least one failure when it failed without saying where, said
 * nothing, or ran no test at all.
 */
export function judge(counts, exitCode) {
  if (!counts) return { ...NONE, failed: 1 };
  const ranNothing = counts.passed + counts.failed + counts.skipped === 0;
  const hidFailure = exitCode !== 0 && counts.failed === 0;
  return ranNothing || hidFailure
    ? { ...counts, failed: counts.failed + 1 }
    : counts;
}
