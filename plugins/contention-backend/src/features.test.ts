/** What `backend.add(import('backstage-plugin-contention-backend'))` does in a portal without and with the events plugin. */
import { databaseServiceFactory } from '@backstage/backend-defaults/database';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { eventsServiceFactory } from '@backstage/plugin-events-node';
import request from 'supertest';
import { temporaryFolder } from './__testUtils__/backend';
import { testDatabase } from './__testUtils__/database';
import { ingresses } from './__testUtils__/eventsIngress';
import contentionFeatures from './index';

jest.setTimeout(60_000);

const TOKEN = 'a-token-of-24-characters';

describe('the default export', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let backend: Awaited<ReturnType<typeof startTestBackend>>;

  async function start(
    features: Parameters<typeof startTestBackend>[0]['features'] = [],
  ) {
    folder = temporaryFolder();
    backend = await startTestBackend({
      features: [
        contentionFeatures,
        databaseServiceFactory,
        eventsServiceFactory,
        catalogServiceMock.factory(),
        mockServices.rootConfig.factory({
          data: {
            backend: { database: testDatabase(folder.path) },
            contention: { incidents: { opsgenie: { token: TOKEN } } },
          },
        }),
        ...features,
      ],
    });
  }

  const webhook = (authorization: string) =>
    request(backend.server)
      .post('/api/events/http/contention.opsgenie')
      .set('authorization', authorization)
      .send({ action: 'Create', alert: {} });

  afterEach(async () => {
    await backend.stop();
    folder.remove();
  });

  it('starts without an events plugin, which then takes no webhooks', async () => {
    await start();
    await request(backend.server)
      .get('/api/contention/openapi.json')
      .expect(200);
    await webhook(`Bearer ${TOKEN}`).expect(404);
  });

  it.each(ingresses())(
    'brings the module that takes webhooks, for %s',
    async (_, events) => {
      await start([events]);
      await request(backend.server)
        .get('/api/contention/openapi.json')
        .expect(200);
      await webhook('Bearer wrong').expect(403);
      await webhook(`Bearer ${TOKEN}`).expect(202);
    },
  );
});
