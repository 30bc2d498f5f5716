/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who occupied a CPU, as a ring of segments: each begins at its start and ends where the next one begins. Pure
 * arithmetic on one CPU's ring; knows no kernel structure.
 *
 * Neighbours with the same occupant are one segment, so threads of one container that take turns cost one entry.
 */
#pragma once

#define LOG_SEGMENTS 512 /* a power of two */

struct segment {
	__u64 start; /* run-queue clock, ns */
	__u64 occupant; /* what.h */
};

struct log {
	__u64 pushed; /* segments ever pushed; the newest is at (pushed - 1) % LOG_SEGMENTS */
	struct segment segments[LOG_SEGMENTS];
};

static __always_inline struct segment *log_newest(struct log *log)
{
	return &log->segments[(log->pushed - 1) & (LOG_SEGMENTS - 1)];
}

/* From start on, occupant has the CPU. Starts never go backwards. */
static __always_inline void log_push(struct log *log, __u64 start, __u64 occupant)
{
	struct segment *next = &log->segments[log->pushed & (LOG_SEGMENTS - 1)];

	next->start = start;
	next->occupant = occupant;
	log->pushed++;
}

/*
 * Cuts the newest piece off the interval [from, to): the part of it that lies in the segment `back` places before the
 * newest. Returns where that piece starts (the next call's `to`); a piece may be empty. Past the oldest segment that the
 * ring still holds, *occupant is "unattributed" and the piece is all that is left.
 */
static __always_inline __u64 log_cut(struct log *log, __u32 back, __u64 from, __u64 to, __u64 *occupant)
{
	struct segment *segment;

	if (back >= LOG_SEGMENTS || back >= log->pushed) {
		*occupant = what(KIND_UNATTRIBUTED, 0);
		return from;
	}
	segment = &log->segments[(log->pushed - 1 - back) & (LOG_SEGMENTS - 1)];
	*occupant = segment->occupant;
	if (segment->start >= to)
		return to;
	return segment->start > from ? segment->start : from;
}
