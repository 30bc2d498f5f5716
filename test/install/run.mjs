// Contention in a stranger's portal: docs/install.md, word for word, in a new portal on each frontend system; then its pages in
// Chromium, with data of a real agent. Takes many minutes: a whole portal is installed twice.
/* global window -- of the page that Chromium shows */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { lastLines } from '../../scripts/lib/child.mjs';
import { findChromium } from '../../scripts/lib/debian-packages.mjs';
import { ensureNode, environmentFor } from '../../scripts/lib/node-runtime.mjs';
import { startBatch } from './lib/batch.mjs';
import { installSteps } from './lib/document.mjs';
import { ENTITY, Portal } from './lib/portal.mjs';

/** Longest that a portal may take until its first page is there, and data on it, ms. */
const STARTUP_MS = 600_000;

const TABS = [
  ['latency', 'How long threads waited for a CPU'],
  ['throttling', 'How often its CPU limit stopped it'],
  ['noisy-neighbours', `What ${ENTITY.name} waited for`],
];

const steps = installSteps();
const wanted = (process.env.CONTENTION_INSTALL ?? 'new,legacy').split(',');

for (const system of wanted) {
  describe(`a new portal on the ${system} frontend system`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'contention-install-'));
    const token = randomBytes(24).toString('hex');
    const stops = [];
    const mine = steps.filter(({ only }) => !only || only === system);
    let portal;
    let page;
    let failed = false;

    before(async () => {
      const node = await ensureNode();
      portal = new Portal({ system, folder, env: environmentFor(node) });
      await portal.create();
    });

    after(async () => {
      for (const stop of stops.reverse()) await stop();
      if (failed) console.log(`What was installed is left in ${folder}`);
      else rmSync(folder, { recursive: true, force: true });
    });

    /** A test that the following ones need: once it has failed, they are not tried. */
    const test = (name, work) =>
      it(name, async context => {
        if (failed) {
          context.skip('what it needs has failed');
          return;
        }
        try {
          await work();
        } catch (error) {
          failed = true;
          throw error;
        }
      });

    for (const step of mine.filter(({ what }) => what !== 'start')) {
      test(`${step.what} ${step.target}: ${firstLine(step.code)}`, () =>
        portal.do(step));
    }

    test('its types fit those of the portal', () => portal.run('yarn tsc\n'));

    test('its configuration has a schema, which finds a mistake', async () => {
      const check = config =>
        portal.run(
          `CONTENTION_AGENT_TOKEN=${token} GITHUB_TOKEN=x yarn backstage-cli config:check --strict --config app-config.yaml ${config}\n`,
        );
      await check('');
      await portal.run(
        "printf 'contention:\\n  ingest:\\n    maxPoints: many\\n' > mistake.yaml\n",
      );
      await assert.rejects(
        check('--config mistake.yaml'),
        /contention.ingest.maxPoints|maxPoints/,
      );
      await portal.run('rm mistake.yaml\n');
    });

    test('starts, and a guest gets in', async () => {
      const running = await portal.start(token);
      stops.push(() => running.stop());
      const browser = await chromium.launch({
        executablePath: findChromium(),
        args: ['--no-sandbox', '--disable-gpu', '--no-first-run'],
      });
      stops.push(() => browser.close());
      page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
      // How long a busy machine takes for a page is nobody's promise.
      page.setDefaultTimeout(STARTUP_MS);
      await until('the portal answers', async () => {
        assert.ok(running.isRunning(), tail(join(folder, 'portal.log')));
        await visit('', { timeout: 60_000 });
        const enter = page.getByRole('button', { name: 'Enter' });
        const home = page.getByRole('heading', { name: ENTITY.name }).first();
        await enter.or(home).first().waitFor({ timeout: 60_000 });
        if (await enter.isVisible()) await enter.click();
        await home.waitFor({ timeout: 60_000 });
      });
    });

    test('shows what its agent measures', async () => {
      const annotation = mine.find(({ target }) => /entity/.test(target)).code;
      const batch = startBatch(/cgroup-path: (\S+)/.exec(annotation)[1]);
      stops.push(() => batch.stop());
      const { code } = mine.find(({ what }) => what === 'start');
      const agent = portal.startAgent(code, token);
      stops.push(() => agent.stop());
      await until('there is data', async () => {
        assert.ok(agent.isRunning(), tail(join(folder, 'agent.log')));
        await visit('noisy-neighbours');
        await page
          .getByTestId('contention-verdict')
          .waitFor({ timeout: 60_000 });
      });
    });

    for (const [path, heading] of TABS) {
      test(`has the tab at /${path}, with data`, async () => {
        await visit(path);
        await page.getByRole('heading', { name: heading }).waitFor();
        await page.getByTestId('contention-verdict').waitFor();
      });
    }

    test('has the card on the overview', async () => {
      await visit('');
      await page.getByRole('heading', { name: 'What holds it up' }).waitFor();
    });

    test("has the plugin's own pages", async () => {
      await page.goto(`${portal.url}/contention`);
      await page.getByRole('heading', { name: 'Nodes', exact: true }).waitFor();
    });

    test('asks whose records are wanted where the address does not say', async () => {
      await page.goto(`${portal.url}/contention/evidence`);
      await page.getByRole('region', { name: 'Whose records?' }).waitFor();
    });

    if (system === 'legacy') {
      test('has the tab of a system about its members', async () => {
        await page.goto(
          `${portal.url}/catalog/default/system/examples/contention`,
        );
        await page
          .getByRole('tab', { name: 'Contention', selected: true })
          .waitFor();
        await page.getByText('example-website').first().waitFor();
      });
    }

    if (system === 'new') {
      test('lets readers choose German', async () => {
        await page.evaluate(() =>
          window.localStorage.setItem('language', 'de'),
        );
        await page.goto(`${portal.url}/catalog/default/component/nowhere`);
        await page.goto(`${portal.url}/contention`);
        await page.getByRole('heading', { name: 'Knoten' }).waitFor();
        await visit('noisy-neighbours');
        await page.getByRole('link', { name: 'Laute Nachbarn' }).waitFor();
        await page
          .getByRole('heading', { name: `Worauf ${ENTITY.name} wartete` })
          .waitFor();
      });
    }

    const visit = (tab, options) =>
      page.goto(
        `${portal.url}/catalog/default/${ENTITY.kind.toLowerCase()}/${ENTITY.name}/${tab}`,
        options,
      );
  });
}

/** Tries until `attempt` succeeds; after STARTUP_MS with what it said last. */
async function until(what, attempt) {
  const deadline = Date.now() + STARTUP_MS;
  for (;;) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (Date.now() > deadline) {
        throw new Error(`Waited in vain until ${what}: ${error.message}`);
      }
      await sleep(2000);
    }
  }
}

function firstLine(code) {
  return code.split('\n')[0];
}

function tail(file) {
  return lastLines(readFileSync(file, 'utf8'), 30).join('\n');
}
