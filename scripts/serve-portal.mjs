// The portal of `npm start` on loopback, as scripts/lib/portal-build.mjs has built it.
import { parseArgs } from 'node:util';
import { portalFolder } from './lib/portal-build.mjs';
import { portalServer } from './lib/portal-server.mjs';
import { main, say } from './lib/say.mjs';

await main(async () => {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '3000' },
      'backend-port': { type: 'string', default: '7007' },
    },
  });
  const portal = `http://localhost:${values.port}`;
  const backend = `http://localhost:${values['backend-port']}`;
  portalServer(portalFolder, { portal, backend }).listen(
    Number(values.port),
    '127.0.0.1',
    () => say(`The portal on ${portal}, with the backend on ${backend}`),
  );
});
