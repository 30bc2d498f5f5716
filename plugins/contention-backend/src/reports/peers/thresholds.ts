/** Where something about a peer becomes worth saying. Each with its reason; none is a knob. */

/**
 * Segments sent again, of those sent. Below one percent a request of ten segments meets a loss once in ten times at most, and
 * networks lose that much when nothing is wrong; a loss at the end of an answer costs 200 ms or more.
 */
export const LOSS_SHARE = 0.01;
/** TCP moves at most about 1.2 segments per round trip and root of the loss: at 5 % that is five segments a round trip. */
export const SERIOUS_LOSS_SHARE = 0.05;
/** ... but not for a handful of segments. */
export const LOST_SEGMENTS = 10;

/** Connections that fail, of those tried: one in a hundred is felt by whoever has no retry. */
export const FAILURE_SHARE = 0.01;
/** One in ten is an outage for somebody. */
export const SERIOUS_FAILURE_SHARE = 0.1;
/** A rolling restart refuses one or two. */
export const FAILED_CONNECTIONS = 3;

/** A closed window is the answer to a slow reader; once in ten seconds is no hiccup any more. */
export const CLOSED_WINDOWS_PER_MINUTE = 6;

/** Look-ups that get no answer or a refusal, of all: a name is looked up before nearly everything. */
export const LOOKUP_FAILURE_SHARE = 0.01;
export const SERIOUS_LOOKUP_FAILURE_SHARE = 0.1;
export const FAILED_LOOKUPS = 3;
