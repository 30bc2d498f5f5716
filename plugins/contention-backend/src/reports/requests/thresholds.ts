/** Where a number about requests becomes worth saying. Each with its reason, as in ../thresholds.ts. */

/** Of fewer requests than this not even the slowest tenth is more than chance: five. */
export const LEAST_REQUESTS = 50;

/** From here on the slowest hundredth is told, of ten requests or more; below, the slowest tenth. */
export const REQUESTS_FOR_A_HUNDREDTH = 1_000;

/** A p99 of half as much again is slower: days of one service differ by less, and buckets by a tenth of it. */
export const SLOWER = 1.5;

/** ... and by a millisecond at least, which nobody behind a network notices. */
export const LEAST_SLOWER_SECONDS = 1e-3;

/** Where nothing is known to compare with, slow ones that take this many times the median are worth explaining. */
export const SPREAD = 3;

/** Something that holds slow requests up is told from this part of their time on: without it they would be a third faster. */
export const HELD_PART = 0.3;

/** From here on it is most of them. */
export const SERIOUS_PART = 0.5;

/** Parts below this are not worth a word in a sentence. */
export const NAMED_PART = 0.05;

/** Parts in one sentence. */
export const MAX_NAMED_PARTS = 3;

/** A window with fewer requests than this has no p99 that says anything. */
export const LEAST_REQUESTS_IN_WINDOW = 5;

/** A change this long before the start of a slow stretch may be why. */
export const CHANGE_BEFORE_MS = 5 * 60_000;

/** Below this, what the parts of a band lack is within what its time, which is read from buckets, may be wrong by. */
export const LEAST_MISSING_PART = 0.1;
