import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PlainContainerNames } from './plainContainerNames';

const ID = 'a1b2c3d4'.repeat(8);
let root: string;
const write = (path: string, content: unknown) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), JSON.stringify(content));
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'names-'));
});
afterEach(() => rmSync(root, { recursive: true }));

it('Docker keeps it with a slash before it', () => {
  write(`var/lib/docker/containers/${ID}/config.v2.json`, { Name: '/web' });
  expect(new PlainContainerNames(root).nameOf(ID)).toBe('web');
});

it('Podman keeps a list, and another one for containers that end with the machine', () => {
  const path = 'var/lib/containers/storage/overlay-containers';
  write(`${path}/containers.json`, [{ id: 'other', names: ['x'] }]);
  write(`${path}/volatile-containers.json`, [{ id: ID, names: ['db'] }]);
  expect(new PlainContainerNames(root).nameOf(ID)).toBe('db');
});

it('where neither is, there is no name', () => {
  expect(new PlainContainerNames(root).nameOf(ID)).toBeUndefined();
});
