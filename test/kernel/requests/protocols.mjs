// protocols.mjs PROTOCOL MS REQUESTS CONCURRENT: asks itself for answers that take so many ms, over one connection, CONCURRENT
// at a time. PROTOCOL is `https` (HTTP/1 over TLS), `http2`, `http2s` (HTTP/2 over TLS), `grpc` (unary calls), or `grpcStream` (one
// call whose server sends REQUESTS messages, so many ms apart). Prints how many were answered.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http2 from 'node:http2';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import grpc from '@grpc/grpc-js';

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

/** Messages are bytes as they are: what is timed does not depend on what is in them. */
const bytes = {
  requestSerialize: value => value,
  requestDeserialize: value => value,
  responseSerialize: value => value,
  responseDeserialize: value => value,
};
const calls = {
  unary: {
    path: '/test.Calls/Unary',
    requestStream: false,
    responseStream: false,
    ...bytes,
  },
  stream: {
    path: '/test.Calls/Stream',
    requestStream: false,
    responseStream: true,
    ...bytes,
  },
};

async function overGrpc(streams) {
  const grpcServer = new grpc.Server();
  grpcServer.addService(calls, {
    unary: (_, answer) => later(() => answer(null, Buffer.from('answer'))),
    stream: call => {
      let sent = 0;
      const timer = setInterval(() => {
        call.write(Buffer.from('message'));
        if (++sent < Number(requests)) return;
        clearInterval(timer);
        call.end();
      }, Number(ms));
    },
  });
  const bound = await new Promise((resolve, reject) =>
    grpcServer.bindAsync(
      '127.0.0.1:0',
      grpc.ServerCredentials.createInsecure(),
      (error, port) => (error ? reject(error) : resolve(port)),
    ),
  );
  const Client = grpc.makeClientConstructor(calls, 'test.Calls');
  const client = new Client(
    `127.0.0.1:${bound}`,
    grpc.credentials.createInsecure(),
  );
  const unary = () =>
    new Promise((resolve, reject) =>
      client.unary(Buffer.from('question'), (error, answer) =>
        error ? reject(error) : resolve(answer),
      ),
    );
  const stream = () =>
    new Promise((resolve, reject) => {
      let messages = 0;
      client
        .stream(Buffer.from('question'))
        .on('data', () => messages++)
        .on('end', () => resolve(messages))
        .on('error', reject);
    });
  return {
    ask: streams ? stream : unary,
    end: () => {
      client.close();
      grpcServer.forceShutdown();
    },
  };
}

async function overSockets({ server, ask, end }) {
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  return {
    ask: () => ask(port),
    end: () => {
      end();
      server.close();
    },
  };
}

const protocols = {
  https: () => overSockets(overTls()),
  http2: () => overSockets(overHttp2(false)),
  http2s: () => overSockets(overHttp2(true)),
  grpc: () => overGrpc(false),
  grpcStream: () => overGrpc(true),
};

const { ask, end } = await protocols[protocol]();
let answered = 0;
if (protocol === 'grpcStream') {
  answered = await ask();
} else {
  while (answered < requests) {
    await Promise.all(Array.from({ length: Number(concurrent) }, () => ask()));
    answered += Number(concurrent);
  }
}
end();
console.log(answered);
