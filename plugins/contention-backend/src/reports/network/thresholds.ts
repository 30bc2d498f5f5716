/** Where a delay of packets becomes worth saying. Each with its reason, as in ../thresholds.ts. */
import { HELD_SHARE } from '../thresholds';

/**
 * A window counts from this mean delay a packet on, for one reason: a request and its answer are two milliseconds slower at
 * least. A link that is not full holds a packet back for some tens of microseconds.
 */
export const LEAST_DELAY_SECONDS = 1e-3;

/** From here on everybody behind it notices: a request and its answer are twenty milliseconds slower. */
export const SERIOUS_DELAY_SECONDS = 10e-3;

/** Fewer packets than this are chance, however long they stood. */
export const LEAST_PACKETS = 50;

/**
 * What a packet's delay is held against, so that `HELD_SHARE` of it is the least delay: packets want nothing that could be
 * measured, as threads want to run.
 */
export const HELD_AGAINST_SECONDS = LEAST_DELAY_SECONDS / HELD_SHARE;

/** `SERIOUS_DELAY_SECONDS` as a share of that. */
export const SERIOUS_DELAY_SHARE = SERIOUS_DELAY_SECONDS / HELD_AGAINST_SECONDS;

/** The p99 is told beside the median, or the mean, where it is that many times as long. */
export const TOLD_P99 = 1.5;
