// npm run pack: the four packages as they would be published, in .run/packages.
import { bootstrap } from './lib/bootstrap.mjs';
import { packAll } from './lib/pack.mjs';
import { main, say } from './lib/say.mjs';

await main(async () => {
  const { node, env } = await bootstrap();
  const packages = await packAll(node, env);
  for (const { archive } of packages) say(archive);
});
