/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cuts an interval into pieces by who had the CPU in each nanosecond of it. Pure arithmetic on one CPU's log and intrusions.
 *
 * First the intrusions, newest first, each to its taker; then the segments, to their occupants, without what was taken in
 * them. Every piece comes out of what is left of the interval, so that the pieces never add up to more than it; what is
 * left at last could not be known. charge() in results.bpf.c says in which order these are called.
 *
 * Whoever includes this defines log_sink(): what becomes of a piece.
 */
#pragma once

#include "log.h"
#include "intrusions.h"

/* Takes ns of an interval for the occupant who had the CPU then. */
static __always_inline void log_sink(__u32 slot, __u64 victim, __u64 occupant, __u64 ns);

static __always_inline void interval_give(struct interval *rest, __u64 occupant, __u64 ns)
{
	if (ns > rest->left)
		ns = rest->left;
	if (!ns)
		return;
	rest->left -= ns;
	log_sink(rest->slot, rest->victim, occupant, ns);
}

/* Intrusions that follow each other are mostly of one taker: they are given to the sink as one. */
static __always_inline void interval_took(struct interval *rest, __u64 taker, __u64 ns)
{
	if (rest->taker != taker) {
		interval_give(rest, rest->taker, rest->taker_ns);
		rest->taker = taker;
		rest->taker_ns = 0;
	}
	rest->taker_ns += ns;
}

/* Begins with [from, to). A thread may leave the queue in the middle of an interrupt: that is the newest intrusion. */
static __always_inline void charge_begin(const struct interrupts *i, struct interval *rest, __u32 slot, __u64 victim,
					 __u64 from, __u64 to)
{
	__u64 since = i->hard_since ? i->hard_since : i->soft_since;
	__u64 taker = i->hard_since ? what(KIND_INTERRUPT, 0) : i->soft_taker;

	rest->slot = slot;
	rest->victim = victim;
	rest->from = from;
	rest->to = to;
	rest->left = to - from;
	rest->newest = *(const volatile __u64 *)&i->pushed;
	rest->taken = i->taken;
	rest->known_from = i->end > from ? ~0ull : from;
	rest->unknown = 0;
	rest->taker = 0;
	rest->taker_ns = 0;
	if (!since)
		return;
	since = interrupts_clock(i, since);
	if (since < i->end)
		since = i->end;
	if (since >= to)
		return;
	rest->taken += to - since;
	interval_took(rest, taker, to - (since > from ? since : from));
}

/* Gives the intrusion `back` places before the newest to its taker, as far as it lies in the interval. */
static __always_inline void charge_intrusion(const struct interrupts *i, struct interval *rest, __u64 back)
{
	__u64 index = rest->newest - 1 - back;
	struct intrusion intrusion = i->ring[index & (INTRUSIONS - 1)];
	__u64 start, end;

	barrier();
	if (back >= rest->newest) {
		rest->known_from = rest->from; /* there was none before */
		return;
	}
	if (*(const volatile __u64 *)&i->pushed > index + INTRUSIONS) {
		rest->known_from = rest->from; /* overwritten, by now */
		rest->unknown = ~0ull;
		return;
	}
	start = intrusion.start > rest->from ? intrusion.start : rest->from;
	end = intrusion.end < rest->to ? intrusion.end : rest->to;
	if (intrusion.end > rest->to)
		rest->taken = without(rest->taken,
				      intrusion.end - (intrusion.start > rest->to ? intrusion.start : rest->to));
	if (start < end)
		interval_took(rest, intrusion.taker, end - start);
	rest->known_from = intrusion.end > rest->from ? intrusion.start : rest->from;
}

/*
 * The same for the block of a level, `back` places before its newest. Its parts are known only as a whole, and are left out
 * if the interval begins or ends inside it.
 */
static __always_inline void charge_older(struct interrupts *i, struct interval *rest, __u32 level, __u64 back)
{
	const struct block *block = older_block(i, level, i->older[level & (OLDER_LEVELS - 1)].begun - 1 - back);
	__u64 until = rest->known_from;

	if (*(const volatile __u64 *)&i->pushed != rest->newest) {
		rest->known_from = rest->from; /* they may have changed under our eyes */
		rest->unknown = ~0ull;
		return;
	}
	rest->known_from = block->start;
	if (until > rest->to)
		rest->taken = without(rest->taken, block->ns);
	if (block->start >= rest->to)
		return;
	if (until > rest->to || block->start < rest->from) {
		rest->unknown += block->ns;
		return;
	}
	for (__u32 part = 0; part < BLOCK_PARTS; part++)
		if (block->part[part].ns)
			interval_took(rest, block->part[part].occupant, block->part[part].ns);
}

/* Ends the intrusions: if the oldest that we know are younger than the interval, older ones have been forgotten. */
static __always_inline void charge_taken(const struct interrupts *i, struct interval *rest)
{
	if (rest->known_from > rest->from && i->older[OLDER_LEVELS - 1].begun > LOG_BLOCKS)
		rest->unknown = ~0ull;
	interval_give(rest, rest->taker, rest->taker_ns);
}

/* Gives the newest part of the interval that lies in the segment `back` places before the newest to the sink. */
static __always_inline void charge_segment(struct log *log, struct interval *rest, __u64 back)
{
	struct segment *segment = log_at(log, log->pushed - 1 - back);
	__u64 taken = without(rest->taken, segment->taken);
	__u64 ns;

	if (back >= log->pushed || segment->start >= rest->to)
		return;
	if (segment->start > rest->from) {
		interval_give(rest, segment->occupant, without(rest->to - segment->start, taken));
		rest->to = segment->start;
		rest->taken -= taken;
		return;
	}
	/* The interval begins in this one: what is left of it is its occupant's, but for intrusions that were forgotten. */
	ns = rest->left;
	if (rest->unknown) {
		ns = rest->to - rest->from;
		if (taken > rest->unknown)
			taken = rest->unknown;
		if (taken > ns)
			taken = ns;
		interval_give(rest, what(KIND_UNATTRIBUTED, 0), taken);
		ns -= taken;
	}
	interval_give(rest, segment->occupant, ns);
	/* What intrusions took of newer segments, and of whose we do not know. */
	interval_give(rest, what(KIND_INTERRUPT, 0), rest->left);
	rest->to = rest->from;
}

/*
 * The same for the block `back` places before the newest. Its parts are known only as a whole: if the interval begins
 * inside it, what is left stays.
 */
static __always_inline void charge_block(struct log *log, struct interval *rest, __u64 back)
{
	struct block *block = &log->blocks[(log->blocks_begun - 1 - back) & (LOG_BLOCKS - 1)];

	if (back >= log->blocks_begun || block->start < rest->from || block->start >= rest->to)
		return;
	for (__u32 i = 0; i < BLOCK_PARTS; i++)
		interval_give(rest, block->part[i].occupant, block->part[i].ns);
	rest->to = block->start;
}
