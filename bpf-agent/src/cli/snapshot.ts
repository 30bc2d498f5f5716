/** `contention-agent snapshot`: one window as one OTLP/JSON request on standard output. */
import { stderrLog as log } from '../log';
import { LossCounter } from '../losses';
import { Accumulator } from '../metrics/accumulator';
import { encodeJson } from '../otlp/json';
import { ProcessSource } from '../sensor/processSource';
import { IDLE_SERIES_NS } from './defaults';
import { openPipeline } from './openPipeline';
import type { SnapshotOptions } from './options';
import { findSensor } from './sensorPath';
import { SCOPE } from './version';

/** Frames come this often, so that a cgroup that lives for a moment is seen and named while it does. */
const STEP_SECONDS = 1;

/** @returns the exit code */
export async function snapshot(
  options: SnapshotOptions,
  signal: AbortSignal,
): Promise<number> {
  const losses = new LossCounter();
  const source = new ProcessSource({
    log,
    losses,
    path: findSensor(options.sensorPath, process.argv[1]),
    intervalSeconds: STEP_SECONDS,
    budgetShare: options.budgetShare,
    onExit: 'throw',
  });
  const pipeline = openPipeline(options, { log, losses }, false);
  const lengthNs = BigInt(options.seconds) * 1_000_000_000n;
  const whole = new Accumulator({
    temporality: 'delta',
    idleNs: IDLE_SERIES_NS + lengthNs,
  });
  let coveredNs = 0n;
  // Edges are a little late or early: the one nearest to the wanted end is it.
  const slackNs = (BigInt(STEP_SECONDS) * 1_000_000_000n) / 2n;
  for await (const frame of source.frames(signal)) {
    const window = await pipeline.take(frame);
    if (!window) continue;
    const { startUnixNs, endUnixNs } = window;
    whole.add(window);
    // Not from the first start: the wall clock may have been set since.
    coveredNs += endUnixNs - startUnixNs;
    if (coveredNs + slackNs < lengthNs) continue;
    const request = encodeJson(
      whole.request(endUnixNs, endUnixNs - coveredNs),
      SCOPE,
    );
    await new Promise<void>((resolve, reject) => {
      process.stdout.write(`${JSON.stringify(request)}\n`, error =>
        error ? reject(error) : resolve(),
      );
    });
    return 0;
  }
  log.warn('stopped before the window was over');
  return 1;
}
