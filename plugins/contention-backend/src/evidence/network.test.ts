/** What a record says that is about packets: its files are of the network where that was the matter. */
import { TestDatabases } from '@backstage/backend-test-utils';
import {
  evidenceHeadSchema,
  evidenceSchema,
} from 'backstage-plugin-contention-common';
import { component, group } from '../__testUtils__/backend';
import { startEvidenceBackend } from '../__testUtils__/evidenceBackend';
import * as otlp from '../__testUtils__/otlp';

jest.setTimeout(120_000);

const MARA = 'user:default/mara';
const EVE = 'user:default/eve';

/** Ten minutes that ended half an hour ago. */
const to = Math.floor(Date.now() / 60_000) * 60_000 - 30 * 60_000;
const from = to - 10 * 60_000;

const shipper = otlp.container('log-shipper');

/** Packets of orders stand behind those of log-shipper; hardly anybody waits for a CPU. */
function bodies() {
  const orders = otlp.container('orders');
  return Array.from({ length: 60 }, (_, index) => {
    const startMs = from + index * 10_000;
    const span = { startMs, endMs: startMs + 10_000 };
    return otlp.request(
      otlp.queue(orders, span, {
        interfaceName: 'uplink',
        packets: new Array(100).fill(0.014),
        behind: [
          { seconds: 1.2, by: otlp.blamed(shipper) },
          { seconds: 0.2, by: { 'contention.culprit.kind': 'self' } },
        ],
      }),
      otlp.queue(shipper, span, {
        interfaceName: 'uplink',
        packets: [],
        behind: [],
        io: { transmit: 12_000_000 },
      }),
      otlp.interval(orders, span, {
        cpuSeconds: 4,
        waits: [{ seconds: 0.001, by: otlp.blamed(shipper) }],
      }),
    );
  });
}

const databases = TestDatabases.create({ ids: ['SQLITE_3'] });

describe('files of a record of packets', () => {
  let backend: Awaited<ReturnType<typeof startEvidenceBackend>>;
  let id: string;
  const file = async (reader: string, form: string) =>
    (
      await backend
        .get(reader, `/evidence/${id}.${form}`)
        .buffer(true)
        .parse(asText)
        .expect(200)
    ).body as string;

  beforeAll(async () => {
    backend = await startEvidenceBackend(
      await databases.init('SQLITE_3'),
      {
        entities: [
          component('orders', undefined, 'group:default/shop'),
          component('log-shipper', undefined, 'group:default/platform'),
          group('shop', 'Shop'),
          group('platform', 'Platform'),
        ],
        hidden: {
          [EVE]: ['component:default/log-shipper', 'group:default/platform'],
        },
        groups: { [MARA]: ['group:default/shop'] },
        policy: () => undefined,
      },
      { evidence: {} },
    );
    for (let tries = 0; tries < 100; tries++) {
      const { body } = await backend.get(
        MARA,
        '/entities/component/default/orders/diagnosis',
      );
      if (body.status !== undefined) break;
      await new Promise(resolve => setTimeout(resolve, 100));
    }
    for (const body of bodies()) await backend.send(body).expect(200);
    const frozen = await backend
      .post(MARA, '/evidence', {
        entityRef: 'component:default/orders',
        from,
        to,
      })
      .expect(201);
    ({ id } = evidenceHeadSchema.parse(frozen.body));
  });

  afterAll(() => backend.stop());

  it('draw, as a picture, packets by whose left meanwhile, and rank who was ahead', async () => {
    const record = evidenceSchema.parse(
      (await backend.get(MARA, `/evidence/${id}`).expect(200)).body,
    );
    expect(record.verdict.resource).toBe('network');
    const svg = await file(MARA, 'svg');
    expect(svg).toContain(
      'Its packets that stood in queues at once, on average, by whose packets left',
    );
    expect(svg).toContain('Its packets stood behind those of');
    expect(svg).toContain('log-shipper (team Platform)');
    expect(svg).toMatch(/86 %, 12 ms a packet, sent 9\.6 Mbit\/s/);
    expect(svg).not.toContain('Waiting for a CPU');
    expect(svg).not.toContain('Ran while it waited');
    // Something is drawn.
    expect(svg).toMatch(/<path d="M[^"]+Z" fill="#c9252d"\/>/);
  });

  it('tell, as Markdown, of packets before CPUs, and how sure that is', async () => {
    const markdown = await file(MARA, 'md');
    const packets = markdown.indexOf('## Behind whose packets its own stood');
    const cpus = markdown.indexOf('## Who ran while it waited');
    expect(packets).toBeGreaterThan(0);
    expect(cpus).toBeGreaterThan(packets);
    expect(markdown).toMatch(
      /\| log\\?-shipper \| Platform \| 12 ms \| 86 % \|.*\| node\\?-a \| uplink \| 9\\?\.6 Mbit\/s \|/,
    );
    expect(markdown).toMatch(/of the time in queues could not be attributed/);
    expect(markdown).toMatch(/WireGuard/);
  });

  it('name nobody to a reader who may not see who was ahead', async () => {
    for (const form of ['svg', 'md']) {
      const text = await file(EVE, form);
      expect(text).toMatch(/may not see/);
      expect(text).not.toMatch(/shipper|Platform/);
      // What it sent would tell who it is.
      expect(text).not.toMatch(/Mbit/);
    }
  });
});

function asText(
  response: unknown,
  done: (error: Error | null, body: string) => void,
): void {
  const chunks: Buffer[] = [];
  const stream = response as NodeJS.ReadableStream;
  stream.on('data', chunk => chunks.push(Buffer.from(chunk)));
  stream.on('end', () => done(null, Buffer.concat(chunks).toString('utf8')));
}
