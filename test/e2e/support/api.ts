/** The REST interface as a signed-in guest, for checks beside the browser. */
import type { NeighboursReport } from 'backstage-plugin-contention-common';

const BACKEND = 'http://localhost:7007';

async function guestToken(): Promise<string> {
  const response = await fetch(`${BACKEND}/api/auth/guest/refresh`);
  if (!response.ok) throw new Error(`guest sign-in: ${response.status}`);
  const { backstageIdentity } = (await response.json()) as {
    backstageIdentity: { token: string };
  };
  return backstageIdentity.token;
}

/** What held `name` up in the last `seconds`. */
export async function suffered(
  name: string,
  seconds: number,
): Promise<NeighboursReport> {
  const to = Date.now();
  const response = await fetch(
    `${BACKEND}/api/contention/v1/entities/component/default/${name}/neighbours?from=${to - seconds * 1000}&to=${to}`,
    { headers: { authorization: `Bearer ${await guestToken()}` } },
  );
  if (!response.ok)
    throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as NeighboursReport;
}

/** The neighbour that `name` waited longest for in the last `seconds`, with its share of all waiting. */
export async function topNeighbour(
  name: string,
  seconds: number,
): Promise<{ name: string; share: number; owner?: string } | undefined> {
  const { culprits } = await suffered(name, seconds);
  const first = culprits[0];
  return (
    first && {
      name: first.party.name,
      share: first.share,
      owner: first.party.entities[0]?.owner?.title,
    }
  );
}
