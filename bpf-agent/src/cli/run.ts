/** `contention-agent run`: measure until stopped; send every interval, or let it be scraped. */
import { stderrLog as log } from '../log';
import { LossCounter } from '../losses';
import { outlets } from '../scrape/config';
import type { SourceContext } from '../sensor/frameSource';
import { ProcessSource } from '../sensor/processSource';
import { StreamSource } from '../sensor/streamSource';
import { openPipeline } from './openPipeline';
import type { RunOptions } from './options';
import type { Outlet } from './outlet';
import { openPush } from './push';
import { openScrape } from './scrape';
import { findSensor } from './sensorPath';
import { VERSION } from './version';

async function openOutlets(
  options: RunOptions,
  context: SourceContext,
): Promise<Outlet[]> {
  const { push, listen } = outlets(process.env, options);
  return [
    ...(push ? [await openPush(options, context)] : []),
    ...(listen ? [await openScrape(listen, log)] : []),
  ];
}

/** @returns the exit code */
export async function run(
  options: RunOptions,
  signal: AbortSignal,
): Promise<number> {
  const losses = new LossCounter();
  const context = { log, losses };
  const opened = await openOutlets(options, context);
  const source =
    options.framesPath === undefined
      ? new ProcessSource({
          ...context,
          path: findSensor(options.sensorPath, process.argv[1]),
          intervalSeconds: options.intervalSeconds,
          budgetShare: options.budgetShare,
          onExit: 'again',
        })
      : new StreamSource(options.framesPath, context);
  const pipeline = openPipeline(options, context, true);

  log.info(
    [
      `${VERSION}: node ${options.node}`,
      `cluster ${options.cluster ?? '(none)'}`,
      `pods from ${options.podsPath ?? '(none)'}`,
      `frames from ${source.description}`,
      `every ${options.intervalSeconds} s ${opened
        .map(({ description }) => description)
        .join(' and ')}`,
    ].join(', '),
  );

  for await (const frame of source.frames(signal)) {
    const window = await pipeline.take(frame);
    if (!window) continue;
    for (const outlet of opened) outlet.take(window);
  }

  for (const outlet of opened) await outlet.close();
  return 0;
}
