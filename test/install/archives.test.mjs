// What a registry would hand out: every archive has what it promises, needs nothing that it does not name, and loads.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
} from 'node:fs';
import { builtinModules, createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { before, describe, it } from 'node:test';
import { build } from 'esbuild';
import { buildTools } from '../../scripts/lib/debian-packages.mjs';
import { inCheckout, root } from '../../scripts/lib/checkout.mjs';
import { ensureNode, environmentFor } from '../../scripts/lib/node-runtime.mjs';
import { packAll, packagesFolder } from '../../scripts/lib/pack.mjs';

/** Where the archives are unpacked: what they need of others is found further up, in the checkout. */
const unpacked = join(packagesFolder, 'unpacked');
const homeOf = name => join(unpacked, 'node_modules', name);
const manifestOf = name =>
  JSON.parse(readFileSync(join(homeOf(name), 'package.json'), 'utf8'));

const PLUGINS = [
  'backstage-plugin-contention-common',
  'backstage-plugin-contention',
  'backstage-plugin-contention-backend',
];
const ALL = [...PLUGINS, 'contention-bpf-agent'];

before(async () => {
  const node = await ensureNode();
  const packages = await packAll(node, environmentFor(node));
  for (const { name, archive } of packages) {
    const home = homeOf(name);
    rmSync(home, { recursive: true, force: true });
    mkdirSync(home, { recursive: true });
    execFileSync('tar', [
      '-xzf',
      archive,
      '-C',
      home,
      '--strip-components',
      '1',
    ]);
  }
});

for (const name of ALL) {
  describe(name, () => {
    it('has every file that its package.json names', () => {
      const manifest = manifestOf(name);
      const named = [
        manifest.main,
        manifest.module,
        manifest.types,
        manifest.configSchema,
        ...strings(manifest.bin),
        ...strings(manifest.exports).filter(path => path.startsWith('.')),
        ...strings(manifest.typesVersions),
      ].filter(Boolean);
      assert.notEqual(named.length, 0);
      const missing = named.filter(
        path => !existsSync(join(homeOf(name), path)),
      );
      assert.deepEqual(missing, []);
    });

    it('has a licence and a README', () => {
      assert.ok(existsSync(join(homeOf(name), 'LICENSE')));
      assert.ok(existsSync(join(homeOf(name), 'README.md')));
    });

    it('brings no sources of ours that run, no tests, and no path of this machine', () => {
      const files = filesBelow(homeOf(name));
      const strange = files.filter(
        file =>
          /^src\//.test(file) ||
          /\.test\.|__fixtures__|__testUtils__/.test(file) ||
          readFileSync(join(homeOf(name), file)).includes(root),
      );
      assert.deepEqual(strange, []);
    });

    it('needs nothing that a registry does not have', () => {
      const { dependencies = {}, peerDependencies = {} } = manifestOf(name);
      const local = Object.entries({
        ...dependencies,
        ...peerDependencies,
      }).filter(([, range]) => /^(workspace|file|link|portal):/.test(range));
      assert.deepEqual(local, []);
    });
  });
}

for (const name of PLUGINS) {
  it(`${name} names every package that its code imports`, async () => {
    const { dependencies = {}, peerDependencies = {} } = manifestOf(name);
    const declared = new Set([
      name,
      ...Object.keys(dependencies),
      ...Object.keys(peerDependencies),
      ...builtinModules,
    ]);
    const imported = await packagesImportedBy(join(homeOf(name), 'dist'));
    assert.notEqual(imported.length, 0);
    assert.deepEqual(
      imported.filter(module => !declared.has(module)),
      [],
    );
  });
}

describe('the frontend', () => {
  const name = 'backstage-plugin-contention';

  it('is found by portals that look for plugins by themselves', () => {
    assert.equal(
      manifestOf(name).backstage.features['.'],
      '@backstage/FrontendPlugin',
    );
  });

  it('has an entry for the legacy frontend system', () => {
    const { import: code, types } = manifestOf(name).exports['./legacy'];
    const exported = readFileSync(join(homeOf(name), code), 'utf8');
    const declared = readFileSync(join(homeOf(name), types), 'utf8');
    for (const part of [
      'EntityLatencyContent',
      'EntityThrottlingContent',
      'EntityNoisyNeighboursContent',
      'EntityContentionCard',
      'ContentionPage',
      'isContentionAvailable',
    ]) {
      assert.match(exported, new RegExp(`\\b${part}\\b`));
      assert.match(declared, new RegExp(`\\b${part}\\b`));
    }
  });

  it('has every language as a file of its own, which is loaded only when it is chosen', () => {
    const languages = readdirSync(
      inCheckout('plugins/contention/src/translation'),
      { withFileTypes: true },
    ).filter(entry => entry.isDirectory());
    assert.ok(languages.length >= 2);
    for (const language of languages) {
      assert.ok(
        existsSync(
          join(homeOf(name), 'dist/translation', language.name, 'index.esm.js'),
        ),
        language.name,
      );
    }
  });
});

describe('the backend', () => {
  const name = 'backstage-plugin-contention-backend';

  it('is a backend feature', () => {
    assert.equal(
      manifestOf(name).backstage.features['.'],
      '@backstage/BackendFeature',
    );
  });

  it('has every migration', () => {
    assert.deepEqual(
      readdirSync(join(homeOf(name), 'migrations')),
      readdirSync(inCheckout('plugins/contention-backend/migrations')),
    );
  });

  it('brings the schema of its configuration', () => {
    const schema = JSON.parse(
      readFileSync(join(homeOf(name), 'config.schema.json'), 'utf8'),
    );
    const { ingest, retention } = schema.properties.contention.properties;
    assert.ok(ingest.properties.clusters);
    assert.ok(retention.properties.raw);
  });

  it('loads', () => {
    const load = createRequire(join(unpacked, 'anybody.js'));
    assert.equal(load(name).default.$$type, '@backstage/BackendFeature');
  });
});

describe('the shared package', () => {
  it('loads from CommonJS and from a module', async () => {
    const name = 'backstage-plugin-contention-common';
    const load = createRequire(join(unpacked, 'anybody.js'));
    assert.equal(load(name).contentionReadPermission.name, 'contention.read');
    assert.ok(load(`${name}/histogram`));
    assert.ok(load(`${name}/metrics`));
  });
});

describe('the agent', () => {
  const home = homeOf('contention-bpf-agent');

  it('needs no other package', () => {
    assert.equal(manifestOf('contention-bpf-agent').dependencies, undefined);
  });

  it('builds its sensor where it was unpacked, and runs', () => {
    const tools = Object.entries(buildTools()).map(pair => pair.join('='));
    execFileSync('make', ['-C', home, ...tools], { stdio: 'pipe' });
    assert.ok(existsSync(join(home, 'build/contention-sensor')));
    const help = execFileSync(join(home, 'bin/contention-agent'), ['--help'], {
      encoding: 'utf8',
      env: { ...process.env, NODE: process.execPath },
    });
    assert.match(help, /^contention-agent: /);
  });
});

/** All strings in a value, however deep. */
function strings(value) {
  if (typeof value === 'string') return [value];
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap(strings);
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => relative(folder, join(entry.parentPath, entry.name)))
    .filter(path => !path.startsWith('build/'));
}

/** Names of the packages that the built files in a folder import, as a bundler finds them. */
async function packagesImportedBy(folder) {
  const { metafile } = await build({
    absWorkingDir: folder,
    entryPoints: filesBelow(folder).filter(file => file.endsWith('.js')),
    bundle: true,
    packages: 'external',
    platform: 'node',
    outdir: 'nowhere',
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  const paths = Object.values(metafile.outputs)
    .flatMap(output => output.imports)
    .filter(({ external }) => external)
    .map(({ path }) => path.replace(/^node:/, ''));
  return [...new Set(paths.map(nameOfPackage))];
}

/** `@scope/name/part` -> `@scope/name` */
const nameOfPackage = path =>
  path
    .split('/')
    .slice(0, path.startsWith('@') ? 2 : 1)
    .join('/');
