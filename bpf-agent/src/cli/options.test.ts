import { hostname } from 'node:os';
import { parseCommand, UsageError } from './options';

const parse = (line: string, env = {}) =>
  parseCommand(line === '' ? [] : line.split(' '), env);

it('every flag of run has its place', () => {
  expect(
    parse(
      'run --cluster c --node n --pods p --pod-labels a,b --interval 2.5 --frames f --endpoint http://e --header x=1 --header y=2 --token t --token-file tf --queue-mib 1 --temporality cumulative --protocol http/json --compression none --timeout 3 --host-root /host --exporter prometheus --listen 0.0.0.0:1',
    ),
  ).toEqual({
    command: 'run',
    cluster: 'c',
    node: 'n',
    podsPath: 'p',
    podLabels: ['a', 'b'],
    hostRoot: '/host',
    sensorPath: undefined,
    budgetShare: undefined,
    framesPath: 'f',
    intervalSeconds: 2.5,
    endpoint: 'http://e',
    headers: ['x=1', 'y=2'],
    token: 't',
    tokenFile: 'tf',
    queueBytes: 1048576,
    exporter: 'prometheus',
    listen: '0.0.0.0:1',
    temporality: 'cumulative',
    protocol: 'http/json',
    compression: 'none',
    timeoutSeconds: '3',
  });
});

it('there are defaults', () => {
  expect(parse('run')).toMatchObject({
    node: hostname(),
    intervalSeconds: 10,
    hostRoot: '/',
    podLabels: expect.arrayContaining(['backstage.io/kubernetes-id', 'app']),
  });
  expect(parse('snapshot')).toMatchObject({ seconds: 10 });
});

it('the budget is a share of a core, and 0 is one', () => {
  expect(parse('run --budget 0.005')).toMatchObject({ budgetShare: 0.005 });
  expect(parse('run --budget 0')).toMatchObject({ budgetShare: 0 });
  expect(parse('snapshot --budget 1')).toMatchObject({ budgetShare: 1 });
});

it('the token may come from the environment, and a flag goes first', () => {
  const env = { CONTENTION_AGENT_TOKEN: 'secret' };
  expect(parse('run', env)).toMatchObject({ token: 'secret' });
  expect(parse('run --token other', env)).toMatchObject({ token: 'other' });
});

it('help and version are commands and flags', () => {
  for (const line of ['--help', '-h', 'help', 'run --help']) {
    expect(parse(line)).toEqual({ command: 'help' });
  }
  expect(parse('--version')).toEqual({ command: 'version' });
});

it.each([
  ['', 'what to do? run or snapshot'],
  ['runn', 'there is no command "runn": run or snapshot'],
  ['run --intervall 5', "Unknown option '--intervall'"],
  ['run --interval 0', '--interval "0" is no positive number'],
  ['run --interval soon', '--interval "soon" is no positive number'],
  ['run --interval 0.01', '--interval takes seconds, from 0.1 to 3600'],
  ['run --pods', "Option '--pods <value>' argument missing"],
  ['run --pods=', '--pods is empty'],
  ['run extra', "Unexpected argument 'extra'"],
  ['run --frames - --sensor-path x', 'exclude each other'],
  ['run --frames - --budget 0', 'give it to the sensor'],
  ['run --budget 1.5', '--budget takes a share of one core, from 0 to 1'],
  ['run --budget 1%', '--budget takes a share of one core, from 0 to 1'],
  ['snapshot --seconds 1.5', 'whole seconds'],
  ['snapshot --endpoint http://x', "Unknown option '--endpoint'"],
])('"%s" is refused in one clear sentence', (line, message) => {
  expect(() => parse(line)).toThrow(UsageError);
  expect(() => parse(line)).toThrow(message);
});
