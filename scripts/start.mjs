// npm start: sets up what is missing, starts backend, portal, agent and demo, says when the page can be looked at, and
// leaves nothing behind when it ends. scripts/lib/watchdog.mjs does the last part when this process is killed.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Cluster } from '../demo/lib/cluster.mjs';
import { clusterName, nodeName } from '../demo/lib/services.mjs';
import { bootstrap } from './lib/bootstrap.mjs';
import { stopCommandsOn } from './lib/child.mjs';
import { inCheckout, runFolder } from './lib/checkout.mjs';
import { readCpus, splitCpus } from './lib/cpus.mjs';
import { requireMeasurableHost } from './lib/host.mjs';
import { PartCgroups } from './lib/part-cgroups.mjs';
import { startPart } from './lib/part.mjs';
import { buildPortal } from './lib/portal-build.mjs';
import { requireFreePort } from './lib/ports.mjs';
import { neighboursPage, whatIsMissing } from './lib/portal-client.mjs';
import { endRun, isShell, parentOf } from './lib/processes.mjs';
import { takeRunFolder } from './lib/run-lock.mjs';
import { Problem, inWords, main, say, step } from './lib/say.mjs';

/** The service whose page is shown first. */
const HURT_SERVICE = 'checkout';

/** How often to say what is still missing, ms. */
const REMIND_EVERY_MS = 20_000;

/** How long the agent gets to send its last window, ms. */
const LAST_WORD_MS = 2000;

const usage = `usage: npm start -- [OPTION]...

Starts the portal with the demo's services, measured by the agent on this machine's own kernel.

  --no-demo               only backend, portal and agent: for your own containers
  --pods FILE             with --no-demo: the kubelet's GET /pods, as a file
  --portal-port N         default 3000
  --backend-port N        default 7007
  --kubernetes-port N     default 7008: a read-only stand-in for a cluster's API
  --folder DIR            logs, databases and state; default .run
  --catalog FILE          another catalog than examples/catalog/all.yaml
  --dev                   for work on the portal: compiled in development mode, and again whenever a file changes
  --verbose               also show what the parts print
  --help`;

await main(async () => {
  const options = readOptions();
  if (options.help) {
    say(usage);
    return;
  }
  requireMeasurableHost();
  const release = takeRunFolder(options.folder);
  const stopSignal = listenForStop();
  stopCommandsOn(stopSignal);
  try {
    await endRun(options.folder); // what a killed run left
    const cpus = splitCpus(readCpus());
    const demo = new Cluster({
      folder: options.folder,
      cpu: cpus.demo,
      clientCpu: cpus.portal[0],
    });
    const cgroups = new PartCgroups(options.folder);
    await demo.stop();
    await cgroups.remove();
    await requireFreePorts(options);
    const { node, env } = await bootstrap({
      kinds: options.withDemo ? ['run', 'demo'] : ['run'],
    });
    if (!options.dev) await buildPortal(node, env);
    stopCommandsOn(undefined);
    await runUntilStopped({
      ...{ options, node, env, cpus },
      ...{ demo, cgroups, stopSignal },
    });
  } catch (error) {
    if (error.name !== 'AbortError') throw error;
  } finally {
    release();
  }
});
process.exit(); // whatever a request for readiness still waits for

function readOptions() {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        'no-demo': { type: 'boolean', default: false },
        pods: { type: 'string' },
        'portal-port': { type: 'string', default: '3000' },
        'backend-port': { type: 'string', default: '7007' },
        'kubernetes-port': { type: 'string', default: '7008' },
        folder: { type: 'string', default: runFolder },
        catalog: {
          type: 'string',
          default: inCheckout('examples/catalog/all.yaml'),
        },
        dev: { type: 'boolean', default: false },
        verbose: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h' },
      },
    }));
  } catch (error) {
    throw new Problem(`${error.message}\n\n${usage}`);
  }
  const port = name => {
    const number = Number(values[name]);
    if (Number.isInteger(number) && number > 0 && number < 65_536) {
      return number;
    }
    throw new Problem(`--${name} takes a port number, not '${values[name]}'.`);
  };
  return {
    help: values.help,
    withDemo: !values['no-demo'],
    pods: values.pods && resolve(values.pods),
    portalPort: port('portal-port'),
    backendPort: port('backend-port'),
    kubernetesPort: port('kubernetes-port'),
    folder: resolve(values.folder),
    catalog: resolve(values.catalog),
    dev: values.dev,
    verbose: values.verbose,
  };
}

async function requireFreePorts(options) {
  const { portalPort, backendPort, kubernetesPort } = options;
  await requireFreePort(portalPort, 'the portal', '--portal-port');
  await requireFreePort(backendPort, 'the backend', '--backend-port');
  await requireFreePort(
    kubernetesPort,
    "the stand-in for a cluster's API",
    '--kubernetes-port',
  );
}

/** An AbortSignal for Ctrl-C, `kill`, a closed terminal, and an npm that was killed without telling its child. */
function listenForStop() {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(name, () => stop.abort());
  }
  if (process.env.npm_lifecycle_event) {
    const chain = npmChain();
    setInterval(() => {
      if (npmChain() !== chain) stop.abort();
    }, 1000).unref();
  }
  return stop.signal;
}

/** Who stands between this process and npm, npm included: itself, or the shell in which it runs scripts. */
function npmChain() {
  const parent = process.ppid;
  return isShell(parent) ? `${parent} ${parentOf(parent)}` : String(parent);
}

async function runUntilStopped({
  options,
  node,
  env,
  cpus,
  demo,
  cgroups,
  stopSignal,
}) {
  if (stopSignal.aborted) return;
  const stopped = new Promise(done => {
    stopSignal.addEventListener('abort', () => done());
  });
  const watchdog = startWatchdog(node, env, options.folder);
  let agent;
  try {
    if (options.withDemo) await demo.start({ withAgent: true });
    const parts = partsOf({ options, node, env, cpus, demo }).map(part =>
      startPart(
        { ...part, cgroups: part.cgroups ?? cgroups.make(part.name) },
        options,
      ),
    );
    agent = parts.find(({ name }) => name === 'agent');
    say(`Starting ${parts.map(({ name }) => name).join(', ')} ...`);
    const death = Promise.race(parts.map(({ ended }) => ended));
    const ready = untilReady(options, agent, stopSignal).then(url => {
      if (url) say(`Contention is ready: ${url}`);
    });
    const why = await Promise.race([
      stopped,
      death,
      ready.then(() => Promise.race([stopped, death])),
    ]);
    if (why && !stopSignal.aborted) throw new Problem(why);
  } finally {
    await step('Stopping', async () => {
      if (agent?.end()) {
        // While somebody still listens to what it measured last.
        await Promise.race([agent.ended, sleep(LAST_WORD_MS)]);
      }
      await endRun(options.folder);
      await demo.stop();
      await cgroups.remove();
      watchdog.stdin.end('done');
    });
  }
}

/** The watchdog is the only process of a run without the run's mark: it has to outlive all others. */
function startWatchdog(node, env, folder) {
  const watchdog = spawn(
    join(node.bin, 'node'),
    [fileURLToPath(new URL('lib/watchdog.mjs', import.meta.url)), folder],
    { env, detached: true, stdio: ['pipe', 'ignore', 'inherit'] },
  );
  watchdog.unref();
  watchdog.stdin.on('error', error => {
    if (error.code !== 'EPIPE') throw error;
  });
  return watchdog;
}

/** The programs of a run, each with where it is to be if not in a cgroup of its own. They keep off the demo's CPU. */
function partsOf({ options, node, env, cpus, demo }) {
  const nodeBinary = join(node.bin, 'node');
  const databases = join(options.folder, 'database');
  mkdirSync(databases, { recursive: true });
  const token = randomBytes(24).toString('hex');
  const portalEnv = {
    ...env,
    BROWSER: 'none',
    CONTENTION_PORTAL_PORT: String(options.portalPort),
    CONTENTION_BACKEND_PORT: String(options.backendPort),
    CONTENTION_KUBERNETES_PORT: String(options.kubernetesPort),
    CONTENTION_DATABASE_FOLDER: databases,
    CONTENTION_CATALOG: options.catalog,
    CONTENTION_AGENT_TOKEN: token,
  };
  const pods = options.pods ?? demo.podsFile;
  const parts = [
    {
      name: 'backend',
      // As `backstage-cli package start` runs it, but without watching files: a backend that dies ends the run.
      command: nodeBinary,
      args: [
        '--enable-source-maps',
        '--require',
        inCheckout('node_modules/@backstage/cli/config/nodeTransform.cjs'),
        'dev/index.ts',
      ],
      cwd: inCheckout('plugins/contention-backend'),
      env: { NODE_ENV: 'development', ...portalEnv },
      cpus: cpus.portal,
    },
    {
      name: 'portal',
      command: nodeBinary,
      args: options.dev
        ? [
            inCheckout('node_modules/@backstage/cli/bin/backstage-cli'),
            ...['package', 'start'],
          ]
        : [
            inCheckout('scripts/serve-portal.mjs'),
            ...['--port', String(options.portalPort)],
            ...['--backend-port', String(options.backendPort)],
          ],
      cwd: inCheckout('plugins/contention'),
      env: portalEnv,
      cpus: cpus.portal,
    },
    {
      name: 'agent',
      command: inCheckout('bpf-agent/bin/contention-agent'),
      args: [
        'run',
        ...(options.withDemo
          ? ['--cluster', clusterName, '--node', nodeName]
          : []),
        ...(options.withDemo || options.pods ? ['--pods', pods] : []),
      ],
      cwd: options.folder,
      env: {
        ...env,
        OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `http://127.0.0.1:${options.backendPort}/api/contention/otlp/v1/metrics`,
        CONTENTION_AGENT_TOKEN: token,
      },
      cpus: cpus.portal,
      // In its pod it is measured like everybody else.
      cgroups: options.withDemo ? demo.agentDirectories : undefined,
    },
  ];
  if (options.withDemo || options.pods) {
    parts.push({
      name: 'kubernetes',
      command: nodeBinary,
      args: [
        inCheckout('demo/kube-standin.mjs'),
        '--port',
        String(options.kubernetesPort),
        '--pods',
        pods,
      ],
      cwd: options.folder,
      env,
      cpus: cpus.portal,
    });
  }
  return parts;
}

/**
 * Resolves to the address of the page when it has data; to undefined when the run was stopped before. Says now and then
 * what it waits for, with the agent's own last words if that is data.
 */
async function untilReady(options, agent, stopSignal) {
  const portal = `http://localhost:${options.portalPort}`;
  const addresses = {
    portal: `http://127.0.0.1:${options.portalPort}`,
    backend: `http://127.0.0.1:${options.backendPort}`,
  };
  const service = options.withDemo ? HURT_SERVICE : undefined;
  const explanations = {
    backend: 'the backend is starting',
    portal: options.dev
      ? 'the portal is being compiled'
      : 'the portal is starting',
    data: 'the agent is measuring its first windows',
  };
  const started = Date.now();
  let reminded = started;
  while (!stopSignal.aborted) {
    const missing = await whatIsMissing(addresses, service, started);
    if (!missing) return service ? neighboursPage(portal, service) : portal;
    if (Date.now() - reminded >= REMIND_EVERY_MS) {
      reminded = Date.now();
      say(`  ${explanations[missing]} (${inWords(reminded - started)})`);
      if (missing === 'data') say(`  agent: ${agent.lastLine() ?? 'silent'}`);
    }
    await sleep(500);
  }
  return undefined;
}
