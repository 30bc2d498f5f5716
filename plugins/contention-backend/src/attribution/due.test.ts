import { REFRESH_TURN_MS, whenDue } from './due';

/** Cannot be read in some of its attempts, by number. */
function catalogThatFails(...failing: number[]) {
  return {
    isLoaded: false,
    attempts: 0,
    async refresh() {
      if (failing.includes(this.attempts++)) throw new Error('404 Not Found');
      this.isLoaded = true;
    },
  };
}

/** Turns in which it was attempted to read. */
async function attempted(
  catalog: ReturnType<typeof catalogThatFails>,
  everyMs: number,
  lateMs: (turn: number) => number = () => 0,
): Promise<number[]> {
  let nowMs = 1_000_000;
  const refresh = whenDue(catalog, everyMs, () => nowMs);
  const turns: number[] = [];
  for (let turn = 0; turn < 40; turn++) {
    const before = catalog.attempts;
    nowMs = 1_000_000 + turn * REFRESH_TURN_MS + lateMs(turn);
    await refresh().catch(() => {});
    if (catalog.attempts > before) turns.push(turn);
  }
  return turns;
}

it('is read as often as it was asked for, though turns are late', async () => {
  const turns = [0, 12, 24, 36];
  expect(await attempted(catalogThatFails(), 60_000)).toEqual(turns);
  const late = (turn: number) => (turn % 3) * 700;
  expect(await attempted(catalogThatFails(), 60_000, late)).toEqual(turns);
});

it('is read again at the next turn until it was read once, and not that often after it', async () => {
  const turns = [0, 1, 2, 14, 26, 38];
  expect(await attempted(catalogThatFails(0, 1, 3), 60_000)).toEqual(turns);
});

it('says that it could not be read', async () => {
  const refresh = whenDue(catalogThatFails(0), 60_000);
  await expect(refresh()).rejects.toThrow('404');
});
