// Serves a built Backstage app. Not compressed: it listens on loopback only, where that costs more than it saves.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, relative } from 'node:path';
import { filesBelow } from './files-below.mjs';

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};

/** Names in `static` have a hash of the content in them. */
const FOR_GOOD = 'public, max-age=31536000, immutable';

/** The configuration that the build has written into the page. */
const CONFIG = /(<script type="backstage\.io\/config">)([\s\S]*?)(<\/script>)/;

/**
 * The page of an app, with another address of the portal and of the backend than it was built with: what comes last in its
 * configuration counts.
 */
export function pageFor(html, { portal, backend }) {
  if (!CONFIG.test(html)) throw new Error('the page has no configuration');
  const data = { app: { baseUrl: portal }, backend: { baseUrl: backend } };
  return html.replace(CONFIG, (_, open, configs, close) => {
    const all = [...JSON.parse(configs), { context: 'npm start', data }];
    return `${open}${JSON.stringify(all)}${close}`;
  });
}

/** An HTTP server for the app that was built into `folder`; `addresses` are those for `pageFor`. Not yet listening. */
export function portalServer(folder, addresses) {
  const page = pageFor(
    readFileSync(join(folder, 'index.html'), 'utf8'),
    addresses,
  );
  // Kept in memory: the next build, of another run, leaves nothing of this one.
  const files = new Map(
    filesBelow(join(folder, 'static')).map(path => [
      `/${relative(folder, path)}`,
      readFileSync(path),
    ]),
  );
  return createServer((request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
      return;
    }
    const { pathname } = new URL(request.url, 'http://localhost');
    const file = files.get(pathname);
    if (file) {
      response.writeHead(200, {
        'content-type': TYPES[extname(pathname)] ?? 'application/octet-stream',
        'cache-control': FOR_GOOD,
      });
      response.end(file);
    } else if (pathname.startsWith('/static/')) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('not here');
    } else {
      // Each address of the app is the same page: what it shows, it finds out itself.
      response.writeHead(200, {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
      });
      response.end(page);
    }
  });
}
