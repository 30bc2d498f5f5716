// Builds what the kernel tests run. Knows only make.
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const agent = join(root, 'bpf-agent');

/**
 * Paths of the programs, built; what each is, the Makefile says. Files of tests that
 * run beside each other wait here.
 */
export function build() {
  execFileSync(
    'flock',
    [
      ...[join(agent, 'Makefile'), 'make', '-s', '-C', agent, 'all'],
      ...[
        'build/oracle-test',
        'build/oracle-test-tight',
        'build/burn-test',
        'build/net-queue-test',
        'build/governor-test',
        'build/pressure-test',
        'build/ledger-test',
        'build/load',
        'build/crowd',
        'build/flood',
        'build/packets',
        'build/request-server',
        'build/request-client',
        'build/serving-test',
        'build/amid-test',
        'build/dns',
        'build/tcp-ends',
        'build/tcp-delay',
        'build/tcp-loss.bpf.o',
        'build/anatomy-lose.bpf.o',
        'build/tcp-peers',
        'build/unread',
      ],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  return {
    sensor: join(agent, 'build/contention-sensor'),
    oracle: join(agent, 'build/oracle-test'),
    tightOracle: join(agent, 'build/oracle-test-tight'),
    burn: join(agent, 'build/burn-test'),
    netQueue: join(agent, 'build/net-queue-test'),
    governor: join(agent, 'build/governor-test'),
    pressure: join(agent, 'build/pressure-test'),
    ledger: join(agent, 'build/ledger-test'),
    load: join(agent, 'build/load'),
    crowd: join(agent, 'build/crowd'),
    flood: join(agent, 'build/flood'),
    packets: join(agent, 'build/packets'),
    server: join(agent, 'build/request-server'),
    client: join(agent, 'build/request-client'),
    serving: join(agent, 'build/serving-test'),
    amid: join(agent, 'build/amid-test'),
    dns: join(agent, 'build/dns'),
    ends: join(agent, 'build/tcp-ends'),
    delay: join(agent, 'build/tcp-delay'),
    peers: join(agent, 'build/tcp-peers'),
    loss: join(agent, 'build/tcp-loss.bpf.o'),
    lose: join(agent, 'build/anatomy-lose.bpf.o'),
    unread: join(agent, 'build/unread'),
  };
}

/** Why the tests that need BPF cannot run here; undefined if they can. */
export function cannotTrace() {
  return process.getuid() === 0 ? undefined : 'needs root';
}
