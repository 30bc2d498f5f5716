import { exportConfig, resourceAttributes } from './config';

const url = (env: Record<string, string>, endpoint?: string) =>
  exportConfig(env, { endpoint }).url.href;

describe('the endpoint', () => {
  it('is a local Collector by default', () => {
    expect(url({})).toBe('http://localhost:4318/v1/metrics');
  });
  it('gets the metrics path if it is the general one', () => {
    expect(
      url({ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://x/api/contention/otlp/' }),
    ).toBe('https://x/api/contention/otlp/v1/metrics');
  });
  it('is used as it is if it is the one for metrics, which goes first', () => {
    expect(
      url({
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a',
        OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://b/m',
      }),
    ).toBe('http://b/m');
  });
  it('may be a flag, which goes before everything', () => {
    const env = { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://b/m' };
    expect(url(env, 'http://c')).toBe('http://c/v1/metrics');
    expect(url(env, 'http://c/v1/metrics')).toBe('http://c/v1/metrics');
  });
  it('counts as not set when it is empty', () => {
    expect(
      url({
        OTEL_EXPORTER_OTLP_ENDPOINT: '',
        OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: '',
      }),
    ).toBe('http://localhost:4318/v1/metrics');
  });
});

describe('the standard variables', () => {
  it('are read, the one for metrics first', () => {
    expect(
      exportConfig(
        {
          OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
          OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'http/json',
          OTEL_EXPORTER_OTLP_COMPRESSION: 'none',
          OTEL_EXPORTER_OTLP_TIMEOUT: '2500',
          OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'Cumulative',
          OTEL_EXPORTER_OTLP_HEADERS: 'X-Tenant=a%20b,x-both=general',
          OTEL_EXPORTER_OTLP_METRICS_HEADERS: 'x-both=metrics',
          OTEL_EXPORTER_OTLP_CERTIFICATE: '/ca.pem',
        },
        { headers: ['X-Flag=c=d'] },
      ),
    ).toMatchObject({
      protocol: 'http/json',
      compression: 'none',
      timeoutMs: 2500,
      temporality: 'cumulative',
      headers: { 'x-tenant': 'a b', 'x-both': 'metrics', 'x-flag': 'c=d' },
      certificatePath: '/ca.pem',
    });
  });

  it('have their standard defaults, and delta', () => {
    expect(exportConfig({}, {})).toMatchObject({
      protocol: 'http/protobuf',
      compression: 'gzip',
      timeoutMs: 10_000,
      temporality: 'delta',
      headers: {},
    });
  });

  it('lowmemory means delta here', () => {
    expect(exportConfig({}, { temporality: 'lowmemory' }).temporality).toBe(
      'delta',
    );
  });

  it('of resources are percent-decoded', () => {
    expect(
      resourceAttributes({
        OTEL_RESOURCE_ATTRIBUTES:
          'team=a%2Cb, deployment.environment.name=live',
      }),
    ).toEqual({ team: 'a,b', 'deployment.environment.name': 'live' });
  });

  it.each([
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, 'protocol "grpc"'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4317' }, 'no http(s) URL'],
    [{ OTEL_EXPORTER_OTLP_TIMEOUT: 'soon' }, 'OTEL_EXPORTER_OTLP_TIMEOUT'],
    [{ OTEL_EXPORTER_OTLP_HEADERS: 'novalue' }, 'not key=value'],
    [{ OTEL_EXPORTER_OTLP_HEADERS: 'a=%zz' }, 'not percent-encoded'],
  ])('with nonsense in them are refused by name: %j', (env, message) => {
    expect(() => exportConfig(env, {})).toThrow(message);
  });
});
