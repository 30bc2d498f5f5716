/** The run that the tests look at: its folder, its catalog, and the demo's controls. */
import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

export const ROOT = path.resolve(__dirname, '../../..');

/** Tells the tests, which run in processes of their own, where the run keeps its files. */
const FOLDER_VARIABLE = 'CONTENTION_E2E_FOLDER';

/** Makes a folder for a run, with a copy of the catalog that a test may change. */
export async function makeRunFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'contention-run-'));
  await cp(path.join(ROOT, 'examples/catalog'), path.join(folder, 'catalog'), {
    recursive: true,
  });
  process.env[FOLDER_VARIABLE] = folder;
  return folder;
}

export async function removeRunFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

export function runFolder(): string {
  const folder = process.env[FOLDER_VARIABLE];
  if (!folder) throw new Error(`${FOLDER_VARIABLE} is not set`);
  return folder;
}

/** When the run began, Unix ms. */
export function runBegan(): number {
  return statSync(runFolder()).birthtimeMs;
}

/** Uids of the demo's pods, from the file that names them. */
export async function podUids(): Promise<string[]> {
  const list = JSON.parse(
    await readFile(path.join(runFolder(), 'pods.json'), 'utf8'),
  ) as { items: { metadata: { uid: string } }[] };
  if (list.items.length === 0) throw new Error('the demo has no pods');
  return list.items.map(({ metadata }) => metadata.uid);
}

/** A pod of a service of the demo, by the names that an alert has. */
export async function firstPod(
  service: string,
): Promise<{ namespace: string; pod: string }> {
  const list = JSON.parse(
    await readFile(path.join(runFolder(), 'pods.json'), 'utf8'),
  ) as { items: { metadata: { name: string; namespace: string } }[] };
  const found = list.items.find(({ metadata }) =>
    metadata.name.startsWith(`${service}-`),
  );
  if (!found) throw new Error(`the demo has no pod of ${service}`);
  return { namespace: found.metadata.namespace, pod: found.metadata.name };
}

/** `demo/demo.mjs COMMAND...` on this run. */
export async function demo(...command: string[]): Promise<void> {
  await promisify(execFile)(process.execPath, [
    path.join(ROOT, 'demo/demo.mjs'),
    ...command,
    '--folder',
    runFolder(),
  ]);
}

/** Gives `component` another owner, as somebody who edits its catalog-info.yaml does. */
export async function changeOwner(
  component: string,
  owner: string,
): Promise<void> {
  const file = path.join(runFolder(), 'catalog/services.yaml');
  const documents = (await readFile(file, 'utf8')).split(/^---$/m);
  const changed = documents.map(document =>
    document.includes(`\n  name: ${component}\n`)
      ? document.replace(/^( {2}owner: ).*$/m, `$1${owner}`)
      : document,
  );
  if (changed.join() === documents.join()) {
    throw new Error(`${component} has no other owner than ${owner}`);
  }
  await writeFile(file, changed.join('---'));
}

/** Takes `component` out of the catalog, as somebody who deletes its catalog-info.yaml does. */
export async function removeComponent(component: string): Promise<void> {
  const file = path.join(runFolder(), 'catalog/services.yaml');
  const documents = (await readFile(file, 'utf8')).split(/^---$/m);
  const kept = documents.filter(
    document => !document.includes(`\n  name: ${component}\n`),
  );
  if (kept.length !== documents.length - 1) {
    throw new Error(`${component} is not one of the catalog's documents`);
  }
  await writeFile(file, kept.join('---'));
}

/** What an answer of checkout may take before customers call it late, s (demo/lib/services.mjs). */
const ON_TIME_SECONDS = 0.002;
/** A line of their account is about so many seconds. */
const ACCOUNT_SECONDS = 10;

/** The requests of the newest `seconds` as the demo's customers account for them, and which time that is, Unix ms. */
export async function customersAccount(seconds: number): Promise<{
  from: number;
  to: number;
  ratePerSecond: number;
  meanSeconds: number;
}> {
  const lines = await account('demo-host-customers.log', seconds);
  const done = lines.reduce((sum, line) => sum + line.done, 0);
  const lateUs = lines.reduce(
    (sum, line) => sum + line.done * line.lateMeanUs,
    0,
  );
  return {
    from: lines[0].endUnixMs - ACCOUNT_SECONDS * 1000,
    to: lines[lines.length - 1].endUnixMs,
    ratePerSecond: done / (lines.length * ACCOUNT_SECONDS),
    meanSeconds: lateUs / done / 1e6 + ON_TIME_SECONDS,
  };
}

/** How long the slowest call of inventory took in each line of checkout's own account, over the newest `seconds`. */
export async function callsAccount(
  seconds: number,
): Promise<{ slowestSeconds: number[] }> {
  const lines = await account('demo-checkout-checkout.log', seconds);
  return { slowestSeconds: lines.map(({ lateMaxUs }) => lateMaxUs / 1e6) };
}

/** The newest lines of what a process of the demo says about its work. */
async function account(log: string, seconds: number): Promise<Account[]> {
  const text = await readFile(path.join(runFolder(), log), 'utf8');
  return text
    .trim()
    .split('\n')
    .slice(-Math.ceil(seconds / ACCOUNT_SECONDS))
    .map(line => JSON.parse(line) as Account);
}

interface Account {
  endUnixMs: number;
  done: number;
  lateMeanUs: number;
  lateMaxUs: number;
}
