// What a run of Playwright's has shown, by its JSON report. A test that passed at its second try only is a passed one where
// the hypervisor gave this machine's CPUs to others meanwhile; where it did not, the fault is ours.
import { TOLERATED_SHARE } from './theft.mjs';

/**
 * `{counts, flaky}`: how many passed, failed and were skipped, and the titles of those that needed a second try.
 * `stolen` is the share of the CPU time of the run that was stolen.
 */
export function judgeReport({ stats, suites }, stolen) {
  const excused = stolen >= TOLERATED_SHARE;
  return {
    counts: {
      passed: stats.expected + (excused ? stats.flaky : 0),
      failed: stats.unexpected + (excused ? 0 : stats.flaky),
      skipped: stats.skipped,
    },
    flaky: suites.flatMap(flakyIn),
  };
}

function flakyIn({ suites = [], specs = [] }) {
  return [
    ...specs
      .filter(({ tests }) => tests.some(({ status }) => status === 'flaky'))
      .map(({ file, title }) => `${file}: ${title}`),
    ...suites.flatMap(flakyIn),
  ];
}
