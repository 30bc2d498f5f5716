/** The official OpenTelemetry exporters as clients of a real server: what they send is what the report shows. */
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { mockCredentials } from '@backstage/backend-test-utils';
import {
  latencyReportSchema,
  METRIC,
} from 'backstage-plugin-contention-common';
import {
  component,
  startContentionBackend,
  temporaryFolder,
} from './__testUtils__/backend';
import { container } from './__testUtils__/otlp';

jest.setTimeout(60_000);

const CLIENT = resolve(__dirname, '__testUtils__/exporterClient.js');

describe.each([
  ['protobuf', '@opentelemetry/exporter-metrics-otlp-proto'],
  ['JSON', '@opentelemetry/exporter-metrics-otlp-http'],
])('the official exporter for %s', (_, exporterPackage) => {
  let folder: ReturnType<typeof temporaryFolder>;
  let backend: Awaited<ReturnType<typeof startContentionBackend>>;

  beforeAll(async () => {
    folder = temporaryFolder();
    backend = await startContentionBackend({
      folder: folder.path,
      entities: [component('checkout')],
    });
  });

  afterAll(async () => {
    await backend.stop();
    folder.remove();
  });

  it.each([
    ['delta', 0, 'none'],
    ['delta', 0, 'gzip'],
    ['cumulative', 1, 'none'],
    ['cumulative', 1, 'gzip'],
  ])(
    'has its histograms and sums counted once (%s)',
    async (temporality, temporalityPreference, compression) => {
      const pod = `checkout-${temporality}-${compression}`;
      const { stdout } = await promisify(execFile)(process.execPath, [
        CLIENT,
        JSON.stringify({
          package: exporterPackage,
          exporter: {
            url: `${backend.url}/otlp/v1/metrics`,
            headers: { authorization: mockCredentials.service.header() },
            compression,
            temporalityPreference,
          },
          resource: container('checkout', { pod }),
          histogram: METRIC.cpuWait,
          counter: METRIC.cpuTime,
          rounds: [
            { record: [0.01, 0.02], add: 0.5 },
            { record: [0.01, 0.02], add: 0.5 },
            { record: [0.01, 0.02], add: 0.5 },
          ],
        }),
      ]);
      const results = JSON.parse(stdout);
      expect(results.length).toBeGreaterThanOrEqual(3);
      for (const result of results) expect(result).toEqual({ code: 0 });

      const { body } = await backend.report('checkout', 'latency', {
        from: Date.now() - 60_000,
        to: Date.now() + 10_000,
      });
      const report = latencyReportSchema.parse(body);
      const row = report.breakdown.find(({ workload }) => workload.pod === pod);
      expect(row).toMatchObject({
        count: 6,
        waitSeconds: expect.closeTo(0.09, 6),
        cpuSeconds: expect.closeTo(1.5, 6),
      });
      expect(row!.p50Seconds).toBeGreaterThan(0.0095);
      expect(row!.p99Seconds).toBeLessThan(0.0215);
    },
  );
});
