/** The address of what is shown, with absolute times: role, selection, direction and cluster are in it already. */
import { absoluteRange, withRange } from '../range/range';

export function permalinkHere(
  href: string,
  shown: { from: number; to: number },
): string {
  const url = new URL(href);
  url.search = withRange(
    url.searchParams,
    absoluteRange(shown.from, shown.to),
  ).toString();
  return url.toString();
}
