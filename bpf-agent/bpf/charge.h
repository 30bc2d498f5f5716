/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cuts an interval into pieces by who had the CPU in each nanosecond of it. Pure arithmetic on one CPU's log.
 *
 * Whoever includes this defines log_sink(): what becomes of a piece.
 */
#pragma once

#include "log.h"

/* Takes ns of an interval for the occupant who had the CPU then. */
static __always_inline void log_sink(__u32 slot, __u64 victim, __u64 occupant, __u64 ns);

/*
 * Gives the newest part of [from, to) that lies in the segment `back` places before the newest to the sink; returns where
 * that part starts, which is the next call's `to`.
 */
static __always_inline __u64 log_cut_segment(struct log *log, __u64 back, __u32 slot, __u64 victim, __u64 from, __u64 to)
{
	struct segment *segment = log_at(log, log->pushed - 1 - back);
	__u64 start = segment->start > from ? segment->start : from;

	if (start >= to)
		return to;
	log_sink(slot, victim, segment->occupant, to - start);
	return start;
}

/*
 * The same for the block `back` places before the newest. Its parts are known only as a whole: if the interval begins
 * inside it, what is left of the interval is unattributed.
 */
static __always_inline __u64 log_cut_block(struct log *log, __u64 back, __u32 slot, __u64 victim, __u64 from, __u64 to)
{
	struct block *block = &log->blocks[(log->blocks_begun - 1 - back) & (LOG_BLOCKS - 1)];

	if (block->start < from)
		return to;
	for (__u32 i = 0; i < BLOCK_PARTS; i++)
		if (block->part[i].ns)
			log_sink(slot, victim, block->part[i].occupant, block->part[i].ns);
	return block->start;
}

/*
 * Gives all of [from, to) to the sink, piece by piece, newest first. `to` is not before the newest segment's start. Returns
 * the ns of it that the log does not reach back to, or not exactly; they are given as unattributed.
 */
static __always_inline __u64 log_charge(struct log *log, __u32 slot, __u64 victim, __u64 from, __u64 to)
{
	for (__u64 back = 0; back < LOG_SEGMENTS && back < log->pushed && from < to; back++)
		to = log_cut_segment(log, back, slot, victim, from, to);
	for (__u64 back = 0; back < LOG_BLOCKS && back < log->blocks_begun && from < to; back++) {
		__u64 start = log_cut_block(log, back, slot, victim, from, to);

		if (start == to)
			break;
		to = start;
	}
	if (from < to)
		log_sink(slot, victim, what(KIND_UNATTRIBUTED, 0), to - from);
	return to - from;
}
