/** What the latency tab says of requests that no agent looked into, from OTLP to the answer. */
import {
  ATTRIBUTE,
  latencyReportSchema,
  METRIC,
} from 'backstage-plugin-contention-common';
import {
  component,
  startContentionBackend,
  temporaryFolder,
} from '../../__testUtils__/backend';
import * as otlp from '../../__testUtils__/otlp';

jest.setTimeout(120_000);

const MINUTE = 60_000;
const toMs = Math.floor(Date.now() / MINUTE) * MINUTE;
const fromMs = toMs - 10 * MINUTE;

/** 990 requests of 10 ms, and 12 of 200 ms that were mostly upstream. */
function requests(isLookedInto: boolean): otlp.TestRequests[] {
  const parts = (...list: { part: string; seconds: number }[]) =>
    isLookedInto ? { parts: list } : {};
  return [
    { count: 990, seconds: 0.01, ...parts({ part: 'work', seconds: 0.01 }) },
    {
      count: 12,
      seconds: 0.2,
      ...parts(
        { part: 'upstream', seconds: 0.15 },
        { part: 'work', seconds: 0.05 },
      ),
    },
  ];
}

describe('requests that no agent looked into', () => {
  const checkout = otlp.container('checkout');
  let folder: ReturnType<typeof temporaryFolder>;
  let backend: Awaited<ReturnType<typeof startContentionBackend>>;

  beforeAll(async () => {
    folder = temporaryFolder();
    backend = await startContentionBackend({
      folder: folder.path,
      entities: [component('checkout')],
    });
    // The anatomy is switched off after two minutes of ten.
    for (let at = fromMs; at < toMs; at += MINUTE) {
      const span = { startMs: at, endMs: at + MINUTE };
      const isOn = at < fromMs + 2 * MINUTE;
      await backend
        .send(
          otlp.request(
            otlp.requests(checkout, span, requests(isOn)),
            otlp.interval(checkout, span, { cpuSeconds: 20, waits: [] }),
            otlp.resource(
              {
                [ATTRIBUTE.node]: checkout[ATTRIBUTE.node]!,
                [ATTRIBUTE.cgroupPath]: '/',
              },
              isOn
                ? []
                : [
                    otlp.sum(METRIC.agentShed, [
                      {
                        ...span,
                        attributes: { [ATTRIBUTE.program]: 'anatomy' },
                        value: 60,
                      },
                    ]),
                  ],
            ),
          ),
        )
        .expect(200);
    }
  });

  afterAll(async () => {
    await backend.stop();
    folder.remove();
  });

  const latencyOf = async (query: Record<string, string | number> = {}) => {
    const { body } = await backend
      .report('checkout', 'latency', { from: fromMs, to: toMs, ...query })
      .expect(200);
    return latencyReportSchema.parse(body);
  };

  it('have a part of their own: what is known of some is not said of all', async () => {
    const { verdict, requests: account } = await latencyOf();
    expect(verdict.cause).toBe('unsure');
    expect(verdict.sentence.text).toMatch(
      /were (79|80|81) % not known, 1[456] % waiting for an upstream\. For some of the time the agent had switched off looking into requests, to stay within its budget\.$/,
    );
    const all = account.anatomy.sums.find(({ of }) => of === 'all')!;
    expect(all.parts[0].part).toBe('unattributed');
    expect(all.parts[0].share).toBeCloseTo(0.8, 1);
    // About the time that they took in all: 10 x (990 x 0.01 + 12 x 0.2) s.
    expect(all.seconds / 123).toBeCloseTo(1, 1);
  });

  it('are no part of a selection in which all were looked into', async () => {
    const { requests: account } = await latencyOf({
      selectFrom: fromMs,
      selectTo: fromMs + 2 * MINUTE,
    });
    const all = account.anatomy.sums.find(({ of }) => of === 'all')!;
    expect(all.parts.map(({ part }) => part)).toEqual(['work', 'upstream']);
  });
});
