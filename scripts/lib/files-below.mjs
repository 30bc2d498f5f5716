// Which files there are. Knows nothing about what is in them.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** `path` if it is a file, else each file below it, in an order that does not depend on the file system. */
export function filesBelow(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap(name => filesBelow(join(path, name)));
}
