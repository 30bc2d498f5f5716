import { parseSoftnetStat, ReceiveBook } from './receiveBook';

const at = (seconds: number) => ({
  unixNs: BigInt(seconds) * 1_000_000_000n,
  monotonicNs: BigInt(seconds) * 1_000_000_000n + 7n,
});

const ledger = (packets: bigint, drops = 0n, squeezed = 0n) => ({
  packets,
  drops,
  squeezed,
});

describe('/proc/net/softnet_stat', () => {
  it('is a line a CPU of hexadecimal numbers, which are added up', () => {
    expect(
      parseSoftnetStat(
        [
          '0000001a 00000002 00000003 00000000 00000000 00000000',
          'ffffffff 00000001 0000000f 00000000 00000000 00000001',
          '',
        ].join('\n'),
      ),
    ).toEqual(ledger(0x1an + 0xffffffffn, 3n, 18n));
  });

  it('has nothing to say where it has no lines, or lines of an old kernel that counts less', () => {
    expect(parseSoftnetStat('')).toEqual(ledger(0n));
    expect(parseSoftnetStat('0000001a 00000002\n')).toEqual(ledger(0n));
  });
});

describe('what was added since', () => {
  it('is not known before the second reading', () => {
    expect(new ReceiveBook().take(ledger(5n), at(1))).toBeUndefined();
  });

  it('is the difference, between the moments of the two readings', () => {
    const book = new ReceiveBook();
    book.take(ledger(5n, 1n, 0n), at(1));
    expect(book.take(ledger(9n, 1n, 2n), at(3))).toEqual({
      ...ledger(4n, 0n, 2n),
      startUnixNs: at(1).unixNs,
      endUnixNs: at(3).unixNs,
    });
  });

  it('is never negative: a counter that wrapped, or whose CPU went, begins anew', () => {
    const book = new ReceiveBook();
    book.take(ledger(4_294_967_290n, 3n, 1n), at(1));
    expect(book.take(ledger(4n, 5n, 1n), at(2))).toMatchObject(
      ledger(0n, 2n, 0n),
    );
    expect(book.take(ledger(10n, 5n, 2n), at(3))).toMatchObject(
      ledger(6n, 0n, 1n),
    );
  });

  it('is not known across a time in which nothing could be read', () => {
    const book = new ReceiveBook();
    book.take(ledger(5n), at(1));
    expect(book.take(undefined, at(2))).toBeUndefined();
    expect(book.take(ledger(50n), at(3))).toBeUndefined();
    expect(book.take(ledger(51n), at(4))).toMatchObject(ledger(1n));
  });

  it('lasts as long as the monotonic clock says when somebody sets the wall clock', () => {
    const book = new ReceiveBook();
    book.take(ledger(5n), at(100));
    const set = { ...at(104), unixNs: at(4).unixNs };
    expect(book.take(ledger(6n), set)).toMatchObject({
      startUnixNs: at(0).unixNs,
      endUnixNs: at(4).unixNs,
    });
  });
});
