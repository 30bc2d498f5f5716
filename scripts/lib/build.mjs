// Builds what runs outside Backstage: the kernel programs and their loader, the agent, and the demo's workload.
import { join } from 'node:path';
import { runOrFail } from './child.mjs';
import { inCheckout, runFolder } from './checkout.mjs';
import { buildTools } from './debian-packages.mjs';
import { step } from './say.mjs';

/** Makes all that is out of date. `env` is from `environmentFor`. */
export async function build(node, env) {
  const tools = Object.entries(buildTools()).map(
    ([name, path]) => `${name}=${path}`,
  );
  await step('Building the kernel programs and the sensor', () =>
    runOrFail(
      'Building the sensor (make -C bpf-agent)',
      'make',
      ['-C', inCheckout('bpf-agent'), ...tools],
      { env, log: join(runFolder, 'build-sensor.log') },
    ),
  );
  await step('Building the agent', () =>
    runOrFail(
      'Building the agent (bpf-agent/scripts/build.mjs)',
      join(node.bin, 'node'),
      [inCheckout('bpf-agent/scripts/build.mjs')],
      { env, log: join(runFolder, 'build-agent.log') },
    ),
  );
  await step("Building the demo's workload", () =>
    runOrFail(
      "Building the demo's workload (make -C demo)",
      'make',
      ['-C', inCheckout('demo')],
      { env, log: join(runFolder, 'build-demo.log') },
    ),
  );
}
