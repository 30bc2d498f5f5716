import { createHmac } from 'node:crypto';
import { TestDatabases } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { eventsServiceFactory } from '@backstage/plugin-events-node';
import { evidenceListSchema } from 'backstage-plugin-contention-common';
import type { Knex } from 'knex';
import request from 'supertest';
import { component } from '../__testUtils__/backend';
import { ingresses } from '../__testUtils__/eventsIngress';
import { startEvidenceBackend } from '../__testUtils__/evidenceBackend';
import * as otlp from '../__testUtils__/otlp';
import { incidentsModule } from './module';

jest.setTimeout(120_000);

const SECRET = 'a secret of PagerDuty, long enough';
const TOKEN = 'a-token-of-24-characters';
const USER = 'user:default/mara';

const minute = 60_000;
/** When the alert began: its quarter of an hour is over, and so is the settling. */
const start = Math.floor(Date.now() / minute) * minute - 40 * minute;
const iso = (ms: number) => new Date(ms).toISOString();

function withAnnotation(entity: Entity, key: string, value: string): Entity {
  entity.metadata.annotations![key] = value;
  return entity;
}

const pagerduty = {
  event: {
    id: '01DEN0V1Y7GVRL5CEUZ5VKBV1I',
    event_type: 'incident.triggered',
    resource_type: 'incident',
    occurred_at: iso(start),
    agent: null,
    client: null,
    data: {
      id: 'PGR0VU2',
      type: 'incident',
      html_url: 'https://acme.pagerduty.com/incidents/PGR0VU2',
      number: 2,
      status: 'triggered',
      created_at: iso(start),
      title: 'Checkout is slow \u202e<script>',
      service: {
        id: 'PF9KMXH',
        summary: 'Payments',
        type: 'service_reference',
      },
    },
  },
};

const opsgenie = {
  action: 'Create',
  alert: {
    alertId: '8743a1b0-11da-480e-8493-744660987bef',
    message: 'checkout p99 over 500 ms',
    tags: ['team:payments'],
    entity: '',
    createdAt: start,
    updatedAt: start * 1e6,
    username: 'System',
    details: { namespace: 'shop', pod: 'checkout-0', container: 'app' },
  },
  integrationName: 'Contention',
};

const alertmanager = {
  version: '4',
  groupKey: '{}:{alertname="Slow"}',
  status: 'firing',
  receiver: 'contention',
  externalURL: 'http://alertmanager:9093',
  alerts: [
    {
      status: 'firing',
      labels: {
        alertname: 'Slow',
        namespace: 'shop',
        pod: 'checkout-0',
        service: 'kube-state-metrics',
      },
      annotations: { summary: 'Checkout is slow' },
      startsAt: iso(start),
      endsAt: '0001-01-01T00:00:00Z',
      generatorURL: 'data:text/html,<script>',
      fingerprint: 'c6eadffa33fcdf37',
    },
  ],
};

const databases = TestDatabases.create({ ids: ['SQLITE_3'] });

describe.each(ingresses())(
  'webhooks of alert tools, through %s',
  (_, events) => {
    let knex: Knex;
    let backend: Awaited<ReturnType<typeof startEvidenceBackend>>;

    async function begin(incidents: object, topics?: string[]) {
      knex = await databases.init('SQLITE_3');
      const world = {
        entities: [
          withAnnotation(
            component('checkout', undefined, 'group:default/payments'),
            'pagerduty.com/service-id',
            'PF9KMXH',
          ),
          component('search'),
        ],
        hidden: {},
        groups: {},
        policy: () => undefined,
      };
      backend = await startEvidenceBackend(knex, world, {
        config: {
          events: {
            // Or it polls the plugin for events of other processes, and stopping waits for the poll.
            useEventBus: 'never',
            ...(topics ? { http: { topics } } : {}),
          },
        },
        contention: { incidents: incidents as never },
        features: [events, incidentsModule, eventsServiceFactory],
      });
      const from = start - 10 * minute;
      for (let startMs = from; startMs < from + 5 * minute; startMs += 10_000) {
        const span = { startMs, endMs: startMs + 10_000 };
        await backend
          .send(
            otlp.request(
              otlp.interval(otlp.container('checkout'), span, {
                cpuSeconds: 4,
                waits: [
                  {
                    seconds: 1,
                    by: otlp.blamed(otlp.container('batch-report')),
                  },
                ],
              }),
            ),
          )
          .expect(200);
      }
      await until(async () => {
        const { body } = await backend.get(
          USER,
          '/entities/component/default/checkout/diagnosis',
        );
        return body.status !== undefined;
      });
    }

    afterEach(() => backend.stop());

    const send = (
      tool: string,
      body: string,
      headers: Record<string, string>,
    ) =>
      request(backend.server)
        .post(`/api/events/http/contention.${tool}`)
        .set('content-type', 'application/json')
        .set(headers)
        .send(body);
    const signed = (body: string, secret = SECRET) => ({
      'x-pagerduty-signature': `v1=${createHmac('sha256', secret)
        .update(body)
        .digest('hex')}`,
    });
    const records = async () =>
      evidenceListSchema.parse(
        (
          await backend.get(
            USER,
            '/entities/component/default/checkout/evidence',
          )
        ).body,
      ).items;
    const frozen = async (count: number) => {
      await until(async () => (await records()).length >= count);
      return records();
    };

    it('freeze the time around an incident of PagerDuty, by the annotation of the service, once', async () => {
      await begin({ pagerduty: { secret: SECRET } });
      const body = JSON.stringify(pagerduty);
      await send('pagerduty', body, signed(body)).expect(202);
      const [record] = await frozen(1);
      expect(record).toMatchObject({
        origin: 'webhook',
        createdBy: { title: 'PagerDuty' },
        title: 'Checkout is slow [U+202E]<script>',
        incidentUrl: 'https://acme.pagerduty.com/incidents/PGR0VU2',
        entity: { entityRef: 'component:default/checkout' },
        range: { from: start - 60 * minute, to: start + 15 * minute },
      });
      // Sent again, and what only says that somebody has seen it.
      await send('pagerduty', body, signed(body)).expect(202);
      const other = body.replace('incident.triggered', 'incident.acknowledged');
      await send('pagerduty', other, signed(other)).expect(202);
      // Its end is a record of its own where that is later than what was frozen.
      const end = JSON.parse(body);
      end.event.event_type = 'incident.resolved';
      end.event.occurred_at = iso(start + 30 * minute);
      const ended = JSON.stringify(end);
      await send('pagerduty', ended, signed(ended)).expect(202);
      const both = await frozen(2);
      expect(both.map(({ range }) => range.to).sort()).toEqual([
        start + 15 * minute,
        start + 30 * minute,
      ]);
    });

    it('are refused without the signature of PagerDuty on exactly this body', async () => {
      await begin({ pagerduty: { secret: SECRET } });
      const body = JSON.stringify(pagerduty);
      await send('pagerduty', body, {}).expect(403);
      await send('pagerduty', body, signed(body, 'another secret')).expect(403);
      await send('pagerduty', `${body} `, signed(body)).expect(403);
      await send('pagerduty', body, {
        'x-pagerduty-signature': signed(body)['x-pagerduty-signature'].replace(
          'v1=',
          'v0=',
        ),
      }).expect(403);
      expect(
        await knex('contention_evidence_automatic').first(),
      ).toBeUndefined();
      // While the secret is being changed there are two signatures.
      await send('pagerduty', body, {
        'x-pagerduty-signature': `v1=${'0'.repeat(64)},${signed(body)['x-pagerduty-signature']}`,
      }).expect(202);
    });

    it.each([
      ['opsgenie', opsgenie, 'checkout p99 over 500 ms', 'Opsgenie'],
      ['alertmanager', alertmanager, 'Checkout is slow', 'Alertmanager'],
    ])(
      'of %s find the pod that they are about, and ask for the token',
      async (tool, payload, title, by) => {
        await begin({ [tool]: { token: TOKEN } });
        const body = JSON.stringify(payload);
        await send(tool, body, {}).expect(403);
        await send(tool, body, { authorization: `Bearer ${TOKEN}x` }).expect(
          403,
        );
        await send(tool, body, { authorization: TOKEN }).expect(403);
        await send(tool, body, { authorization: `Bearer ${TOKEN}` }).expect(
          202,
        );
        const [record] = await frozen(1);
        expect(record).toMatchObject({
          title,
          createdBy: { title: by },
          entity: { entityRef: 'component:default/checkout' },
          range: { from: start - 60 * minute, to: start + 15 * minute },
        });
        expect(record.incidentUrl).toBeUndefined();
      },
    );

    it('may prove themselves by name and password', async () => {
      await begin({ alertmanager: { username: 'am', password: TOKEN } });
      const basic = Buffer.from(`am:${TOKEN}`).toString('base64');
      const body = JSON.stringify(alertmanager);
      await send('alertmanager', body, {
        authorization: `Basic ${basic}`,
      }).expect(202);
      await send('alertmanager', body, {
        authorization: `Basic ${Buffer.from('am:other').toString('base64')}`,
      }).expect(403);
    });

    it('have no address while no secret is configured', async () => {
      await begin({});
      const body = JSON.stringify(pagerduty);
      await send('pagerduty', body, signed(body)).expect(404);
      await send('alertmanager', body, {}).expect(404);
    });

    it('that make no sense, or are about nobody, freeze nothing', async () => {
      await begin({ alertmanager: { token: TOKEN } });
      const authorization = { authorization: `Bearer ${TOKEN}` };
      for (const payload of [
        { alerts: 'many' },
        [],
        { alerts: [{ ...alertmanager.alerts[0], startsAt: 'soon' }] },
        { alerts: [{ ...alertmanager.alerts[0], labels: { node: 'node-a' } }] },
        { alerts: [{ ...alertmanager.alerts[0], labels: { pod: 'nobody' } }] },
      ]) {
        await send(
          'alertmanager',
          JSON.stringify(payload),
          authorization,
        ).expect(202);
      }
      await send('alertmanager', JSON.stringify(alertmanager), authorization);
      expect(await frozen(1)).toHaveLength(1);
      expect(await knex('contention_evidence_automatic')).toHaveLength(1);
    });
  },
);

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await holds()) return;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}
