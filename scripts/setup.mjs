// npm run setup: brings in what is missing, installs and builds. Needs nothing but Node 18 and git.
import { bootstrap } from './lib/bootstrap.mjs';
import { buildPortal } from './lib/portal-build.mjs';
import { main, say } from './lib/say.mjs';

await main(async () => {
  const { node, env } = await bootstrap();
  await buildPortal(node, env);
  say(`Ready on Node ${node.version}. Next: npm start`);
});
