/** Windows that are added up for whoever scrapes `/metrics`. */
import type { Log } from '../log';
import { Exposition } from '../scrape/exposition';
import { serveMetrics } from '../scrape/server';
import { IDLE_SERIES_NS } from './defaults';
import type { Outlet } from './outlet';
import { VERSION } from './version';

/** @throws with a sentence if it cannot listen there */
export async function openScrape(
  listen: { host: string; port: number },
  log: Log,
): Promise<Outlet> {
  const exposition = new Exposition({
    idleNs: IDLE_SERIES_NS,
    health: () => {
      const { user, system } = process.cpuUsage();
      return {
        version: VERSION,
        startUnixSeconds: Date.now() / 1000 - process.uptime(),
        cpuSeconds: (user + system) / 1e6,
        residentBytes: process.memoryUsage.rss(),
      };
    },
    nowUnixNs: () => BigInt(Date.now()) * 1_000_000n,
  });
  const server = await serveMetrics({
    ...listen,
    families: () => exposition.families(),
    log,
  });
  return {
    description: `for scrapes at ${server.url}`,
    take: window => exposition.take(window),
    close: () => server.close(),
  };
}
