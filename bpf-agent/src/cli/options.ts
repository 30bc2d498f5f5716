/** The command line. Pure: reads the arguments it is given, says what is wrong with them in one sentence. */
import { hostname } from 'node:os';
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { DEFAULT_POD_LABELS } from './defaults';

/** A mistake of the user's: its message is all there is to say. */
export class UsageError extends Error {}

const IDENTITY_FLAGS = {
  cluster: { type: 'string' },
  node: { type: 'string' },
  pods: { type: 'string' },
  'pod-labels': { type: 'string' },
  'host-root': { type: 'string' },
  'sensor-path': { type: 'string' },
  budget: { type: 'string' },
} as const;

const RUN_FLAGS = {
  ...IDENTITY_FLAGS,
  frames: { type: 'string' },
  interval: { type: 'string' },
  endpoint: { type: 'string' },
  protocol: { type: 'string' },
  compression: { type: 'string' },
  timeout: { type: 'string' },
  temporality: { type: 'string' },
  header: { type: 'string', multiple: true },
  token: { type: 'string' },
  'token-file': { type: 'string' },
  'queue-mib': { type: 'string' },
  exporter: { type: 'string' },
  listen: { type: 'string' },
} as const;

const SNAPSHOT_FLAGS = {
  ...IDENTITY_FLAGS,
  seconds: { type: 'string' },
} as const;

export interface IdentityOptions {
  cluster?: string;
  node: string;
  podsPath?: string;
  podLabels: string[];
  hostRoot: string;
  sensorPath?: string;
  /** What the kernel programs may cost, as the sensor's own flag; its default stands where this is absent. */
  budgetShare?: number;
}

export interface RunOptions extends IdentityOptions {
  command: 'run';
  framesPath?: string;
  intervalSeconds: number;
  endpoint?: string;
  protocol?: string;
  compression?: string;
  timeoutSeconds?: string;
  temporality?: string;
  headers: string[];
  token?: string;
  tokenFile?: string;
  queueBytes: number;
  exporter?: string;
  listen?: string;
}

export interface SnapshotOptions extends IdentityOptions {
  command: 'snapshot';
  seconds: number;
}

export type Command =
  RunOptions | SnapshotOptions | { command: 'help' } | { command: 'version' };

function positive(flag: string, given: string): number {
  const value = Number(given);
  if (given.trim() === '' || !(value > 0) || !Number.isFinite(value)) {
    throw new UsageError(
      `${flag} ${JSON.stringify(given)} is no positive number`,
    );
  }
  return value;
}

/** The sensor's own bounds. */
function interval(given: string): number {
  const seconds = positive('--interval', given);
  if (seconds < 0.1 || seconds > 3600) {
    throw new UsageError('--interval takes seconds, from 0.1 to 3600');
  }
  return seconds;
}

/** The sensor's own bounds. */
function budget(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const share = Number(given);
  if (given.trim() === '' || !(share >= 0 && share <= 1)) {
    throw new UsageError('--budget takes a share of one core, from 0 to 1');
  }
  return share;
}

type FlagValues = Record<string, string | string[] | boolean | undefined>;

function readFlags(
  args: string[],
  flags: typeof RUN_FLAGS | typeof SNAPSHOT_FLAGS,
): FlagValues {
  try {
    const options: ParseArgsOptionsConfig = flags;
    return parseArgs({ args, options, strict: true }).values as FlagValues;
  } catch (error) {
    // Node's sentences name the flag; the rest of them explains `--`, which nobody here asked about.
    throw new UsageError((error as Error).message.split('. ')[0]);
  }
}

function text(values: FlagValues, flag: string): string | undefined {
  const value = values[flag];
  if (value === '') throw new UsageError(`--${flag} is empty`);
  return typeof value === 'string' ? value : undefined;
}

function identity(values: FlagValues): IdentityOptions {
  return {
    cluster: text(values, 'cluster'),
    node: text(values, 'node') ?? hostname(),
    podsPath: text(values, 'pods'),
    podLabels: text(values, 'pod-labels')
      ?.split(',')
      .map(label => label.trim())
      .filter(label => label !== '') ?? [...DEFAULT_POD_LABELS],
    hostRoot: text(values, 'host-root') ?? '/',
    sensorPath: text(values, 'sensor-path'),
    budgetShare: budget(text(values, 'budget')),
  };
}

function runOptions(
  args: string[],
  env: Record<string, string | undefined>,
): RunOptions {
  const values = readFlags(args, RUN_FLAGS);
  const framesPath = text(values, 'frames');
  const options = identity(values);
  if (framesPath !== undefined && options.sensorPath !== undefined) {
    throw new UsageError('--frames and --sensor-path exclude each other');
  }
  if (framesPath !== undefined && options.budgetShare !== undefined) {
    throw new UsageError(
      '--budget is for a sensor that the agent starts: with --frames, give it to the sensor',
    );
  }
  const token =
    text(values, 'token') ?? (env.CONTENTION_AGENT_TOKEN || undefined);
  return {
    command: 'run',
    ...options,
    framesPath,
    intervalSeconds: interval(text(values, 'interval') ?? '10'),
    endpoint: text(values, 'endpoint'),
    protocol: text(values, 'protocol'),
    compression: text(values, 'compression'),
    timeoutSeconds: text(values, 'timeout'),
    temporality: text(values, 'temporality'),
    headers: (values.header as string[] | undefined) ?? [],
    token,
    tokenFile: text(values, 'token-file'),
    queueBytes:
      positive('--queue-mib', text(values, 'queue-mib') ?? '16') * 2 ** 20,
    exporter: text(values, 'exporter'),
    listen: text(values, 'listen'),
  };
}

function snapshotOptions(args: string[]): SnapshotOptions {
  const values = readFlags(args, SNAPSHOT_FLAGS);
  const seconds = positive('--seconds', text(values, 'seconds') ?? '10');
  if (!Number.isInteger(seconds)) {
    throw new UsageError('--seconds takes whole seconds');
  }
  return { command: 'snapshot', ...identity(values), seconds };
}

/**
 * @param args - without program and script
 * @throws UsageError
 */
export function parseCommand(
  args: string[],
  env: Record<string, string | undefined>,
): Command {
  const [command, ...rest] = args;
  if (args.includes('--help') || args.includes('-h') || command === 'help') {
    return { command: 'help' };
  }
  if (command === '--version' || command === 'version') {
    return { command: 'version' };
  }
  if (command === 'run') return runOptions(rest, env);
  if (command === 'snapshot') return snapshotOptions(rest);
  throw new UsageError(
    command === undefined
      ? 'what to do? run or snapshot'
      : `there is no command ${JSON.stringify(command)}: run or snapshot`,
  );
}
