import { gunzipSync, gzipSync } from 'node:zlib';
import { mockCredentials, TestDatabases } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  evidenceHeadSchema,
  evidenceListSchema,
  evidenceReplySchema,
  evidenceSchema,
  type Evidence,
} from 'backstage-plugin-contention-common';
import type { Knex } from 'knex';
import request from 'supertest';
import { component, group } from '../__testUtils__/backend';
import {
  purgeEverything,
  startEvidenceBackend,
  type World,
} from '../__testUtils__/evidenceBackend';
import * as otlp from '../__testUtils__/otlp';
import { sha256 } from './canonical';

jest.setTimeout(120_000);

const MARA = 'user:default/mara';
/** Of Mara's team. */
const MOE = 'user:default/moe';
const DAVE = 'user:default/dave';
const EVE = 'user:default/eve';
const ANN = 'user:default/ann';
const CHECKOUT = 'component:default/checkout';
const BATCH = 'component:default/batch-report';

const checkout = otlp.container('checkout');
const batch = otlp.container('batch-report');
const stranger = otlp.container('stranger', { labels: {} });

/** Ten minutes that ended half an hour ago. */
const to = Math.floor(Date.now() / 60_000) * 60_000 - 30 * 60_000;
const from = to - 10 * 60_000;

/** checkout waits for batch-report and gets requests, some of which are slow for that reason. */
function story() {
  const bodies = [];
  for (let startMs = from; startMs < to; startMs += 10_000) {
    const span = { startMs, endMs: startMs + 10_000 };
    bodies.push(
      otlp.request(
        otlp.interval(checkout, span, {
          cpuSeconds: 4,
          waits: [
            { seconds: 0.8, by: otlp.blamed(batch) },
            { seconds: 0.1, by: otlp.blamed(stranger) },
            { seconds: 0.1, by: { 'contention.culprit.kind': 'kernel' } },
          ],
        }),
        otlp.interval(batch, span, { cpuSeconds: 1, waits: [] }),
        otlp.queue(checkout, span, {
          packets: new Array<number>(20).fill(0.02),
          behind: [
            { seconds: 0.3, by: otlp.blamed(batch) },
            { seconds: 0.1, by: { 'contention.culprit.kind': 'self' } },
          ],
        }),
        otlp.requests(checkout, span, [
          {
            count: 50,
            seconds: 0.02,
            parts: [{ part: 'work', seconds: 0.02 }],
          },
          {
            count: 5,
            seconds: 0.5,
            parts: [
              { part: 'work', seconds: 0.1 },
              { part: 'wait', seconds: 0.4, by: otlp.blamed(batch) },
            ],
          },
        ]),
      ),
    );
  }
  return bodies;
}

function user(name: string, displayName: string): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'User',
    metadata: { name, namespace: 'default' },
    spec: { memberOf: [], profile: { displayName } },
  };
}

function aWorld(): World {
  return {
    entities: [
      component('checkout', undefined, 'group:default/payments'),
      component('batch-report', undefined, 'group:default/data'),
      group('data', 'Data'),
      group('payments', 'Payments'),
      user('mara', 'Mara M.'),
      user('dave', 'Dave D.'),
    ],
    hidden: {},
    groups: {
      [MARA]: ['group:default/payments'],
      [MOE]: ['group:default/payments'],
      [DAVE]: ['group:default/data'],
    },
    policy: () => undefined,
  };
}

/** The scheme of an address that runs when it is opened. */
const SCRIPT = 'javascript';

/** What names the culprit or its team, in whatever form. */
function namesIn(text: string): string[] {
  // In Markdown a hyphen is escaped.
  const plain = text.replaceAll('\\', '');
  return [
    'batch-report',
    'team Data',
    '"Data"',
    'group:default/data',
    'Dave',
  ].filter(name => plain.includes(name));
}

const databases = TestDatabases.create({
  ids: ['SQLITE_3', 'POSTGRES_15', 'POSTGRES_18'],
});

describe.each(databases.eachSupportedId())('evidence on %s', id => {
  let knex: Knex;
  let world: World;
  let backend: Awaited<ReturnType<typeof startEvidenceBackend>>;

  async function start(evidence = {}) {
    backend = await startEvidenceBackend(knex, world, { evidence });
    await until(async () => {
      const { body } = await backend.get(
        MARA,
        '/entities/component/default/checkout/diagnosis',
      );
      return body.status !== undefined;
    });
  }

  beforeEach(async () => {
    knex = await databases.init(id);
    world = aWorld();
    await start();
    for (const body of story()) await backend.send(body).expect(200);
  });

  afterEach(() => backend.stop());

  const wanted = { entityRef: CHECKOUT, from, to };
  const create = async (more: object = {}) =>
    evidenceHeadSchema.parse(
      (
        await backend
          .post(MARA, '/evidence', { ...wanted, ...more })
          .expect(201)
      ).body,
    );
  const read = async (reader: string, evidenceId: string): Promise<Evidence> =>
    evidenceSchema.parse(
      (await backend.get(reader, `/evidence/${evidenceId}`).expect(200)).body,
    );
  const remove = (ref: string) => {
    world.entities = world.entities.filter(
      ({ kind, metadata }) =>
        ref !== `${kind.toLowerCase()}:default/${metadata.name}`,
    );
  };
  const conditional: World['policy'] = (reader, permission, ref) => {
    if (permission === 'contention.ingest') return undefined;
    if (ref === undefined) return AuthorizeResult.CONDITIONAL;
    const owner = world.entities.find(({ metadata }) =>
      ref.endsWith(`/${metadata.name}`),
    )?.relations?.[0]?.targetRef;
    return owner && world.groups[reader]?.includes(owner)
      ? AuthorizeResult.ALLOW
      : AuthorizeResult.DENY;
  };

  it('is the same bytes after the data has been deleted and the entities have left the catalog', async () => {
    const head = await create({
      title: 'Checkout was slow',
      note: 'Paged at ten.',
      incidentUrl: 'https://acme.pagerduty.com/incidents/PGR0VU2',
    });
    expect(head).toMatchObject({
      id: head.hash.slice(0, 32),
      origin: 'manual',
      title: 'Checkout was slow',
      createdBy: { entityRef: MARA, title: 'Mara M.' },
      entity: {
        title: 'checkout',
        owner: { entityRef: 'group:default/payments', title: 'Payments' },
      },
    });
    const forms = ['.json', '.md', '.svg'];
    const shown = async () =>
      Promise.all(
        forms.map(
          async form =>
            (
              await backend
                .get(MARA, `/evidence/${head.id}${form}`)
                .buffer(true)
                .parse(asText)
                .expect(200)
            ).body as string,
        ),
      );
    const before = await shown();

    await purgeEverything(knex);
    for (const table of [
      'contention_points',
      'contention_series',
      'contention_resources',
      'contention_quarter_packs',
      'contention_quarter_histograms',
    ]) {
      if (!(await knex.schema.hasTable(table))) continue;
      expect([table, await knex(table).first()]).toEqual([table, undefined]);
    }
    const live = await backend.get(
      MARA,
      `/entities/component/default/checkout/neighbours?from=${from}&to=${to}`,
    );
    expect(live.body.status.state).not.toBe('ok');
    expect(await shown()).toEqual(before);

    world.entities = [];
    const after = await shown();
    // All that has changed is that the entity is said to be gone.
    expect(after[0]).toBe(
      before[0].replace('"entityExists": true', '"entityExists": false'),
    );
    expect(after[2]).toBe(before[2]);
    const record = await read(MARA, head.id);
    expect(record).toMatchObject({
      integrity: { state: 'intact' },
      redacted: false,
      entityExists: false,
    });
    expect(
      record.reports.neighbours.suffered.culprits.map(
        ({ party }) => party.name,
      ),
    ).toEqual(['batch-report', 'shop/stranger']);
    expect(record.reports.neighbours.suffered.total.waitSeconds).toBeCloseTo(
      60,
      6,
    );
    expect(record.reports.diagnosis.verdict.sentence.text).toMatch(
      /`checkout` waited .* 80 % of it while `batch-report` \(team Data\) ran/,
    );
  });

  it('holds every report as the tabs would have shown it', async () => {
    const { id: evidenceId } = await create();
    const { reports } = await read(MARA, evidenceId);
    const live = async (path: string) =>
      (
        await backend.get(
          MARA,
          `/entities/component/default/checkout/${path}from=${from}&to=${to}`,
        )
      ).body;
    const withoutAge = (report: any) => {
      const { ageSeconds: _age, ...freshness } = report.freshness;
      // The catalog is read ten times a second here, which a busy machine may not manage.
      const problems = report.problems.filter(
        ({ what }: { what: string }) => what !== 'Catalog',
      );
      return { ...report, freshness, problems };
    };
    for (const [path, frozen] of [
      ['diagnosis?', reports.diagnosis],
      ['latency?role=server&', reports.latency.server],
      ['latency?role=client&', reports.latency.client],
      ['throttling?', reports.throttling],
      ['neighbours?direction=suffered&', reports.neighbours.suffered],
      ['neighbours?direction=caused&', reports.neighbours.caused],
      [
        'neighbours?resource=network&direction=suffered&',
        reports.neighbours.network!.suffered,
      ],
      [
        'neighbours?resource=network&direction=caused&',
        reports.neighbours.network!.caused,
      ],
    ] as const) {
      expect([path, withoutAge(frozen)]).toEqual([
        path,
        withoutAge(await live(path)),
      ]);
    }
  });

  it('says so when what is stored was altered', async () => {
    const { id: evidenceId, hash } = await create();
    await backend
      .post(DAVE, `/evidence/${evidenceId}/replies`, {
        onBehalfOf: BATCH,
        text: 'We ran a backfill.',
      })
      .expect(201);
    await backend
      .post(DAVE, `/evidence/${evidenceId}/replies`, {
        onBehalfOf: BATCH,
        text: 'It is fixed.',
      })
      .expect(201);
    expect((await read(MARA, evidenceId)).integrity.state).toBe('intact');

    const problems = async () => {
      const { integrity } = await read(MARA, evidenceId);
      return integrity.state === 'altered' ? integrity.problems : [];
    };
    const { record, head } = await knex('contention_evidence')
      .where({ id: evidenceId })
      .first();
    const forged = gzipSync(
      gunzipSync(record).toString().replaceAll('batch-report', 'search'),
    );
    await knex('contention_evidence').update({ record: forged });
    expect(await problems()).toContainEqual(
      expect.stringMatching(/is not the one that was frozen/),
    );
    const picture = await backend
      .get(MARA, `/evidence/${evidenceId}.svg`)
      .buffer(true)
      .parse(asText);
    expect(picture.body).toContain('ALTERED');
    // With a hash that fits: then it is no longer the record of this link.
    await knex('contention_evidence').update({
      hash: sha256(gunzipSync(forged)),
    });
    expect(await problems()).toContainEqual(
      expect.stringMatching(/is not the one that was frozen/),
    );
    await knex('contention_evidence').update({ record, hash });
    expect(await problems()).toEqual([]);

    await knex('contention_evidence').update({
      head: head.replace('"origin":"manual"', '"origin":"webhook"'),
    });
    expect(await problems()).toEqual([
      'What lists show of it is not what is in the record.',
    ]);
    await knex('contention_evidence').update({ head });

    const replies = await knex('contention_evidence_replies').orderBy(
      'position',
    );
    await knex('contention_evidence_replies')
      .where({ position: 0 })
      .update({ reply: replies[0].reply.replace('backfill', 'test') });
    expect(await problems()).toEqual(['Reply 1 is not what was written.']);
    await knex('contention_evidence_replies').where({ position: 0 }).delete();
    expect(await problems()).toEqual([
      'Before reply 1 something was removed or put in.',
    ]);
    // Nothing is added to what is not what it was.
    await backend
      .post(DAVE, `/evidence/${evidenceId}/replies`, {
        onBehalfOf: BATCH,
        text: 'Once more.',
      })
      .expect(409);
  });

  it('hides whom the reader may not see, in every form, and tells all others', async () => {
    const { id: evidenceId } = await create();
    await backend
      .post(DAVE, `/evidence/${evidenceId}/replies`, {
        onBehalfOf: BATCH,
        text: 'Sorry.',
      })
      .expect(201);
    world.hidden[EVE] = [BATCH, 'group:default/data', DAVE];
    for (const form of ['', '.json', '.md', '.svg']) {
      const forEve = await backend
        .get(EVE, `/evidence/${evidenceId}${form}`)
        .buffer(true)
        .parse(asText)
        .expect(200);
      expect(namesIn(forEve.body)).toEqual([]);
      expect(forEve.body.includes('may not see')).toBe(true);
      const forMara = await backend
        .get(MARA, `/evidence/${evidenceId}${form}`)
        .buffer(true)
        .parse(asText)
        .expect(200);
      expect(namesIn(forMara.body)).toContain('batch-report');
      expect(forMara.body.includes('may not see')).toBe(false);
    }
    const record = await read(EVE, evidenceId);
    expect(record.redacted).toBe(true);
    const [culprit] = record.reports.neighbours.suffered.culprits;
    expect(culprit.share).toBeCloseTo(0.8, 6);
    expect(culprit.party).toMatchObject({ redacted: true, entities: [] });
    expect(record.reports.neighbours.suffered.layers[0]).toMatchObject({
      key: culprit.party.key,
      label: culprit.party.name,
    });
    expect(record.verdict.sentence.text).toMatch(
      /80 % of it while a \w+ you may not see ran/,
    );
    const queues = record.reports.neighbours.network!.suffered;
    expect(queues.culprits[0].share).toBeCloseTo(0.75, 6);
    expect(queues.culprits[0].party).toMatchObject({ redacted: true });
    expect(queues.verdict.sentence.text).toMatch(
      /75 % of it behind a \w+ you may not see\./,
    );
    expect(record.replies[0]).toMatchObject({
      by: { title: 'somebody whom you may not see' },
      text: 'Sorry.',
    });
    const { items } = evidenceListSchema.parse(
      (await backend.get(EVE, '/entities/component/default/checkout/evidence'))
        .body,
    );
    expect(items).toHaveLength(1);
    expect(namesIn(JSON.stringify(items))).toEqual([]);

    // Where the owner alone is hidden, the team goes and the service stays.
    world.hidden[ANN] = ['group:default/data'];
    const forAnn = await read(ANN, evidenceId);
    expect(forAnn.verdict.sentence.text).toMatch(
      /80 % of it while `batch-report` ran/,
    );
    expect(forAnn.replies[0].onBehalfOf).toEqual({
      entityRef: BATCH,
      title: 'batch-report',
    });
    expect(JSON.stringify(forAnn)).not.toMatch(/group:default\/data|\bData\b/);
  });

  it('is read with contention.read on its entity, and is not there for anybody else', async () => {
    const { id: evidenceId } = await create();
    const refusals: object[] = [];
    const refused = async () => {
      for (const form of ['', '.json', '.md', '.svg']) {
        const { body } = await backend
          .get(EVE, `/evidence/${evidenceId}${form}`)
          .expect(404);
        refusals.push({ ...body.error, stack: undefined });
      }
    };
    world.hidden[EVE] = [CHECKOUT];
    await refused();
    world.hidden[EVE] = [];
    world.policy = (reader, permission) =>
      reader === EVE && permission === 'contention.read'
        ? AuthorizeResult.DENY
        : undefined;
    await refused();
    const { body } = await backend
      .get(EVE, `/evidence/${'0'.repeat(32)}`)
      .expect(404);
    const absent = JSON.stringify({
      ...body.error,
      stack: undefined,
    }).replaceAll('0'.repeat(32), evidenceId);
    expect(new Set(refusals.map(error => JSON.stringify(error)))).toEqual(
      new Set([absent]),
    );
    await backend.get(MARA, `/evidence/${evidenceId}`).expect(200);
    await request(backend.server)
      .get(`/api/contention/v1/evidence/${evidenceId}`)
      .set('authorization', mockCredentials.none.header())
      .expect(401);
  });

  it('stays with those who owned the entity when that has left the catalog, unless everybody may read everything', async () => {
    world.policy = conditional;
    const { id: evidenceId } = await create();
    await backend.get(DAVE, `/evidence/${evidenceId}`).expect(404);
    remove(CHECKOUT);
    await backend.get(MARA, `/evidence/${evidenceId}`).expect(200);
    await backend.get(DAVE, `/evidence/${evidenceId}`).expect(404);
    await backend.get(EVE, `/evidence/${evidenceId}`).expect(404);
    const list = '/entities/component/default/checkout/evidence';
    expect((await backend.get(MARA, list).expect(200)).body).toMatchObject({
      total: 1,
      mayCreate: false,
    });
    const forbidden = await backend.get(DAVE, list).expect(404);
    const absent = await backend
      .get(DAVE, list.replace('checkout', 'nothing'))
      .expect(404);
    expect(forbidden.body.error.message).toBe(
      absent.body.error.message.replace('nothing', 'checkout'),
    );
    // A culprit that has gone, too, is named to its owner only.
    remove(BATCH);
    expect((await read(MOE, evidenceId)).redacted).toBe(true);
    world.policy = () => undefined;
    expect((await read(EVE, evidenceId)).redacted).toBe(false);
  });

  it('can be opened as a plain link with the cookie of the portal, and only as that', async () => {
    const { id: evidenceId } = await create();
    for (const form of ['.json', '.md', '.svg']) {
      const { headers } = await backend
        .link(MARA, `/evidence/${evidenceId}${form}`)
        .expect(200);
      expect(headers['content-security-policy']).toContain(
        "default-src 'none'",
      );
      expect(headers['content-security-policy']).toContain('sandbox');
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['cache-control']).toBe('private, no-store');
      await request(backend.server)
        .get(`/api/contention/v1/evidence/${evidenceId}${form}`)
        .set('authorization', mockCredentials.none.header())
        .expect(401);
    }
    const status = async (path: string) =>
      (await backend.link(MARA, path)).status;
    for (const path of [
      `/evidence/${evidenceId}`,
      '/entities/component/default/checkout/evidence',
      '/entities/component/default/checkout/latency',
    ]) {
      expect([path, await status(path)]).toEqual([path, 401]);
    }
  });

  it('asks for every permission', async () => {
    const { id: evidenceId } = await create();
    const without = (name: string) => {
      world.policy = (reader, permission) =>
        reader === EVE && permission === name
          ? AuthorizeResult.DENY
          : undefined;
    };
    without('contention.evidence.create');
    const create403 = await backend.post(EVE, '/evidence', wanted).expect(403);
    expect(create403.body.error.message).toContain(
      'contention.evidence.create',
    );
    without('contention.read');
    await backend.post(EVE, '/evidence', wanted).expect(403);
    await backend.post(EVE, '/evidence/seen', wanted).expect(403);
    await backend
      .get(EVE, '/entities/component/default/checkout/evidence')
      .expect(403);
    await backend.remove(EVE, `/evidence/${evidenceId}`).expect(404);
    without('contention.evidence.delete');
    const record = await read(EVE, evidenceId);
    expect(record.mayDelete).toBe(false);
    const delete403 = await backend
      .remove(EVE, `/evidence/${evidenceId}`)
      .expect(403);
    expect(delete403.body.error.message).toContain(
      'contention.evidence.delete',
    );
    // Nobody who is no person freezes, answers or deletes.
    for (const [method, path] of [
      ['post', '/evidence'],
      ['post', '/evidence/seen'],
      ['post', `/evidence/${evidenceId}/replies`],
      ['delete', `/evidence/${evidenceId}`],
    ] as const) {
      await request(backend.server)
        [method](`/api/contention/v1${path}`)
        .set('authorization', mockCredentials.service.header())
        .send(wanted)
        .expect(403);
      await request(backend.server)
        [method](`/api/contention/v1${path}`)
        .set('authorization', mockCredentials.none.header())
        .send(wanted)
        .expect(401);
    }
    world.policy = () => undefined;
    await backend.remove(MARA, `/evidence/${evidenceId}`).expect(204);
    await backend.get(MARA, `/evidence/${evidenceId}`).expect(404);
    expect(await knex('contention_evidence').first()).toBeUndefined();
  });

  it('is answered by those whom it accuses, in their name, and by nobody else', async () => {
    const { id: evidenceId, hash } = await create();
    expect((await read(DAVE, evidenceId)).mayReplyFor).toEqual([
      expect.objectContaining({ entityRef: BATCH }),
    ]);
    expect((await read(MARA, evidenceId)).mayReplyFor).toEqual([]);
    const path = `/evidence/${evidenceId}/replies`;
    await backend
      .post(MARA, path, { onBehalfOf: BATCH, text: 'It was us.' })
      .expect(403);
    await backend
      .post(DAVE, path, { onBehalfOf: CHECKOUT, text: 'It was them.' })
      .expect(403);
    await backend
      .post(DAVE, path, { onBehalfOf: BATCH, text: ' ' })
      .expect(400);
    const first = evidenceReplySchema.parse(
      (
        await backend
          .post(DAVE, path, { onBehalfOf: BATCH, text: 'A backfill.' })
          .expect(201)
      ).body,
    );
    expect(first).toMatchObject({
      by: { entityRef: DAVE, title: 'Dave D.' },
      onBehalfOf: { entityRef: BATCH, owner: { title: 'Data' } },
      previous: hash,
    });
    await Promise.all(
      ['one', 'two', 'three'].map(text =>
        backend.post(DAVE, path, { onBehalfOf: BATCH, text }).expect(201),
      ),
    );
    const { replies, integrity, replyCount } = await read(MARA, evidenceId);
    expect(integrity.state).toBe('intact');
    expect(replyCount).toBe(4);
    expect(
      replies
        .map(({ text }) => text)
        .slice(1)
        .sort(),
    ).toEqual(['one', 'three', 'two']);
    // By the team that owned it then, also after it has gone.
    remove(BATCH);
    await backend
      .post(DAVE, path, { onBehalfOf: BATCH, text: 'Removed.' })
      .expect(201);
  });

  it('writes an audit log', async () => {
    const { id: evidenceId, hash } = await create();
    await backend.post(DAVE, `/evidence/${evidenceId}/replies`, {
      onBehalfOf: BATCH,
      text: 'A backfill.',
    });
    await backend.post(EVE, `/evidence/${evidenceId}/replies`, {
      onBehalfOf: BATCH,
      text: 'No.',
    });
    await backend.get(MARA, `/evidence/${evidenceId}.md`);
    await backend.remove(MARA, `/evidence/${evidenceId}`);
    expect(
      backend.audit.map(({ eventId, outcome }) => [eventId, outcome]),
    ).toEqual([
      ['evidence-create', 'success'],
      ['evidence-reply', 'success'],
      ['evidence-reply', 'failure'],
      ['evidence-read', 'success'],
      ['evidence-delete', 'success'],
    ]);
    expect(backend.audit.map(({ meta }) => meta)).toEqual([
      { entityRef: CHECKOUT, from, to, evidenceId },
      expect.objectContaining({ id: evidenceId, onBehalfOf: BATCH }),
      expect.objectContaining({ id: evidenceId, onBehalfOf: BATCH }),
      { id: evidenceId, form: 'md' },
      expect.objectContaining({ id: evidenceId, entityRef: CHECKOUT, hash }),
    ]);
  });

  it('freezes no nonsense, and says why', async () => {
    const refused = async (body: object, why: RegExp) => {
      const answer = await backend.post(MARA, '/evidence', body);
      expect([answer.status, answer.body.error?.message]).toEqual([
        400,
        expect.stringMatching(why),
      ]);
    };
    await refused({ ...wanted, to: Date.now() + 3_600_000 }, /not ended yet/);
    await refused({ ...wanted, from: to, to: from }, /'from' is not before/);
    await refused({ ...wanted, entityRef: 'checkout' }, /kind:namespace\/name/);
    await refused(
      { ...wanted, from: from - 86_400_000, to: to - 86_400_000 },
      /nothing to freeze.*no data of `checkout`/,
    );
    for (const incidentUrl of [
      `${SCRIPT}:alert(1)`,
      ` ${SCRIPT}:alert(1)`,
      'data:text/html,x',
      'https://user:word@example.com/',
      'example.com/incident',
    ]) {
      await refused({ ...wanted, incidentUrl }, /begins with http/);
    }
    await backend
      .post(MARA, '/evidence', { ...wanted, entityRef: 'component:default/no' })
      .expect(404);
    await backend.stop();
    await start({ maxRecordBytes: 1_000 });
    const large = await backend.post(MARA, '/evidence', wanted).expect(413);
    expect(large.body.error.message).toContain('freeze a shorter range');
    expect(await knex('contention_evidence').first()).toBeUndefined();
  });

  it('freezes a link when it is first opened, once, after the answer', async () => {
    const seen = (body: object) => backend.post(EVE, '/evidence/seen', body);
    expect((await seen(wanted).expect(202)).body).toEqual({ state: 'pending' });
    const frozen = async () => (await knex('contention_evidence')).length;
    await until(async () => (await frozen()) === 1);
    const again = await seen({
      ...wanted,
      from: from + 20_000,
      to: to + 20_000,
    });
    expect(again.body.state).toBe('frozen');
    const record = await read(MARA, again.body.id);
    expect(record).toMatchObject({
      origin: 'link',
      createdBy: { entityRef: EVE, title: 'eve' },
      range: { from, to },
    });
    expect((await seen({ ...wanted, cluster: 'demo' })).body.state).toBe(
      'pending',
    );
    await until(async () => (await frozen()) === 2);
    // What was deleted on purpose does not come back.
    await backend.remove(MARA, `/evidence/${again.body.id}`).expect(204);
    expect((await seen(wanted)).body).toEqual({ state: 'off' });
    // A range that goes on waits for its end.
    const later = { ...wanted, to: Date.now() + 3_600_000 };
    expect((await seen(later)).body).toEqual({ state: 'pending' });
    expect(await frozen()).toBe(1);
    expect(
      backend.audit.filter(({ eventId }) => eventId === 'evidence-freeze'),
    ).toHaveLength(2);
  });

  it('does not freeze again what somebody froze on purpose', async () => {
    const { id: evidenceId } = await create();
    const { body } = await backend.post(EVE, '/evidence/seen', wanted);
    expect(body).toEqual({ state: 'frozen', id: evidenceId });
  });

  it('keeps so many automatic records of an entity, the oldest going first, and all that somebody made or answered', async () => {
    await backend.stop();
    await start({ automatic: { maxPerEntity: 2 } });
    const { id: manual } = await create();
    const ids = async () =>
      (await knex('contention_evidence').orderBy('created_at_ms')).map(
        (row: { id: string }) => row.id,
      );
    const open = async (index: number) => {
      const before = await ids();
      await backend.post(EVE, '/evidence/seen', {
        ...wanted,
        from: from + index * 120_000,
      });
      await until(async () => (await ids()).some(one => !before.includes(one)));
      return (await ids()).find(one => !before.includes(one))!;
    };
    const first = await open(1);
    await backend
      .post(DAVE, `/evidence/${first}/replies`, {
        onBehalfOf: BATCH,
        text: 'A backfill.',
      })
      .expect(201);
    const second = await open(2);
    const third = await open(3);
    await until(async () => (await ids()).length === 3);
    expect((await ids()).sort()).toEqual([manual, first, third].sort());
    expect(await ids()).not.toContain(second);
  });

  it('can be switched off for links', async () => {
    await backend.stop();
    await start({ automatic: { links: false } });
    const { body } = await backend.post(EVE, '/evidence/seen', wanted);
    expect(body).toEqual({ state: 'off' });
    expect(await knex('contention_evidence_automatic').first()).toBeUndefined();
  });

  it('says of a link that came too late that it did, and offers what overlaps', async () => {
    const { id: evidenceId } = await create();
    await create({ from: to - 60_000, to });
    const list = evidenceListSchema.parse(
      (
        await backend.get(
          MARA,
          `/entities/component/default/checkout/evidence?from=${from}&to=${to - 120_000}`,
        )
      ).body,
    );
    expect(list.items.map(item => item.id)).toEqual([evidenceId]);
    const both = await backend.get(
      MARA,
      `/entities/component/default/checkout/evidence?from=${from}&to=${to}`,
    );
    expect(both.body.items[0].id).toBe(evidenceId);
    expect(both.body.total).toBe(2);
    const old = Date.now() - 40 * 86_400_000;
    const late = await backend.get(
      MARA,
      `/entities/component/default/checkout/latency?from=${old}&to=${old + 3_600_000}`,
    );
    expect(late.body.status).toMatchObject({
      state: 'no-data',
      keptSince: expect.any(Number),
      nearest: { from, to: expect.any(Number) },
    });
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

/** Waits for what happens in the background, at most ten seconds. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await holds()) return;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}
