/** Where a number becomes worth saying. Each with its reason; none is a knob, so that a verdict means the same everywhere. */

/**
 * Waiting for one reason counts in a window from this share of the time that the service wanted to run. Below, an average
 * request is less than one twentieth slower, which nobody tells from chance; a busy, healthy node shows 1 to 3 %.
 */
export const HELD_SHARE = 0.05;

/**
 * ... and from this many seconds of waiting a second, one percent of one CPU. A service that hardly runs waits for a large
 * share of very little: 10 ms in every second is what a person could begin to notice.
 */
export const HELD_SECONDS_PER_SECOND = 0.01;

/** From here on a service is badly hurt: one tenth of the time that it wants to run. */
export const SERIOUS_SHARE = 0.1;

/** Windows in between that a stretch bridges: a batch job breathes. Never at its end: what stopped has stopped. */
export const BRIDGED_WINDOWS = 2;

/**
 * A stretch that has ended is told when it lasted this long: shorter ones are over before a person can look. A shorter one is
 * told, too, where it reaches `HELD_SHARE` and `HELD_SECONDS_PER_SECOND` of the whole range.
 */
export const TOLD_SECONDS = 60;

/** Stopped in this share of periods is worth saying even if threads stood still for little of the time: each stop is felt. */
export const THROTTLED_SHARE = 0.01;
/** ... but not for a handful of periods. */
export const THROTTLED_PERIODS = 10;
/** Stopped in a quarter of all periods: every fourth request of 100 ms meets a stop. */
export const SERIOUS_THROTTLED_SHARE = 0.25;

/** What could not be attributed is said from this share of the waiting on. */
export const UNKNOWN_SHARE = 0.05;

/** A culprit that holds this share of all neighbours' part is named alone; below, neighbours are blamed together. */
export const NAMED_SHARE = 0.5;

/** Less data than one interval of the agent says nothing. */
export const LEAST_COVERED_SECONDS = 5;

/** Below this share of what there was to measure, a report says how much was measured, and who was silent. */
export const MEASURED_SHARE = 0.8;

/** A node whose mean CPU is below this looks idle on a dashboard: then the averages hide the waiting. */
export const HIDING_MEAN = 0.8;

/** Nothing for this many intervals in a row is stale. */
export const STALE_INTERVALS = 3;

/**
 * A node is told instead of the whole where the service waits for this many times the share there: half as much again is
 * more than replicas of one service differ by chance.
 */
export const WORSE_NODE = 1.5;
