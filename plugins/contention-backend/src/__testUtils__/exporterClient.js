/**
 * A program of its own that records with the OpenTelemetry SDK and sends with an official exporter: `node exporterClient.js
 * '<options as JSON>'`. Prints the results of its exports. A process, because the exporters load modules in a way that jest
 * cannot follow.
 */
const { resourceFromAttributes } = require('@opentelemetry/resources');
const {
  AggregationType,
  MeterProvider,
  PeriodicExportingMetricReader,
} = require('@opentelemetry/sdk-metrics');

const options = JSON.parse(process.argv[2]);
const { OTLPMetricExporter } = require(options.package);

async function main() {
  const exporter = new OTLPMetricExporter(options.exporter);
  const results = [];
  const send = exporter.export.bind(exporter);
  exporter.export = (metrics, done) =>
    send(metrics, result => {
      results.push({ code: result.code, error: result.error?.message });
      done(result);
    });
  const provider = new MeterProvider({
    resource: resourceFromAttributes(options.resource),
    views: [
      {
        instrumentName: options.histogram,
        // Few enough buckets that the SDK has to merge down from scale 20, as it does in the field.
        aggregation: {
          type: AggregationType.EXPONENTIAL_HISTOGRAM,
          options: { maxSize: 160 },
        },
      },
    ],
    readers: [
      new PeriodicExportingMetricReader({
        exporter,
        exportIntervalMillis: 3_600_000,
      }),
    ],
  });
  const meter = provider.getMeter('test');
  const histogram = meter.createHistogram(options.histogram, { unit: 's' });
  const counter = meter.createCounter(options.counter, { unit: 's' });
  for (const { record, add } of options.rounds) {
    for (const value of record) histogram.record(value);
    counter.add(add, { 'cpu.mode': 'user' });
    await new Promise(resolve => setTimeout(resolve, 20));
    await provider.forceFlush();
  }
  await provider.shutdown();
  process.stdout.write(JSON.stringify(results));
}

main().catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
