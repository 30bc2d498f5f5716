// Where things are in this checkout. Knows names of folders, nothing about what is in them.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the checkout. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** A path below the root of the checkout. */
export const inCheckout = (...parts) => join(root, ...parts);

/** What a run leaves behind: logs, the demo's pods file, the portal's databases. Never committed. */
export const runFolder = inCheckout('.run');

/** The committed Yarn, run by whichever Node this project uses. */
export const yarnScript = inCheckout('.yarn', 'releases', 'yarn-4.18.1.cjs');
