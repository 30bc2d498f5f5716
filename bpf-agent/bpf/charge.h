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

/* Gives the newest part of the interval that lies in the segment `back` places before the newest to the sink. */
static __always_inline void log_cut_segment(struct log *log, struct interval *rest, __u64 back)
{
	struct segment *segment = log_at(log, log->pushed - 1 - back);
	__u64 start = segment->start > rest->from ? segment->start : rest->from;

	if (back >= log->pushed || start >= rest->to)
		return;
	log_sink(rest->slot, rest->victim, segment->occupant, rest->to - start);
	rest->to = start;
}

/*
 * The same for the block `back` places before the newest. Its parts are known only as a whole: if the interval begins
 * inside it, what is left stays.
 */
static __always_inline void log_cut_block(struct log *log, struct interval *rest, __u64 back)
{
	struct block *block = &log->blocks[(log->blocks_begun - 1 - back) & (LOG_BLOCKS - 1)];

	if (back >= log->blocks_begun || block->start < rest->from || block->start >= rest->to)
		return;
	for (__u32 i = 0; i < BLOCK_PARTS; i++)
		if (block->part[i].ns)
			log_sink(rest->slot, rest->victim, block->part[i].occupant, block->part[i].ns);
	rest->to = block->start;
}
