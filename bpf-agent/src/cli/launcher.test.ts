/** The shell script in front of the agent, copied to where there is nothing around it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const LAUNCHER = resolve(__dirname, '../../bin/contention-agent');
let home: string;

function launch(env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(
    join(home, 'bin/contention-agent'),
    ['run', 'two words'],
    { encoding: 'utf8', env: { PATH: '/usr/bin:/bin', ...env } },
  );
  return { status, stdout, stderr };
}

function node(path: string, version: string) {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(
    path,
    `#!/bin/sh\nif [ "$1" = -p ]; then echo ${version}; else echo "${version}:" "$@"; fi\n`,
  );
  execFileSync('chmod', ['+x', path]);
}

beforeEach(() => {
  home = join(mkdtempSync(join(tmpdir(), 'launcher-')), 'agent');
  mkdirSync(join(home, 'bin'), { recursive: true });
  cpSync(LAUNCHER, join(home, 'bin/contention-agent'));
});
afterEach(() => rmSync(join(home, '..'), { recursive: true }));

it('says what to run when there is no bundle', () => {
  const { status, stderr } = launch();
  expect(status).toBe(1);
  expect(stderr).toContain('npm run setup');
});

describe('with a bundle', () => {
  beforeEach(() => {
    mkdirSync(join(home, 'dist'));
    writeFileSync(join(home, 'dist/agent.cjs'), '');
  });

  it("prefers the checkout's own Node, and passes arguments on as they are", () => {
    node(join(home, '../.toolchain/node/bin/node'), '24');
    node(join(home, 'other'), '23');
    const { stdout } = launch({ NODE: join(home, 'other') });
    expect(stdout).toMatch(/^24: .*dist\/agent\.cjs run two words$/m);
  });

  it('takes another Node if that is new enough', () => {
    node(join(home, 'other'), '22');
    const { stdout } = launch({ NODE: join(home, 'other') });
    expect(stdout).toMatch(/^22: /);
  });

  it('says what is missing if none is', () => {
    node(join(home, 'other'), '18');
    const { status, stderr } = launch({ NODE: join(home, 'other') });
    expect(status).toBe(1);
    expect(stderr).toContain('needs Node.js 22 or newer');
  });
});
