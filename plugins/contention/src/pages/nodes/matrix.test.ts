import { nodeAt } from '../../__fixtures__/nodes';
import { matrixOf, windowsIn } from './matrix';

const TO = Date.UTC(2026, 10, 21, 10, 0);
const report = nodeAt(
  { cluster: 'demo', node: 'node-a' },
  { from: TO - 3_600_000, to: TO },
  TO,
);
const { axis } = report;

describe('the matrix of a stretch', () => {
  it('adds up to the matrix of the whole range over stretches that share it out', () => {
    const middle = axis.startsMs[20];
    const whole = matrixOf(report, undefined).total;
    const parts = [
      { from: report.range.from, to: middle },
      { from: middle, to: report.range.to },
    ].map(stretch => matrixOf(report, stretch).total);
    expect(parts[0]).toBeGreaterThan(0);
    expect(parts[0] + parts[1]).toBeCloseTo(whole, 6);
  });

  it('is of whole windows, also where a stretch begins inside of one', () => {
    const stepMs = axis.stepSeconds * 1000;
    expect(
      windowsIn(axis, {
        from: axis.startsMs[3] + 1,
        to: axis.startsMs[4] + stepMs - 1,
      }),
    ).toEqual({ first: 3, last: 4 });
    expect(
      windowsIn(axis, { from: axis.startsMs[3], to: axis.startsMs[4] }),
    ).toEqual({ first: 3, last: 3 });
  });

  it('leaves out who did not wait and who did not run then', () => {
    const before = { from: axis.startsMs[0], to: axis.startsMs[1] };
    const names = matrixOf(report, before).columns.map(
      ({ culprit }) => culprit.label,
    );
    expect(names).toContain('checkout');
    const rows = matrixOf(report, before).rows.map(
      ({ victim }) => victim.party.name,
    );
    expect(rows).not.toContain('node-exporter');
  });

  it('puts rows in the order of a column, and columns in the order of a row', () => {
    const all = matrixOf(report, undefined);
    const checkout = report.culprits.findIndex(
      ({ label }) => label === 'checkout',
    );
    const byCheckout = matrixOf(report, undefined, { rowsBy: checkout });
    expect(all.rows[0].victim.party.name).toBe('checkout');
    expect(byCheckout.rows[0].victim.party.name).toBe('batch-report');
    const itself = report.victims.findIndex(
      ({ party }) => party.name === 'batch-report',
    );
    const byRow = matrixOf(report, undefined, { columnsBy: itself });
    expect(all.columns[0].culprit.label).toBe('batch-report');
    expect(byRow.columns[0].culprit.relation).toBe('self');
  });
});
