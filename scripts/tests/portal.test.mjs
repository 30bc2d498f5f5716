import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { filesBelow } from '../lib/files-below.mjs';
import { pageFor, portalServer } from '../lib/portal-server.mjs';

const built = [
  { context: 'app-config.yaml', data: { app: { title: 'Shop' } } },
];
const html = `<html><script type="backstage.io/config">${JSON.stringify(built, null, 2)}</script><div id="root"></div></html>`;
const addresses = {
  portal: 'http://localhost:3001',
  backend: 'http://localhost:7008',
};

let folder;
let server;
let address;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'contention-portal-'));
  mkdirSync(join(folder, 'static/languages'), { recursive: true });
  writeFileSync(join(folder, 'index.html'), html);
  writeFileSync(join(folder, 'static/main.0a1b.js'), 'start()');
  writeFileSync(join(folder, 'static/languages/go.2c3d.js'), 'go()');
  writeFileSync(join(folder, 'secret.txt'), 'not part of the app');
  server = portalServer(folder, addresses);
  await new Promise(done => server.listen(0, '127.0.0.1', done));
  address = `http://127.0.0.1:${server.address().port}`;
});
after(() => {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true });
});

const configsIn = page =>
  JSON.parse(/backstage.io\/config">([\s\S]*?)<\/script>/.exec(page)[1]);

test('the page is told where portal and backend are now, after all that it was built with', () => {
  const configs = configsIn(pageFor(html, addresses));
  assert.deepEqual(configs.slice(0, 1), built);
  assert.deepEqual(configs[1].data, {
    app: { baseUrl: addresses.portal },
    backend: { baseUrl: addresses.backend },
  });
  assert.throws(() => pageFor('<html></html>', addresses), /no configuration/);
});

test('every address of the app is its page, never from a cache', async () => {
  for (const path of ['/', '/catalog/default/component/a.b', '/secret.txt']) {
    const response = await fetch(address + path);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('cache-control'), 'no-store');
    assert.match(response.headers.get('content-type'), /^text\/html/);
    assert.equal(configsIn(await response.text()).length, 2);
  }
});

test('what has a hash in its name is served for good, also from a folder below', async () => {
  for (const [path, content] of [
    ['/static/main.0a1b.js', 'start()'],
    ['/static/languages/go.2c3d.js', 'go()'],
  ]) {
    const response = await fetch(address + path);
    assert.match(response.headers.get('cache-control'), /immutable/);
    assert.match(response.headers.get('content-type'), /^text\/javascript/);
    assert.equal(await response.text(), content);
  }
});

test('a script of an older build is missing, not a page; and nothing can be written', async () => {
  const gone = await fetch(`${address}/static/main.ffff.js`);
  assert.equal(gone.status, 404);
  const posted = await fetch(`${address}/catalog`, { method: 'POST' });
  assert.equal(posted.status, 405);
});

test('the files of a folder come in the same order each time', () => {
  assert.deepEqual(
    filesBelow(join(folder, 'static')).map(path =>
      path.slice(folder.length + 1),
    ),
    ['static/languages/go.2c3d.js', 'static/main.0a1b.js'],
  );
});
