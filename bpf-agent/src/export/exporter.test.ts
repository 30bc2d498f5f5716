import { LossCounter } from '../losses';
import { Exporter, type Payload } from './exporter';
import { backoffMs, isRetryable, retryAfterMs } from './retry';
import type { TransportAnswer } from './transport';

type Step = number | Error | Partial<TransportAnswer>;

/** An exporter whose receiver answers by a script; what it slept is written down instead of slept. */
function exporterWith(script: Step[], queueBytes = 1e6) {
  const received: string[] = [];
  const slept: number[] = [];
  const said: string[] = [];
  const losses = new LossCounter();
  const log = {
    info: (message: string) => said.push(message),
    warn: (message: string) => said.push(message),
  };
  const exporter = new Exporter({
    transport: async body => {
      received.push(Buffer.from(body).toString());
      const step = script.shift() ?? 200;
      if (step instanceof Error) throw step;
      return {
        status: 200,
        contentType: 'application/json',
        body: new Uint8Array(),
        ...(typeof step === 'number' ? { status: step } : step),
      };
    },
    headers: () => ({}),
    queueBytes,
    log,
    losses,
    random: () => 0,
    sleep: async ms => {
      slept.push(ms);
    },
  });
  return { exporter, received, slept, said, losses };
}

function payload(text: string, points = 1): Payload {
  return { body: Buffer.from(text), points };
}

describe('nothing is lost while the receiver is away', () => {
  it.each([429, 502, 503, 504, new Error('connect ECONNREFUSED')])(
    'after %s the same bytes are sent again, in order',
    async trouble => {
      const { exporter, received, losses } = exporterWith([trouble, trouble]);
      exporter.enqueue(payload('one'));
      exporter.enqueue(payload('two'));
      expect(await exporter.flush(1000)).toBe(0);
      expect(received).toEqual(['one', 'one', 'one', 'two']);
      expect(losses.take().get('export_queue_full')).toBe(0n);
    },
  );

  it('waits longer each time, and as long as the receiver asks', async () => {
    const { exporter, slept } = exporterWith([
      503,
      503,
      { status: 429, retryAfter: '20' },
    ]);
    exporter.enqueue(payload('one'));
    await exporter.flush(1000);
    expect(slept).toEqual([500, 1000, 20_000]);
  });

  it('says it once, and says when it is over', async () => {
    const { exporter, said } = exporterWith([503, 503, 503]);
    exporter.enqueue(payload('one'));
    await exporter.flush(1000);
    expect(said).toEqual([
      'the receiver answers 503, will try again',
      'sending works again after 3 failed attempts; 0 requests are waiting',
    ]);
  });
});

it('when the room is used up the oldest goes, counted; what is on its way stays', async () => {
  let open: (answer: TransportAnswer) => void = () => {};
  const losses = new LossCounter();
  const received: string[] = [];
  const exporter = new Exporter({
    transport: body => {
      received.push(Buffer.from(body).toString());
      if (received.length > 1) {
        return Promise.resolve({
          status: 200,
          contentType: '',
          body: new Uint8Array(),
        });
      }
      return new Promise(resolve => {
        open = resolve;
      });
    },
    headers: () => ({}),
    queueBytes: 10,
    log: { info: () => {}, warn: () => {} },
    losses,
  });
  exporter.enqueue(payload('first', 1));
  await new Promise(resolve => setImmediate(resolve));
  exporter.enqueue(payload('2222', 20));
  exporter.enqueue(payload('3333', 300));
  exporter.enqueue(payload('4444', 4000));
  expect(losses.take().get('export_queue_full')).toBe(320n);
  open({ status: 200, contentType: '', body: new Uint8Array() });
  expect(await exporter.flush(1000)).toBe(0);
  expect(received).toEqual(['first', '4444']);
});

describe('what sending again cannot cure', () => {
  it.each([400, 401, 403, 404, 413, 500])(
    'is dropped, counted and said with the reason: %s',
    async status => {
      const { exporter, received, said, losses } = exporterWith([
        { status, body: Buffer.from('{"error":{"message":"because"}}') },
      ]);
      exporter.enqueue(payload('one', 12));
      exporter.enqueue(payload('two'));
      await exporter.flush(1000);
      expect(received).toEqual(['one', 'two']);
      expect(losses.take().get('export_rejected')).toBe(12n);
      expect(said).toEqual([
        `the receiver refuses the data with ${status}, which sending again cannot cure: 12 points dropped: because`,
      ]);
    },
  );
});

it('a partial success is counted each time and said once', async () => {
  const partial = {
    body: Buffer.from(
      '{"partialSuccess":{"rejectedDataPoints":"3","errorMessage":"not ours"}}',
    ),
  };
  const { exporter, said, losses } = exporterWith([partial, partial]);
  exporter.enqueue(payload('one'));
  exporter.enqueue(payload('two'));
  await exporter.flush(1000);
  expect(said).toEqual(['the receiver did not take everything: not ours']);
  expect(losses.take().get('export_rejected')).toBe(6n);
});

it('flushing gives up in time and says what is left', async () => {
  const losses = new LossCounter();
  const exporter = new Exporter({
    transport: () => new Promise(() => {}),
    headers: () => ({}),
    queueBytes: 100,
    log: { info: () => {}, warn: () => {} },
    losses,
  });
  exporter.enqueue(payload('one'));
  exporter.enqueue(payload('two'));
  expect(await exporter.flush(20)).toBe(2);
});

describe('when to try again', () => {
  it('only after what OTLP calls retryable', () => {
    const statuses = [200, 400, 401, 404, 408, 429, 500, 501, 502, 503, 504];
    expect(statuses.filter(isRetryable)).toEqual([429, 502, 503, 504]);
  });

  it('doubling up to half a minute, at least half of it', () => {
    expect([0, 1, 2, 10, 2000].map(n => backoffMs(n, 0))).toEqual([
      500, 1000, 2000, 15_000, 15_000,
    ]);
    expect(backoffMs(0, 0.999)).toBeLessThanOrEqual(1000);
  });

  it('Retry-After is seconds or a date', () => {
    const now = Date.parse('2026-01-01T00:00:00Z');
    expect(retryAfterMs('7', now)).toBe(7000);
    expect(retryAfterMs('Thu, 01 Jan 2026 00:00:30 GMT', now)).toBe(30_000);
    expect(retryAfterMs('Wed, 31 Dec 2025 00:00:30 GMT', now)).toBe(0);
    expect(retryAfterMs('soon', now)).toBeUndefined();
    expect(retryAfterMs('99999', now)).toBe(300_000);
  });
});
