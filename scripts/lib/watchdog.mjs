// Clears up after a run that could not do so itself. Started beside it with a pipe from it as standard input: when the
// pipe closes without the word `done`, whoever held its other end was killed.
import { Cluster } from '../../demo/lib/cluster.mjs';
import { PartCgroups } from './part-cgroups.mjs';
import { endRun } from './processes.mjs';

const [folder] = process.argv.slice(2);
let heard = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', text => {
  heard += text;
});
process.stdin.on('end', async () => {
  if (heard.includes('done')) return;
  await endRun(folder);
  await new Cluster({ folder }).stop();
  await new PartCgroups(folder).remove();
});
