import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pod } from '../__testUtils__/pods';
import { FilePodSource } from './filePodSource';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pods-'));
  path = join(directory, 'pods.json');
});
afterEach(() => rmSync(directory, { recursive: true }));

const list = (...names: string[]) =>
  JSON.stringify({
    kind: 'PodList',
    items: names.map(name => pod({ name, uid: name, containers: {} })),
  });

it('is read again when it was written or replaced, and only then', async () => {
  const source = new FilePodSource(path);
  const names = async () =>
    (await source.read())?.map(one => one.metadata?.name);
  writeFileSync(path, list('a'));
  expect(await names()).toEqual(['a']);
  expect(await names()).toBeUndefined();
  writeFileSync(path, list('a', 'b'));
  expect(await names()).toEqual(['a', 'b']);
  writeFileSync(join(directory, 'new'), list('c', 'd'));
  renameSync(join(directory, 'new'), path);
  expect(await names()).toEqual(['c', 'd']);
});

it('that is half written is an error now and is read again', async () => {
  const source = new FilePodSource(path);
  writeFileSync(path, list('a').slice(0, 20));
  await expect(source.read()).rejects.toThrow();
  await expect(source.read()).rejects.toThrow();
  writeFileSync(path, list('a'));
  expect(await source.read()).toHaveLength(1);
});

it('that is not there is an error that names it', async () => {
  await expect(new FilePodSource(path).read()).rejects.toThrow(path);
});
