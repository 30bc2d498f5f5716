/** Says what the sensor switches off to stay within its budget, and what comes back. Knows frames, nothing else. */
import type { Log } from './log';
import type { Frame } from './sensor/frame';

const NUMBER = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

export class BudgetWatch {
  #off: readonly string[] = [];

  constructor(private readonly log: Log) {}

  look({ health: { shed, budget } }: Frame): void {
    const off = shed.filter(step => !this.#off.includes(step));
    const on = this.#off.filter(step => !shed.some(one => one === step));
    this.#off = shed;
    if (off.length > 0) {
      const spent = Number(budget.spentNs) / Number(budget.allowedNs);
      this.log.warn(
        `switched off to stay within the budget of ${NUMBER.format(
          budget.share * 100,
        )} % of a core per 10,000 task switches or 40,000 packets a second: ${off.join(
          ', ',
        )} (the last interval cost ${NUMBER.format(spent)} times that)`,
      );
    }
    if (on.length > 0) {
      this.log.info(`switched on again: ${on.join(', ')}`);
    }
  }
}
