import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpusOfMax, parseFlatKeyed, quotaLedger } from './cgroupFiles';
import { LedgerBook, quotaSince } from './ledgerBook';
import { openLedger, type LedgerReader, type LedgerReading } from './reader';

describe('the files of both versions say the same', () => {
  let root: string;
  const write = (path: string, files: Record<string, string>) => {
    const directory = join(root, path);
    mkdirSync(directory, { recursive: true });
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(directory, name), text);
    }
  };
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'ledger-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const expected: LedgerReading = {
    quota: { periods: 50n, throttledPeriods: 20n, throttledNs: 3_000_000n },
    mode: { userNs: 700_000n, systemNs: 300_000n },
    limitCpus: 0.2,
    weightCpus: 0.5,
  };

  it('version 1, controllers apart', () => {
    write('cg/cpuacct', { 'cpuacct.usage_user': '0\n' });
    write('cg/cpu/a', {
      'cpu.stat': 'nr_periods 50\nnr_throttled 20\nthrottled_time 3000000\n',
      'cpu.cfs_quota_us': '20000\n',
      'cpu.cfs_period_us': '100000\n',
      'cpu.shares': '512\n',
    });
    write('cg/cpuacct/a', {
      'cpuacct.usage_user': '700000\n',
      'cpuacct.usage_sys': '300000\n',
    });
    const ledger = openLedger({ version: 1, mount: '/cg/cpu' }, root);
    expect(ledger.read('/a')).toEqual(expected);
    expect(ledger.read('/gone')).toBeUndefined();
  });

  it('version 1, controllers in one mount, no quota', () => {
    write('cg/cpu,cpuacct', { 'cpuacct.usage_user': '0\n' });
    write('cg/cpu,cpuacct/a', {
      'cpu.stat': 'nr_periods 0\nnr_throttled 0\nthrottled_time 0\n',
      'cpu.cfs_quota_us': '-1\n',
      'cpu.shares': '2\n',
      'cpuacct.usage_user': '700000\n',
      'cpuacct.usage_sys': '300000\n',
    });
    const ledger = openLedger({ version: 1, mount: '/cg/cpu,cpuacct' }, root);
    expect(ledger.read('/a')).toEqual({
      quota: { periods: 0n, throttledPeriods: 0n, throttledNs: 0n },
      mode: expected.mode,
    });
  });

  it('version 2', () => {
    write('cg/a', {
      'cpu.stat':
        'usage_usec 1000\nuser_usec 700\nsystem_usec 300\nnr_periods 50\nnr_throttled 20\nthrottled_usec 3000\n',
      'cpu.max': '20000 100000\n',
      'cpu.weight': '20\n',
    });
    const ledger = openLedger({ version: 2, mount: '/cg' }, root);
    const { weightCpus, ...rest } = ledger.read('/a')!;
    const { weightCpus: _, ...same } = expected;
    expect(rest).toEqual(same);
    expect(weightCpus).toBeCloseTo(0.5, 1);
  });

  it('a root without quota lines has no quota', () => {
    expect(quotaLedger(parseFlatKeyed('usage_usec 5\n'))).toBeUndefined();
    expect(cpusOfMax('max 100000\n')).toBeUndefined();
  });
});

describe('the book', () => {
  const reading = (periods: bigint): LedgerReading => ({
    quota: { periods, throttledPeriods: 0n, throttledNs: 0n },
  });
  const reader = (values: Record<string, bigint>): LedgerReader => ({
    read: path => (path in values ? reading(values[path]) : undefined),
  });

  const at = (ns: bigint, setByNs = 0n) => ({
    unixNs: ns + setByNs,
    monotonicNs: 1000n + ns,
  });

  it('says nothing the first time, and what was added after that', () => {
    const book = new LedgerBook();
    const [first] = book.read(reader({ '/a': 100n }), ['/a'], at(10n));
    expect(first.quota).toBeUndefined();
    const [second] = book.read(reader({ '/a': 130n }), ['/a'], at(20n));
    expect(second).toMatchObject({
      startUnixNs: 10n,
      endUnixNs: 20n,
      quota: { periods: 30n },
    });
  });

  it.each([-3600_000_000_000n, 3600_000_000_000n])(
    'knows how long it was when the wall clock is set by %d ns',
    setByNs => {
      const book = new LedgerBook();
      book.read(reader({ '/a': 100n }), ['/a'], at(10n));
      const [entry] = book.read(
        reader({ '/a': 130n }),
        ['/a'],
        at(20n, setByNs),
      );
      expect(entry).toMatchObject({
        startUnixNs: 10n + setByNs,
        endUnixNs: 20n + setByNs,
      });
    },
  );

  it('counts a cgroup from zero that was made in between', () => {
    const book = new LedgerBook();
    book.read(reader({}), [], at(10n));
    const [entry] = book.read(reader({ '/new': 7n }), ['/new'], at(20n));
    expect(entry.quota).toMatchObject({ periods: 7n });
  });

  it('never counts backwards: a cgroup made again under its name is new', () => {
    const book = new LedgerBook();
    book.read(reader({ '/a': 100n }), ['/a'], at(10n));
    const [entry] = book.read(reader({ '/a': 3n }), ['/a'], at(20n));
    expect(entry.quota).toMatchObject({ periods: 3n });
  });

  it('knows what CPU time was added, and none the first time', () => {
    const book = new LedgerBook();
    const used = (userNs: bigint, systemNs: bigint) =>
      book.read(
        { read: () => ({ mode: { userNs, systemNs } }) },
        ['/a'],
        at(10n),
      )[0].used;
    expect(used(100n, 10n)).toBeUndefined();
    expect(used(150n, 10n)).toEqual({ userNs: 50n, systemNs: 0n });
    expect(used(150n, 10n)).toEqual({ userNs: 0n, systemNs: 0n });
    expect(used(20n, 30n)).toEqual({ userNs: 20n, systemNs: 30n });
  });

  it('takes all counters of a cgroup as new if one is', () => {
    const before = { periods: 5n, throttledPeriods: 5n, throttledNs: 900n };
    const after = { periods: 6n, throttledPeriods: 6n, throttledNs: 100n };
    expect(quotaSince(before, after)).toEqual(after);
  });
});
