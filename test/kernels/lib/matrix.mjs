// The result as a table for people, and as numbers for machines. Pure.
import { verdict } from './judge.mjs';

/** Shown in a cell, in this order: the kinds of check that have an error in percent or points. */
const SHOWN = ['wait', 'quota', 'burn', 'blame', 'mean', 'behind'];

/** Worst value of each kind of check: `[['wait', 0.01], ...]`; kinds without a check are left out. */
export function worst(checks) {
  return SHOWN.flatMap(kind => {
    const values = checks
      .filter(check => check.name.split(' ')[0] === kind)
      .map(check => check.value);
    return values.length > 0 ? [[kind, Math.max(...values)]] : [];
  });
}

/** A cell of the table, such as `pass  wait 0.01 %  blame 0.00 %`. */
export function cell({ checks, problem, skipped }) {
  if (skipped) return 'skip';
  if (problem) return 'fail';
  const unitOf = kind =>
    checks.find(({ name }) => name.split(' ')[0] === kind).unit;
  const shown = worst(checks).map(([kind, value]) =>
    Number.isFinite(value)
      ? `${kind} ${value.toFixed(2)}${unitOf(kind) === 'points' ? ' points' : '%'}`
      : `${kind} ?`,
  );
  return [verdict(checks), ...shown].join('  ');
}

/** Rows of text with columns as wide as their widest cell. */
export function table(rows) {
  const widths = rows[0].map((_, column) =>
    Math.max(...rows.map(row => row[column].length)),
  );
  return rows
    .map(row =>
      row
        .map((text, column) => text.padEnd(widths[column]))
        .join('   ')
        .trimEnd(),
    )
    .join('\n');
}

/** Whether it did not run, or something was wrong. */
export const hasFailed = ({ checks, problem, skipped }) =>
  !skipped && (problem !== undefined || verdict(checks) === 'fail');

/** What did not hold, and why, one line each; `atFirst` are the lines of a try before. */
export function complaints({ checks, problem, skipped, atFirst = [] }) {
  const before = atFirst.map(line => `at first ${line}`);
  if (skipped) return [...before, skipped];
  if (problem) return [...before, problem];
  const now = checks
    .filter(check => !(check.value <= check.limit))
    .map(check =>
      check.unknowable !== undefined
        ? `${check.name}: not judged, ${check.unknowable} (${check.detail})`
        : `${check.name}: ${Number.isFinite(check.value) ? check.value.toFixed(3) : 'infinite'} ${check.unit}, at most ${check.limit} allowed (${check.detail})`,
    );
  return [...before, ...now];
}

/** Every check as `{name, value, unit, ratioTo: {limit}}`; what could not be judged has no value and is left out. */
export function results(column, scenario, checks) {
  return checks
    .filter(check => Number.isFinite(check.value))
    .map(check => ({
      name: `${column} / ${scenario} / ${check.name}`,
      value: check.value,
      unit: check.unit,
      ratioTo: check.limit > 0 ? { limit: check.value / check.limit } : {},
    }));
}

/** `{passed, failed, skipped}` of a list of outcomes. */
export function count(outcomes) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const outcome of outcomes) {
    if (outcome.skipped) counts.skipped += 1;
    else if (outcome.problem) counts.failed += 1;
    else
      counts[
        { pass: 'passed', fail: 'failed', skip: 'skipped' }[
          verdict(outcome.checks)
        ]
      ] += 1;
  }
  return counts;
}
