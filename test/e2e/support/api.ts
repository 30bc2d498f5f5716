/** The REST interface as a signed-in guest, for checks beside the browser. */
import type {
  LatencyReport,
  NeighboursReport,
  Resource,
} from 'backstage-plugin-contention-common';

const BACKEND = 'http://localhost:7007';

async function guestToken(): Promise<string> {
  const response = await fetch(`${BACKEND}/api/auth/guest/refresh`);
  if (!response.ok) throw new Error(`guest sign-in: ${response.status}`);
  const { backstageIdentity } = (await response.json()) as {
    backstageIdentity: { token: string };
  };
  return backstageIdentity.token;
}

/** A time that a report is about, Unix ms. */
interface Range {
  from: number;
  to: number;
}

/** The last `seconds`. */
function last(seconds: number): Range {
  const to = Date.now();
  return { from: to - seconds * 1000, to };
}

const rangeOf = (range: Range | number): Range =>
  typeof range === 'number' ? last(range) : range;

/** A report on `name` over a range. */
async function report<Report>(
  name: string,
  tab: string,
  { from, to }: Range,
  query: Record<string, string> = {},
): Promise<Report> {
  const range = { from: String(from), to: String(to) };
  const response = await fetch(
    `${BACKEND}/api/contention/v1/entities/component/default/${name}/${tab}?${new URLSearchParams({ ...range, ...query })}`,
    { headers: { authorization: `Bearer ${await guestToken()}` } },
  );
  if (!response.ok)
    throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as Report;
}

/** What held `name` up in a range or the last seconds: its threads, or its packets. */
export function suffered(
  name: string,
  range: Range | number,
  resource: Resource = 'cpu',
): Promise<NeighboursReport> {
  return report(name, 'neighbours', rangeOf(range), { resource });
}

/** Requests of `name` in a range or the last seconds, those that it got or those that it made. */
export function latency(
  name: string,
  range: Range | number,
  role: 'server' | 'client' = 'server',
): Promise<LatencyReport> {
  return report(name, 'latency', rangeOf(range), { role });
}

/** The neighbour that `name` waited longest for in the last `seconds`, with its share of all waiting. */
export async function topNeighbour(
  name: string,
  seconds: number,
  resource: Resource = 'cpu',
): Promise<{ name: string; share: number; owner?: string } | undefined> {
  const { culprits } = await suffered(name, seconds, resource);
  const first = culprits[0];
  return (
    first && {
      name: first.party.name,
      share: first.share,
      owner: first.party.entities[0]?.owner?.title,
    }
  );
}

/** Whether the catalog still has a component. */
export async function isInCatalog(name: string): Promise<boolean> {
  const response = await fetch(
    `${BACKEND}/api/catalog/entities/by-name/component/default/${name}`,
    { headers: { authorization: `Bearer ${await guestToken()}` } },
  );
  if (!response.ok && response.status !== 404)
    throw new Error(`${response.status} ${await response.text()}`);
  return response.ok;
}
