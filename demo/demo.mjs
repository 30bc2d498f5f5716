// Starts, stops and changes the demo: pods as a kubelet would make them, on this host's own kernel.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runFolder } from '../scripts/lib/checkout.mjs';
import { Problem, main, say } from '../scripts/lib/say.mjs';
import { readCpus, splitCpus } from '../scripts/lib/cpus.mjs';
import { Cluster } from './lib/cluster.mjs';
import { serviceNames } from './lib/services.mjs';

const usage = `usage: node demo/demo.mjs COMMAND [--folder DIR] [--cpu N]

  start                 remove what an earlier run left, then start all services
  stop                  end their processes and remove their cgroups and networks
  status [--json]       what runs where
  scale SERVICE 0|1     take a service away, or bring it back as a new pod
  move-load SERVICE     put the bursts of batch-report into another service

Services: ${serviceNames.join(', ')}
--folder  where pods.json (the kubelet's GET /pods), state and logs are kept; default .run
--cpu     the CPU that its pods run on; default the last one`;

await main(async () => {
  let parsed;
  try {
    parsed = parseArgs({
      allowPositionals: true,
      options: {
        folder: { type: 'string', default: runFolder },
        cpu: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new Problem(`${error.message}\n\n${usage}`);
  }
  const { values, positionals } = parsed;
  const [command, ...operands] = positionals;
  if (values.help || !command) {
    say(usage);
    return;
  }
  const cpus = splitCpus(readCpus());
  const cpu = Number(values.cpu ?? cpus.demo);
  const cluster = new Cluster({
    folder: values.folder,
    cpu,
    clientCpu: cpus.portal[0],
  });
  if (process.getuid() !== 0) {
    throw new Problem(
      'Making cgroups needs root. Run the same command as root.',
    );
  }

  switch (command) {
    case 'start':
      await cluster.start();
      say(
        `Started ${serviceNames.join(', ')} on CPU ${cpu}; their pods are in ${join(values.folder, 'pods.json')}`,
      );
      break;
    case 'stop':
      await cluster.stop();
      break;
    case 'status':
      showStatus(cluster.status(), values.json);
      break;
    case 'scale':
      await cluster.scale(knownService(operands[0]), replicas(operands[1]));
      break;
    case 'move-load':
      await cluster.moveLoad(knownService(operands[0]));
      break;
    default:
      throw new Problem(`There is no command '${command}'.\n\n${usage}`);
  }
});

function showStatus(rows, json) {
  if (json) {
    say(JSON.stringify(rows));
    return;
  }
  if (rows.length === 0) say('The demo is not running.');
  for (const { service, container, pids } of rows) {
    say(`${service.padEnd(14)} ${container.padEnd(14)} ${pids.join(' ')}`);
  }
}

function knownService(name) {
  if (serviceNames.includes(name)) return name;
  throw new Problem(
    `'${name ?? ''}' is not a service of the demo. They are: ${serviceNames.join(', ')}.`,
  );
}

function replicas(text) {
  if (text === '0' || text === '1') return Number(text);
  throw new Problem('A service of the demo has 0 or 1 pods.');
}
