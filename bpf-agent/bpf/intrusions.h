/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What took a CPU from whoever occupied it: interrupts, and the hypervisor. Pure arithmetic on one CPU's memory; knows no
 * kernel structure. interrupt.h says when an intrusion begins and ends, charge.h who pays for it.
 *
 * An intrusion is a stretch of time with a taker: KIND_INTERRUPT, KIND_SOFTIRQ with the cgroup whose packets were received, or
 * KIND_STEAL. Intrusions are kept beside the log of occupants, not in it: a switch cannot happen inside one, so a segment of
 * the log only notes how much had been taken when it began, and its occupant's share is right whatever the clock of an
 * intrusion is worth. They are pushed when they end, oldest first, and never overlap. Old ones go into blocks, sixteen into
 * one, and old blocks into blocks of eight: 38,000 intrusions in all. A wait that began in the middle of a block cannot
 * tell, of that block's intrusions, what came before it.
 *
 * Clocks: hooks of interrupts read `now` (CLOCK_MONOTONIC); the log is on the run-queue's clock, which they see only as it
 * was when the kernel last refreshed it. The least distance between the two in a short window is that of a fresh look, so an
 * intrusion is placed at most a little too early, never ahead of the queue's clock. Its length is exact.
 *
 * Who writes: hooks of this CPU, without the run-queue's lock. Who reads: a switch on this CPU, which nothing interrupts; and
 * a migration on another CPU, under this one's run-queue lock, while intrusions are pushed. The latter notes how many had
 * been pushed when it began. The entries of the ring that it has yet to read stay what they were until the ring has turned,
 * which it can tell by that number; blocks can be trusted as long as nothing has been pushed at all. What it cannot trust it
 * takes for forgotten. No such race can make the parts of a wait add up to more or less than the wait: what is given away is
 * always taken from what is left (charge.h).
 */
#pragma once

#include "log.h"

#ifndef INTRUSIONS /* tests run with a ring that is soon full */
#define INTRUSIONS 1024 /* a power of two */
#endif
#define OLDER_LEVELS 2
#define OLDER_BLOCKS 8 /* blocks in one of the next level */
#define CLOCK_WINDOW_NS 50000000

#ifndef barrier
#define barrier() __asm__ volatile("" ::: "memory")
#endif

struct intrusion {
	__u64 start, end; /* run-queue clock, ns */
	__u64 taker; /* what.h */
};

struct interrupts {
	/* What goes on now: `now` at which its intrusion began, 0 if there is none; and for the soft one, whose it is. */
	__u64 hard_since;
	__u64 soft_since;
	__u64 soft_taker;
	__u64 receives; /* it receives packets */
	__u64 busy; /* a soft interrupt's hook is writing */
	__u64 late; /* ns of hard interrupts that came meanwhile */
	__u64 stolen; /* ns that the hypervisor took, by the kernel's books, as seen last */
	__u64 stolen_known;
	/* Up to here is one line of a cache: all that an interrupt needs for which nobody waits. */
	__u64 pushed; /* intrusions ever pushed; the newest is at (pushed - 1) % INTRUSIONS */
	__u64 taken; /* ns of them all */
	__u64 end; /* of the newest */
	/* The distance from the run-queue's clock to `now`. */
	__u64 ahead; /* that we go by */
	__u64 ahead_next; /* the least one in this window */
	__u64 window_end; /* `now` at which that is the one to go by */
	struct intrusion ring[INTRUSIONS];
	struct {
		__u64 begun; /* blocks ever begun; the newest is at (begun - 1) % LOG_BLOCKS */
		struct block block[LOG_BLOCKS];
	} older[OLDER_LEVELS];
};

static __always_inline struct block *older_block(struct interrupts *i, __u32 level, __u64 index)
{
	return &i->older[level & (OLDER_LEVELS - 1)].block[index & (LOG_BLOCKS - 1)];
}

/* The newest block of a level, or a new one if that sums up `full` things already. */
static __always_inline struct block *older_room(struct interrupts *i, __u32 level, __u64 full, __u64 start)
{
	struct block *block = older_block(i, level, i->older[level].begun - 1);

	if (i->older[level].begun && block->segments < full)
		return block;
	block = older_block(i, level, i->older[level].begun);
	block_begin(block, start);
	i->older[level].begun++;
	return block;
}

/* Adds the oldest intrusion to the newest block; the oldest block makes room for that, if it must. */
static __always_inline void interrupts_archive(struct interrupts *i, const struct intrusion *oldest)
{
	__u64 begun = i->older[0].begun;
	struct block *block;

	if (begun >= LOG_BLOCKS && older_block(i, 0, begun - 1)->segments >= BLOCK_SEGMENTS) {
		struct block *gone = older_block(i, 0, begun);

		block = older_room(i, 1, OLDER_BLOCKS, gone->start);
		block->segments++;
		for (__u32 part = 0; part < BLOCK_PARTS; part++)
			if (gone->part[part].ns)
				block_add(block, gone->part[part].occupant, gone->part[part].ns);
	}
	block = older_room(i, 0, BLOCK_SEGMENTS, oldest->start);
	block->segments++;
	block_add(block, oldest->taker, oldest->end - oldest->start);
}

static __always_inline void interrupts_push(struct interrupts *i, __u64 end, __u64 ns, __u64 taker)
{
	struct intrusion *newest = &i->ring[(i->pushed - 1) & (INTRUSIONS - 1)];
	__u64 start = end - ns;

	if (!ns)
		return;
	if (start < i->end)
		start = i->end;
	end = start + ns;
	if (i->pushed && newest->end == start && newest->taker == taker) {
		newest->end = end;
	} else {
		newest = &i->ring[i->pushed & (INTRUSIONS - 1)];
		if (i->pushed >= INTRUSIONS)
			interrupts_archive(i, newest);
		newest->start = start;
		newest->end = end;
		newest->taker = taker;
		barrier();
		i->pushed++;
	}
	i->taken += ns;
	i->end = end;
}

/* `now` on the run-queue's clock. */
static __always_inline __u64 interrupts_clock(const struct interrupts *i, __u64 now)
{
	return now - i->ahead;
}

/* A look at both clocks; that of the run-queue may be old. */
static __always_inline void interrupts_compare(struct interrupts *i, __u64 now, __u64 clock)
{
	__u64 ahead = now - clock;

	if (now >= i->window_end) {
		i->ahead = i->window_end ? i->ahead_next : ahead;
		i->ahead_next = ahead;
		i->window_end = now + CLOCK_WINDOW_NS;
	}
	if ((__s64)(ahead - i->ahead_next) < 0)
		i->ahead_next = ahead;
	if ((__s64)(ahead - i->ahead) < 0)
		i->ahead = ahead;
}

/* ns of an intrusion that are after `time`; index counts from the first ever pushed. */
static __always_inline __u64 intrusion_after(const struct interrupts *i, __u64 index, __u64 time)
{
	const struct intrusion *intrusion = &i->ring[index & (INTRUSIONS - 1)];

	if (intrusion->end <= time)
		return 0;
	return intrusion->end - (intrusion->start > time ? intrusion->start : time);
}
