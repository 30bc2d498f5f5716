/** Names that mean harm: whatever a node or the catalog calls things, every answer shows all of it and is only text. */
import { mockCredentials } from '@backstage/backend-test-utils';
import {
  buildOpenApiDocument,
  printable,
} from 'backstage-plugin-contention-common';
import request from 'supertest';
import {
  component,
  startContentionBackend,
  temporaryFolder,
} from './__testUtils__/backend';
import * as otlp from './__testUtils__/otlp';

jest.setTimeout(60_000);

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  // eslint-disable-next-line no-script-url
  'javascript:alert(1)',
  '[click](javascript:alert(1))',
  '\u001b]0;owned\u0007\u001b[31m',
  'invoice\u202Efdp.exe',
  'che\u200bckout',
  '=cmd|calc!A1',
  '__proto__',
  'x'.repeat(253),
];

it('every answer shows hostile names in full and as nothing but text', async () => {
  const folder = temporaryFolder();
  const titled = component('checkout');
  titled.metadata.title = HOSTILE.join(' ');
  const backend = await startContentionBackend({
    folder: folder.path,
    entities: [titled],
  });
  try {
    const nowMs = Math.floor(Date.now() / 10_000) * 10_000;
    const span = { startMs: nowMs - 10_000, endMs: nowMs };
    const victim = otlp.container('checkout', { node: HOSTILE[5] });
    await backend
      .send(
        otlp.request(
          otlp.interval(victim, span, {
            cpuSeconds: 4,
            waits: HOSTILE.map((name, index) => ({
              seconds: 0.5 + index / 100,
              by: otlp.blamed(
                otlp.container(name, {
                  node: HOSTILE[5],
                  namespace: name,
                  container: name,
                  pod: name,
                  labels: { app: name },
                }),
              ),
            })),
          }),
          otlp.queue(victim, span, {
            interfaceName: HOSTILE[0],
            packets: HOSTILE.map(() => 0.1),
            behind: HOSTILE.map(name => ({
              seconds: 0.1,
              by: otlp.blamed(
                otlp.container(name, {
                  node: HOSTILE[5],
                  namespace: name,
                  container: name,
                  pod: name,
                  labels: { app: name },
                }),
              ),
            })),
            drops: [{ reason: HOSTILE[0], place: 'other', packets: 1 }],
          }),
          otlp.connections(
            victim,
            span,
            HOSTILE.map(name => ({ address: name, requests: [0.1] })),
          ),
          ...HOSTILE.map(name =>
            otlp.connections(
              otlp.container(name, {
                node: HOSTILE[5],
                namespace: name,
                pod: name,
                ip: name,
                labels: { app: name },
              }),
              span,
              [{ role: 'server', address: name, requests: [0.1] }],
            ),
          ),
        ),
      )
      .expect(200);
    let names = '';
    for (let left = 50; left > 0 && !names.includes('onerror'); left--) {
      const { body } = await backend.report('checkout', 'neighbours');
      names = JSON.stringify(body.culprits ?? []);
    }
    for (const name of HOSTILE) {
      expect(names).toContain(JSON.stringify(printable(name)).slice(1, -1));
    }
    const { body: queues } = await backend.report('checkout', 'neighbours', {
      resource: 'network',
    });
    const queued = JSON.stringify(queues);
    for (const name of HOSTILE) {
      expect(queued).toContain(JSON.stringify(printable(name)).slice(1, -1));
    }
    const { body: peers } = await backend.report('checkout', 'peers');
    const said = JSON.stringify(peers.upstreams);
    for (const name of HOSTILE) {
      expect(said).toContain(JSON.stringify(printable(name)).slice(1, -1));
    }
    const paths = Object.entries(buildOpenApiDocument().paths).flatMap(
      ([path, methods]) => ('get' in methods ? [path] : []),
    );
    for (const path of paths) {
      const { status, text, headers } = await request(backend.server)
        .get(
          `/api/contention${path}`
            .replace('{kind}', 'component')
            .replace('{namespace}', 'default')
            .replace('{name}', 'checkout')
            .replace('{cluster}', 'demo')
            .replace('{node}', encodeURIComponent(printable(HOSTILE[5])))
            .replace('{id}', encodeURIComponent(HOSTILE[0])),
        )
        .set('authorization', mockCredentials.user.header());
      expect(status).toBeLessThan(500);
      if (text === '') continue;
      expect(headers['content-type']).toMatch(/^application\/json/);
      const strings: string[] = [];
      JSON.parse(text, (key, value) => {
        strings.push(key);
        // Some answers hold lines of YAML.
        if (typeof value === 'string') strings.push(...value.split('\n'));
        return value;
      });
      expect(strings.filter(one => printable(one) !== one)).toEqual([]);
    }
  } finally {
    await backend.stop();
    folder.remove();
  }
});
