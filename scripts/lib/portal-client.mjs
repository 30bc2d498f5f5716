// Asks the running portal what a person who opens a page would be shown.

/** How long one request may take, ms. Compiling the portal for the first time is one request. */
const TIMEOUT_MS = 120_000;

/** The page of a service's neighbours. */
export const neighboursPage = (portal, service) =>
  `${portal}/catalog/default/component/${service}/noisy-neighbours`;

/**
 * What still stands in the way of a page being complete: `backend`, `portal`, `data` or, when nothing does, undefined.
 * `data` is there when the backend, asked as the guest who signs in, names a culprit of `service` and has heard of it
 * after `since` (epoch ms: what an earlier run left does not count). Without a service no data is asked for, and the page
 * is the portal's first.
 */
export async function whatIsMissing({ portal, backend }, service, since) {
  const token = await guestToken(backend);
  if (!token) return 'backend';
  if (service && !(await hasData(backend, service, token, since))) {
    return 'data';
  }
  const page = service ? neighboursPage(portal, service) : portal;
  return (await isServed(page)) ? undefined : 'portal';
}

/** A token as the portal gets it for a guest; undefined while the backend does not answer. */
async function guestToken(backend) {
  const response = await get(`${backend}/api/auth/guest/refresh`);
  if (!response?.ok) return undefined;
  const body = await response.json();
  return body.backstageIdentity?.token;
}

async function hasData(backend, service, token, since) {
  const response = await get(
    `${backend}/api/contention/v1/entities/component/default/${service}/neighbours`,
    { authorization: `Bearer ${token}` },
  );
  if (!response?.ok) return false;
  const { culprits, freshness } = await response.json();
  return culprits?.length > 0 && freshness?.newest > since;
}

/** Whether the page and the scripts that it names are served. */
async function isServed(address) {
  const page = await get(address, { accept: 'text/html' });
  if (!page?.ok) return false;
  const scripts = scriptsOf(await page.text());
  if (scripts.length === 0) return false;
  for (const script of scripts) {
    const response = await get(new URL(script, address).href);
    if (!response?.ok) return false;
    await response.arrayBuffer();
  }
  return true;
}

/** Addresses of the scripts in a page. */
export const scriptsOf = html =>
  [...html.matchAll(/<script[^>]*\ssrc="([^"]+)"/g)].map(match => match[1]);

/** A response, or undefined while nobody listens. */
async function get(url, headers = {}) {
  try {
    return await fetch(url, {
      headers,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    if (error.name === 'TypeError' || error.name === 'TimeoutError') {
      return undefined;
    }
    throw error;
  }
}
