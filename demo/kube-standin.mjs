// A read-only stand-in for a Kubernetes API server on loopback, so that the portal's Kubernetes tab shows the demo's pods.
// It reads the same pods file as the agent, at every request, and answers GET only.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { runFolder } from '../scripts/lib/checkout.mjs';
import { main, say } from '../scripts/lib/say.mjs';
import { answer, failure } from './lib/kube-api.mjs';
import { agentPod } from './lib/services.mjs';

await main(async () => {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '7008' },
      pods: { type: 'string', default: join(runFolder, 'pods.json') },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    say(
      'usage: node demo/kube-standin.mjs [--port 7008] [--pods .run/pods.json]',
    );
    return;
  }
  const server = createServer((request, response) => {
    const { status, body } = respond(request, values.pods);
    const isText = typeof body === 'string';
    response.writeHead(status, {
      'content-type': isText ? 'text/plain' : 'application/json',
    });
    response.end(isText ? body : JSON.stringify(body));
  });
  server.listen(Number(values.port), '127.0.0.1', () =>
    say(
      `Kubernetes API stand-in on http://127.0.0.1:${server.address().port}, pods from ${values.pods}`,
    ),
  );
});

function respond(request, podsFile) {
  if (request.method !== 'GET') {
    return failure(405, 'MethodNotAllowed', 'this stand-in is read-only');
  }
  try {
    const pods = JSON.parse(readFileSync(podsFile, 'utf8')).items;
    const url = new URL(request.url, 'http://127.0.0.1');
    return answer(url, pods, logReader(dirname(podsFile)));
  } catch (error) {
    return failure(500, 'InternalError', error.message);
  }
}

/** Logs of the demo's processes, and the agent's, are beside its pods file. */
const logReader = folder => (pod, container) => {
  const { app } = pod.metadata.labels;
  const file =
    app === agentPod.name ? 'agent.log' : `demo-${app}-${container}.log`;
  return readFileSync(join(folder, file), 'utf8');
};
