/** How alike two names are, for "did you mean". Pure. */

/** Names that are less alike than this are no help. */
const LEAST = 0.5;

/** Longer names are compared by their beginning. */
const MOST_CHARACTERS = 80;

/** What a pod's name says of its workload: without what a replica set, a job or a stateful set appended. */
export function withoutPodSuffix(pod: string): string {
  return pod
    .replace(/-[a-z0-9]{5}$/, '')
    .replace(/-[a-f0-9]{6,10}$/, '')
    .replace(/-\d+$/, '');
}

/** 0 (nothing in common) to 1 (the same). */
export function likeness(a: string, b: string): number {
  const [left, right] = [a, b].map(text =>
    text.toLowerCase().slice(0, MOST_CHARACTERS),
  );
  const longest = Math.max(left.length, right.length);
  if (longest === 0) return 1;
  // One within the other is what is left when somebody knows half of a name.
  const isPart =
    Math.min(left.length, right.length) >= 3 &&
    (left.includes(right) || right.includes(left));
  return Math.max(isPart ? 0.7 : 0, 1 - edits(left, right) / longest);
}

/** The most alike first. */
export function mostAlike<T>(
  wanted: string,
  items: Iterable<T>,
  namesOf: (item: T) => readonly string[],
  most: number,
): T[] {
  return [...items]
    .map(item => ({
      item,
      value: Math.max(...namesOf(item).map(name => likeness(wanted, name))),
    }))
    .filter(({ value }) => value >= LEAST)
    .sort((a, b) => b.value - a.value)
    .slice(0, most)
    .map(({ item }) => item);
}

/** Levenshtein's distance. */
function edits(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      current[j] = Math.min(
        previous[j] + 1,
        current[j - 1] + 1,
        previous[j - 1] + same,
      );
    }
    previous = current;
  }
  return previous[b.length];
}
