// protocols.mjs PROTOCOL MS REQUESTS CONCURRENT: asks itself for answers that take so many ms, over one connection, CONCURRENT
// at a time. PROTOCOL is `https` (HTTP/1 over TLS), `http2`, or `http2s` (HTTP/2 over TLS). Prints how many were answered.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http2 from 'node:http2';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [protocol, ms, requests, concurrent] = process.argv.slice(2);

function certificate() {
  const folder = mkdtempSync(join(tmpdir(), 'protocols-'));
  const [key, cert] = [join(folder, 'key'), join(folder, 'cert')];
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt'],
      ...['ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/CN=localhost'],
      ...['-keyout', key, '-out', cert],
    ],
    { stdio: 'ignore' },
  );
  const read = { key: readFileSync(key), cert: readFileSync(cert) };
  rmSync(folder, { recursive: true });
  return read;
}

const later = answer => setTimeout(answer, Number(ms));

function overTls() {
  const { key, cert } = certificate();
  const server = https.createServer({ key, cert }, (_, response) =>
    later(() => response.end('answer')),
  );
  const agent = new https.Agent({ keepAlive: true, maxSockets: 1, ca: cert });
  const ask = port =>
    new Promise((resolve, reject) =>
      https
        .get({ port, host: 'localhost', family: 4, agent }, response =>
          response.resume().on('end', resolve),
        )
        .on('error', reject),
    );
  return { server, ask, end: () => agent.destroy() };
}

function overHttp2(secure) {
  const { key, cert } = secure ? certificate() : {};
  const server = secure
    ? http2.createSecureServer({ key, cert })
    : http2.createServer();
  server.on('stream', stream =>
    later(() => {
      stream.respond({ ':status': 200 });
      stream.end('answer');
    }),
  );
  let session;
  const ask = port =>
    new Promise((resolve, reject) => {
      session ??= secure
        ? http2.connect(`https://localhost:${port}`, { ca: cert, family: 4 })
        : http2.connect(`http://127.0.0.1:${port}`);
      const stream = session.request({ ':path': '/' });
      stream.resume().on('end', resolve).on('error', reject);
    });
  return { server, ask, end: () => session.close() };
}

const { server, ask, end } =
  protocol === 'https' ? overTls() : overHttp2(protocol === 'http2s');
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address();
let answered = 0;
while (answered < requests) {
  await Promise.all(
    Array.from({ length: Number(concurrent) }, () => ask(port)),
  );
  answered += Number(concurrent);
}
end();
server.close();
console.log(answered);
