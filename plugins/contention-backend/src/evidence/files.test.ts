/** What a hostile name can do in the files that go into tickets: nothing, in a record that was really frozen. */
import { TestDatabases } from '@backstage/backend-test-utils';
import {
  evidenceHeadSchema,
  printable,
} from 'backstage-plugin-contention-common';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { SaxesParser } from 'saxes';
import { component, group } from '../__testUtils__/backend';
import { startEvidenceBackend } from '../__testUtils__/evidenceBackend';
import * as otlp from '../__testUtils__/otlp';

jest.setTimeout(120_000);

const EVIL = 'evil.example';

/** The 253 characters of the longest name that Kubernetes takes. */
const LONG = 'w'.repeat(253);

/** Turns the direction of writing. */
const BIDI = 'invoice\u202efdp.exe \u2066isolated\u2069';

const HOSTILE = [
  LONG,
  BIDI,
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  `</text><foreignObject><iframe src="https://${EVIL}"/></foreignObject>`,
  `]]><image href="https://${EVIL}/x.png"/><!--`,
  '&lt;script&gt; &#60;b&#62; &quot; &nosuch;',
  // eslint-disable-next-line no-script-url
  'javascript:alert(1)',
  // eslint-disable-next-line no-script-url
  '[click](javascript:alert(1))',
  `![x](https://${EVIL}/x.png)`,
  `[a]: https://${EVIL} [a][a]`,
  `<https://${EVIL}> https://${EVIL} www.${EVIL} ftp://${EVIL}`,
  `mallory@${EVIL} mailto:mallory@${EVIL} xmpp:mallory@${EVIL}`,
  'a | b |\n| --- | --- |\n# heading\n* item\n\n    code',
  'end of `code` **bold** ~~struck~~ [^1] <!-- hidden',
  '\u001b]0;owned\u0007\u001b[31mred',
  'che\u200bckout \ufffe \u{e0041}',
];

const MARA = 'user:default/mara';
const DAVE = 'user:default/dave';
const INCIDENT = 'https://acme.example/incidents/1?a=b)&c=<script>|';

/** Ten minutes that ended half an hour ago. */
const to = Math.floor(Date.now() / 60_000) * 60_000 - 30 * 60_000;
const from = to - 10 * 60_000;

/** checkout waits for a pod of each hostile name, and gets slow requests because of them. */
function bodies() {
  const victim = otlp.container('checkout', { node: BIDI });
  const culprits = HOSTILE.map(name =>
    otlp.container(name, {
      node: BIDI,
      namespace: name,
      pod: name,
      container: name,
      labels: {},
    }),
  );
  // Who is accused, and may answer.
  culprits.unshift(otlp.container('batch', { node: BIDI }));
  const spans = Array.from({ length: 60 }, (_, index) => ({
    startMs: from + index * 10_000,
    endMs: from + (index + 1) * 10_000,
  }));
  return spans.map((span, window) =>
    otlp.request(
      otlp.interval(victim, span, {
        cpuSeconds: 4,
        waits: culprits.map((culprit, index) => ({
          seconds: (0.6 + 0.3 * Math.sin(window / 6 + index)) / (index + 1),
          by: otlp.blamed(culprit),
        })),
      }),
      otlp.resource(victim, [
        ...[
          ['contention.cpu.throttled.periods', 100],
          ['contention.cpu.throttled.periods.throttled', 40],
          ['contention.cpu.throttled.time', 3],
        ].map(([name, value]) =>
          otlp.sum(String(name), [
            {
              ...span,
              attributes: { 'contention.quota.level': 'container' },
              value: Number(value),
            },
          ]),
        ),
      ]),
      otlp.requests(
        victim,
        span,
        [
          {
            count: 5,
            seconds: 0.5,
            parts: [
              { part: 'work', seconds: 0.1 },
              { part: 'wait', seconds: 0.4, by: otlp.blamed(culprits[1]) },
            ],
          },
        ],
        { exemplars: [{ endMs: span.endMs - 1, seconds: 0.5 }] },
      ),
    ),
  );
}

const databases = TestDatabases.create({ ids: ['SQLITE_3'] });

describe('files of a record full of hostile names', () => {
  let backend: Awaited<ReturnType<typeof startEvidenceBackend>>;
  let id: string;
  let svg: string;
  let markdown: string;

  beforeAll(async () => {
    const checkout = component('checkout', undefined, 'group:default/payments');
    checkout.metadata.title = HOSTILE.slice(1).join(' ');
    const batch = component('batch', undefined, 'group:default/data');
    batch.metadata.title = HOSTILE[4];
    backend = await startEvidenceBackend(
      await databases.init('SQLITE_3'),
      {
        entities: [
          checkout,
          batch,
          group('payments', HOSTILE[9]),
          group('data', HOSTILE[11]),
        ],
        hidden: {},
        groups: {
          [MARA]: ['group:default/payments'],
          [DAVE]: ['group:default/data'],
        },
        policy: () => undefined,
      },
      { evidence: {} },
    );
    await until(async () => {
      const { body } = await backend.get(
        MARA,
        '/entities/component/default/checkout/diagnosis',
      );
      return body.status !== undefined;
    });
    for (const body of bodies()) await backend.send(body).expect(200);
    const frozen = await backend
      .post(MARA, '/evidence', {
        entityRef: 'component:default/checkout',
        from,
        to,
        title: HOSTILE.slice(1, 7).join(' ').slice(0, 200),
        note: HOSTILE.join('\n'),
        incidentUrl: INCIDENT,
      })
      .expect(201);
    id = evidenceHeadSchema.parse(frozen.body).id;
    await backend
      .post(DAVE, `/evidence/${id}/replies`, {
        onBehalfOf: 'component:default/batch',
        text: HOSTILE.join('\n\n'),
      })
      .expect(201);
    const file = async (form: string) =>
      (
        await backend
          .get(MARA, `/evidence/${id}.${form}`)
          .buffer(true)
          .parse(asText)
          .expect(200)
      ).body as string;
    svg = await file('svg');
    markdown = await file('md');
  });

  afterAll(() => backend.stop());

  it('are about all of those names', () => {
    const { texts } = parsedXml(svg);
    const shown = texts.join('\n');
    expect(shown).toContain('<script>alert(1)</script>');
    expect(shown).toContain('[U+202E]');
    expect(texts.some(text => /^w{20,}/.test(text))).toBe(true);
    // eslint-disable-next-line no-script-url
    for (const name of ['<img', 'image href', '&nosuch;', 'javascript:']) {
      expect(textOf(markdown)).toContain(name);
    }
  });

  it('hold nothing that cannot be seen', () => {
    for (const text of [svg, markdown]) {
      for (const line of text.split('\n')) expect(printable(line)).toBe(line);
    }
  });

  it('are, as a picture, shapes and text and nothing else', () => {
    const { elements } = parsedXml(svg);
    expect(new Set(elements.map(({ name }) => name))).toEqual(
      new Set(['svg', 'title', 'rect', 'line', 'path', 'text']),
    );
    const attributes = elements.flatMap(element =>
      Object.entries(element.attributes),
    );
    expect(
      attributes.filter(([name]) => /^on|href|style|src/i.test(name)),
    ).toEqual([]);
    // What leads anywhere.
    expect(attributes.filter(([, value]) => /url|[:&<]/i.test(value))).toEqual([
      ['xmlns', 'http://www.w3.org/2000/svg'],
    ]);
    expect(svg).not.toMatch(/<!|<\?(?!xml version="1.0")/);
  });

  it('have, as Markdown, one link, to the incident, and no picture or HTML of others', () => {
    const html = rendered(markdown);
    const { elements } = parsedXml(`<div>${html}</div>`);
    const links = elements.filter(({ name }) => name === 'a');
    expect(links.map(({ attributes }) => attributes.href)).toEqual([
      expect.stringMatching(/^https:\/\/acme\.example\/incidents\/1\?/),
    ]);
    expect(new Set(elements.map(({ name }) => name))).toEqual(
      new Set(
        'div h1 h2 p strong a blockquote ul li table thead tbody tr th td hr'.split(
          ' ',
        ),
      ),
    );
    expect(
      elements.filter(
        ({ name, attributes }) =>
          name !== 'a' && Object.keys(attributes).length > 0,
      ),
    ).toEqual([]);
  });

  it('have the headings, and the cells in each row, that the record has', () => {
    const { elements } = parsedXml(`<div>${rendered(markdown)}</div>`);
    const count = (name: string) =>
      elements.filter(one => one.name === name).length;
    expect(count('h1')).toBe(1);
    expect(count('h2')).toBe((markdown.match(/^## /gm) ?? []).length);
    for (const table of rendered(markdown).split('<table>').slice(1)) {
      const rows = table.split('</table>')[0].split('<tr>').slice(1);
      const cells = rows.map(row => row.split(/<t[hd]>/).length);
      expect(rows.length).toBeGreaterThan(1);
      expect(new Set(cells).size).toBe(1);
    }
  });
});

/** As GitHub reads Markdown, but with HTML let through: there must be none. */
function rendered(markdown: string): string {
  return micromark(markdown, {
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
    allowDangerousHtml: true,
    allowDangerousProtocol: true,
  });
}

/** What is read when it is rendered. */
function textOf(markdown: string): string {
  return parsedXml(`<div>${rendered(markdown)}</div>`).texts.join('\n');
}

interface XmlElement {
  name: string;
  attributes: Record<string, string>;
}

/** Throws at the first thing that is not well-formed XML without a document type. */
function parsedXml(xml: string) {
  const elements: XmlElement[] = [];
  const texts: string[] = [];
  const parser = new SaxesParser();
  parser.on('error', error => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) =>
    elements.push({ name, attributes }),
  );
  parser.on('text', text => texts.push(text));
  parser.write(xml).close();
  return { elements, texts };
}

function asText(
  response: unknown,
  done: (error: Error | null, body: string) => void,
): void {
  const chunks: Buffer[] = [];
  const stream = response as NodeJS.ReadableStream;
  stream.on('data', chunk => chunks.push(Buffer.from(chunk)));
  stream.on('end', () => done(null, Buffer.concat(chunks).toString('utf8')));
}

/** Waits for what happens in the background, at most ten seconds. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await holds()) return;
    await new Promise(resolve => {
      setTimeout(resolve, 50);
    });
  }
  throw new Error('it never came to hold');
}
