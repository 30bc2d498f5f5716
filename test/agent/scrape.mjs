// What the agent says at /metrics, against Prometheus itself: that it takes all of it, as text and as native histograms, and adds it
// up to what the agent says over OTLP. Needs root, a built agent, and Prometheus with promtool.
import { strict as assert } from 'node:assert';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { BURN, Kubelet, SERVE } from './cgroups.mjs';

const AGENT = fileURLToPath(
  new URL('../../bpf-agent/bin/contention-agent', import.meta.url),
);
const PATIENCE_MS = 30_000;

/** Why there is no test; undefined if there is one. */
function cannotScrape() {
  if (process.getuid() !== 0) return 'needs root';
  for (const program of ['prometheus', 'promtool']) {
    try {
      execFileSync(program, ['--version'], { stdio: 'ignore' });
    } catch {
      return `needs ${program} (Debian: apt-get install prometheus)`;
    }
  }
  return undefined;
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts a program; it ends with the test. */
function start(t, command, args) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const process_ = { child, said: '' };
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', text => {
      process_.said += text;
    });
  const ended = once(child, 'exit');
  t.after(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  return process_;
}

/** What `look` resolves with, once that is something. */
async function until(what, look) {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`${what} did not come in time`);
    await sleep(200);
  }
}

/** Starts Prometheus, which scrapes that port every two seconds. `query()` resolves with the samples of an expression. */
async function startPrometheus(t, agentPort, flags) {
  const folder = mkdtempSync(join(tmpdir(), 'contention-prometheus-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const port = await freePort();
  const config = join(folder, 'prometheus.yml');
  writeFileSync(
    config,
    [
      'scrape_configs:',
      '  - job_name: contention',
      '    scrape_interval: 2s',
      '    scrape_timeout: 2s',
      '    static_configs:',
      `      - targets: ['127.0.0.1:${agentPort}']`,
      '',
    ].join('\n'),
  );
  const { child } = start(t, 'prometheus', [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    ...flags,
  ]);
  const base = `http://127.0.0.1:${port}/api/v1`;
  const ask = async path => {
    if (child.exitCode !== null) throw new Error('Prometheus has ended');
    const answer = await fetch(`${base}/${path}`).catch(() => undefined);
    return answer?.ok ? (await answer.json()).data : undefined;
  };
  return {
    target: async () => (await ask('targets'))?.activeTargets?.[0],
    query: async expression =>
      (await ask(`query?query=${encodeURIComponent(expression)}`))?.result,
  };
}

test(
  'Prometheus takes what the agent says, as text and as native histograms: who waited, and for whom',
  { skip: cannotScrape() },
  async t => {
    const kubelet = new Kubelet();
    t.after(() => kubelet.cleanUp());
    const checkout = kubelet.pod({
      name: 'checkout-5d7f9c-x2x4p',
      containers: ['app'],
      owner: { kind: 'ReplicaSet', name: 'checkout-5d7f9c' },
      labels: { app: 'checkout', 'pod-template-hash': '5d7f9c' },
    });
    const batch = kubelet.pod({
      name: 'batch-report-0',
      containers: ['report'],
      owner: { kind: 'StatefulSet', name: 'batch-report' },
      labels: { app: 'batch-report' },
    });
    kubelet.start(checkout, 'app', SERVE, 0);
    kubelet.start(batch, 'report', BURN, 0);
    const port = await freePort();
    start(t, AGENT, [
      ...['run', '--interval', '0.5', '--pods', kubelet.podsPath],
      ...['--exporter', 'prometheus', '--listen', `127.0.0.1:${port}`],
    ]);
    const url = `http://127.0.0.1:${port}/metrics`;
    const victim = '{k8s_pod_name="checkout-5d7f9c-x2x4p"}';
    const text = await until('a window with waits', async () => {
      const answer = await fetch(url).catch(() => undefined);
      const said = (await answer?.text()) ?? '';
      return /contention_cpu_wait_blame_seconds_total\{[^}]*k8s_pod_name="checkout/.test(
        said,
      )
        ? said
        : undefined;
    });
    // Ends with 3 and what is wrong if anything is.
    execFileSync('promtool', ['check', 'metrics'], {
      input: text,
      stdio: ['pipe', 'inherit', 'inherit'],
    });

    const classic = await startPrometheus(t, port, []);
    const native = await startPrometheus(t, port, [
      '--enable-feature=native-histograms',
    ]);
    for (const prometheus of [classic, native]) {
      // One that came too late, on a busy machine, is not the last one.
      let refused;
      await until('a scrape that was taken', async () => {
        const target = await prometheus.target();
        refused = target?.lastError || refused;
        return target?.health === 'up' || undefined;
      }).catch(error => assert.fail(`${error.message}: ${refused}`));
      const [{ metric, value }] = await until('blame', async () => {
        const found = await prometheus.query(
          'contention_cpu_wait_blame_seconds_total{k8s_pod_name="checkout-5d7f9c-x2x4p",contention_culprit_k8s_pod_name="batch-report-0"}',
        );
        return found?.length ? found : undefined;
      });
      assert.equal(metric.contention_culprit_kind, 'container');
      assert.equal(metric.contention_culprit_same_pod, 'false');
      assert.equal(metric.k8s_deployment_name, 'checkout');
      assert.equal(metric.k8s_pod_label_app, 'checkout');
      assert.ok(Number(value[1]) > 0);
      // What is blamed on whoever adds up to the wait, in the books of Prometheus too.
      const sums = await prometheus.query(
        prometheus === native
          ? `histogram_sum(contention_cpu_wait_seconds${victim})`
          : `contention_cpu_wait_seconds_sum${victim}`,
      );
      assert.equal(sums.length, 1);
    }

    const difference = await classic.query(
      `abs(sum(contention_cpu_wait_seconds_sum${victim}) - sum(contention_cpu_wait_blame_seconds_total${victim})) < bool 1e-6`,
    );
    assert.equal(difference[0].value[1], '1');
    const buckets = await classic.query(
      `contention_cpu_wait_seconds_bucket{le="32",k8s_pod_name="checkout-5d7f9c-x2x4p"} - ignoring(le) contention_cpu_wait_seconds_count${victim}`,
    );
    assert.deepEqual(
      buckets.map(({ value }) => value[1]),
      ['0'],
    );

    // Of native histograms within their resolution; of classic ones within a factor of two. Half of the waits may be of 0 ns.
    const p99 = (prometheus, histogram) =>
      prometheus
        .query(`histogram_quantile(0.99, ${histogram}${victim})`)
        .then(([{ value }]) => Number(value[1]));
    const fine = await p99(native, 'contention_cpu_wait_seconds');
    const coarse = await p99(classic, 'contention_cpu_wait_seconds_bucket');
    t.diagnostic(`p99 of waits ${fine} s, by classic buckets ${coarse} s`);
    assert.ok(fine > 0 && coarse > 0);
    const up = await classic.query('contention_agent_info');
    assert.equal(up.length, 1);
  },
);
