import { outlets } from './config';

const LOCAL = { host: 'localhost', port: 9464 };

it('without anything said, all is sent and no port is open', () => {
  expect(outlets({}, {})).toEqual({ push: true });
  expect(outlets({ OTEL_METRICS_EXPORTER: '' }, {})).toEqual({ push: true });
});

it.each([
  ['otlp', { push: true }],
  ['prometheus', { push: false, listen: LOCAL }],
  ['otlp,prometheus', { push: true, listen: LOCAL }],
  [' Prometheus , OTLP', { push: true, listen: LOCAL }],
])('%s, by the variable or by the flag', (given, expected) => {
  expect(outlets({ OTEL_METRICS_EXPORTER: given }, {})).toEqual(expected);
  expect(outlets({}, { exporter: given })).toEqual(expected);
});

it('flags go before variables', () => {
  const env = {
    OTEL_METRICS_EXPORTER: 'otlp',
    OTEL_EXPORTER_PROMETHEUS_HOST: '10.0.0.1',
    OTEL_EXPORTER_PROMETHEUS_PORT: '1000',
  };
  expect(outlets(env, { exporter: 'prometheus' }).listen).toEqual({
    host: '10.0.0.1',
    port: 1000,
  });
  expect(
    outlets(env, { exporter: 'prometheus', listen: '0.0.0.0:2000' }).listen,
  ).toEqual({ host: '0.0.0.0', port: 2000 });
});

it.each([
  ['127.0.0.1:0', { host: '127.0.0.1', port: 0 }],
  ['[::1]:9464', { host: '::1', port: 9464 }],
  ['node-1:80', { host: 'node-1', port: 80 }],
  ['8080', { host: 'localhost', port: 8080 }],
])('--listen %s', (listen, expected) => {
  expect(outlets({}, { exporter: 'prometheus', listen }).listen).toEqual(
    expected,
  );
});

it.each([
  [{}, { exporter: 'console' }, /--exporter "console"/],
  [{ OTEL_METRICS_EXPORTER: 'none' }, {}, /OTEL_METRICS_EXPORTER "none"/],
  [{}, { exporter: 'prometheus', listen: 'x:y' }, /--listen "y"/],
  [{}, { exporter: 'prometheus', listen: '::1:80' }, /HOST:PORT/],
  [{}, { exporter: 'prometheus', listen: 'x:70000' }, /--listen "70000"/],
  [{}, { listen: ':9464' }, /--exporter prometheus/],
  [
    { OTEL_METRICS_EXPORTER: 'prometheus', OTEL_EXPORTER_PROMETHEUS_PORT: 'a' },
    {},
    /OTEL_EXPORTER_PROMETHEUS_PORT "a"/,
  ],
])('%j with %j is refused by name', (env, flags, message) => {
  expect(() => outlets(env, flags)).toThrow(message);
});
