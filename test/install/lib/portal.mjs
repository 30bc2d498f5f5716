// A portal as a stranger makes it with @backstage/create-app, in a folder of its own beside a link to this checkout.
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { root, yarnScript } from '../../../scripts/lib/checkout.mjs';
import { applyDiff, mergeEntity, mergeJson, mergeYaml } from './edit.mjs';
import { runShell, startShell } from './shell.mjs';

/** The release of create-app whose Backstage is ours (backstage.json). */
const CREATE_APP = '@backstage/create-app@0.9.2';

/** The entity of the new portal's examples that the document's annotation is put on. */
export const ENTITY = { kind: 'Component', name: 'example-website' };

export class Portal {
  /** `system`: `new` or `legacy`; `folder` is empty; `env` runs Node. */
  constructor({ system, folder, env }) {
    this.system = system;
    this.folder = folder;
    this.log = join(folder, 'output.log');
    this.home = join(folder, 'portal');
    this.node = join(folder, 'node');
    this.env = {
      ...env,
      PATH: [join(folder, 'bin'), join(this.node, 'bin'), env.PATH].join(
        delimiter,
      ),
      // Where the node's `npm install --global` puts things.
      npm_config_prefix: this.node,
      BACKSTAGE_APP_NAME: 'portal',
      // A person's yarn writes its lock file; one that thinks that it runs in CI does not.
      YARN_ENABLE_IMMUTABLE_INSTALLS: 'false',
      // The checkout's Yarn, as docs/install.md has it for a registry that is slow or behind a proxy, which Yarn 4.13 cannot bear.
      YARN_IGNORE_PATH: '1',
      // A registry that is slow for once is no failure.
      YARN_HTTP_RETRY: '10',
      YARN_HTTP_TIMEOUT: '120000',
      YARN_NETWORK_CONCURRENCY: '8',
    };
  }

  /** Makes the portal and installs what it comes with. */
  async create() {
    for (const name of ['bin', 'node']) mkdirSync(join(this.folder, name));
    symlinkSync(root, join(this.folder, 'checkout'));
    const yarn = join(this.folder, 'bin/yarn');
    writeFileSync(yarn, `#!/bin/sh\nexec node ${yarnScript} "$@"\n`);
    chmodSync(yarn, 0o755);
    const option = this.system === 'legacy' ? ' --legacy' : '';
    await this.run(
      `npx --yes ${CREATE_APP} --skip-install${option}\n`,
      this.folder,
    );
    // What the checkout had to pin to be installed and to run, a portal of the same versions on this Node has to, too.
    const { resolutions } = JSON.parse(
      readFileSync(join(root, 'package.json'), 'utf8'),
    );
    this.#edit('package.json', text =>
      mergeJson(text, JSON.stringify({ resolutions })),
    );
    await this.run('yarn install\n');
  }

  /** Does a step of docs/install.md. */
  async do({ what, target, code }) {
    if (what === 'run') {
      const folders = { checkout: root, portal: this.home, node: this.node };
      await this.run(code, folders[target]);
    } else if (what === 'apply') {
      this.#edit(target, text => applyDiff(text, code));
    } else if (target.endsWith('.json')) {
      this.#edit(target, text => mergeJson(text, code));
    } else if (target === "the entity's catalog-info.yaml") {
      this.#edit('examples/entities.yaml', text =>
        mergeEntity(text, ENTITY, code),
      );
    } else {
      this.#edit(target, text => mergeYaml(text, code));
    }
  }

  run(script, cwd = this.home) {
    return runShell(script, { cwd, env: this.env, log: this.log });
  }

  /** Starts `yarn start` on free ports with a token for the agent. Stop what it returns. */
  async start(token) {
    const [portalPort, backendPort] = await freePorts(2);
    this.url = `http://localhost:${portalPort}`;
    this.backendUrl = `http://localhost:${backendPort}`;
    writeFileSync(
      join(this.home, 'app-config.local.yaml'),
      [
        'app:',
        `  baseUrl: ${this.url}`,
        '  listen:',
        '    host: 127.0.0.1',
        `    port: ${portalPort}`,
        'backend:',
        `  baseUrl: ${this.backendUrl}`,
        '  listen:',
        '    host: 127.0.0.1',
        `    port: ${backendPort}`,
        '  cors:',
        `    origin: ${this.url}`,
        '',
      ].join('\n'),
    );
    return startShell('exec yarn start', {
      cwd: this.home,
      env: { ...this.env, CONTENTION_AGENT_TOKEN: token, BROWSER: 'none' },
      log: join(this.folder, 'portal.log'),
    });
  }

  /** Starts the agent as the document says, for this portal and with this token. */
  startAgent(code, token) {
    const script = code
      .replace('https://portal.example.com', this.backendUrl)
      .replace('the-token-of-section-3', token);
    if (!script.includes(this.backendUrl) || !script.includes(token)) {
      throw new Error(`The agent would not send to this portal:\n${script}`);
    }
    return startShell(script, {
      cwd: this.node,
      env: this.env,
      log: join(this.folder, 'agent.log'),
    });
  }

  #edit(file, change) {
    const path = join(this.home, file);
    writeFileSync(path, change(readFileSync(path, 'utf8')));
  }
}

/** Ports that nobody listens on at the moment. */
async function freePorts(count) {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise((resolve, reject) => {
          const server = createServer();
          server.once('error', reject);
          server.listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = servers.map(server => server.address().port);
  await Promise.all(
    servers.map(server => new Promise(resolve => server.close(resolve))),
  );
  return ports;
}
