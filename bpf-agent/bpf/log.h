/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who occupied a CPU: a ring of segments, each from its start to the start of the next, and behind it a ring of blocks
 * that sum up older segments by occupant. Pure arithmetic on one CPU's memory; knows no kernel structure.
 *
 * An interrupt does not end a segment: what interrupts took is kept apart (interrupt.h), and a segment notes how much that
 * was in all when it began, so that its occupant is charged with the rest only.
 *
 * Neighbours with the same occupant are one segment, so threads of one container that take turns cost one entry. Before
 * a segment is overwritten its time goes into the newest block: a wait that outlasts the ring is still charged exactly,
 * but for the one block that it began in the middle of.
 */
#pragma once

#ifndef LOG_SEGMENTS /* tests run with a log that is soon full */
#define LOG_SEGMENTS 1024 /* a power of two */
#define LOG_BLOCKS 256 /* a power of two */
#define BLOCK_SEGMENTS 16
#define BLOCK_PARTS 7
#endif

struct segment {
	__u64 start; /* run-queue clock, ns */
	__u64 occupant; /* what.h */
	__u64 taken; /* ns that interrupts had taken on this CPU, ever, when it began */
};

struct block {
	__u64 start;
	__u64 segments; /* or other things that it sums up */
	__u64 ns; /* of all parts */
	struct {
		__u64 occupant; /* 0 marks a free part; the last part takes whoever finds none, as "other" */
		__u64 ns;
	} part[BLOCK_PARTS];
};

struct log {
	__u64 pushed; /* segments ever pushed; the newest is at (pushed - 1) % LOG_SEGMENTS */
	__u64 blocks_begun; /* blocks ever begun; the newest is at (blocks_begun - 1) % LOG_BLOCKS */
	struct segment segments[LOG_SEGMENTS];
	struct block blocks[LOG_BLOCKS];
};

/* What is left of an interval [from, to) that is being cut into pieces, newest first, and for whom; see charge.h. */
struct interval {
	__u64 slot; /* of the tables, or PENDING_SLOT */
	__u64 victim;
	__u64 from, to;
	__u64 left; /* ns of it that nobody has been charged with yet */
	__u64 taken; /* ns that interrupts had taken on this CPU, ever, at `to` */
	__u64 newest; /* intrusions ever pushed when we began */
	__u64 known_from; /* all intrusions since then have been charged */
	__u64 unknown; /* most that those before it can have taken of the interval */
	__u64 taker, taker_ns; /* newest intrusions of one taker, not yet given to the sink */
};

static __always_inline struct segment *log_at(struct log *log, __u64 index)
{
	return &log->segments[index & (LOG_SEGMENTS - 1)];
}

/* Undefined before the first push. */
static __always_inline struct segment *log_newest(struct log *log)
{
	return log_at(log, log->pushed - 1);
}

static __always_inline void block_begin(struct block *block, __u64 start)
{
	block->start = start;
	block->segments = 0;
	block->ns = 0;
	for (__u32 i = 0; i < BLOCK_PARTS; i++) {
		block->part[i].occupant = 0;
		block->part[i].ns = 0;
	}
}

static __always_inline void block_add(struct block *block, __u64 occupant, __u64 ns)
{
	block->ns += ns;
	for (__u32 i = 0; i < BLOCK_PARTS; i++) {
		if (i == BLOCK_PARTS - 1)
			occupant = what(KIND_OTHER, 0);
		if (!block->part[i].occupant || i == BLOCK_PARTS - 1)
			block->part[i].occupant = occupant;
		if (block->part[i].occupant == occupant) {
			block->part[i].ns += ns;
			return;
		}
	}
}

/* What is left of ns when interrupts took `taken` of it. By two clocks it may be a little more than there is. */
static __always_inline __u64 without(__u64 ns, __u64 taken)
{
	return ns > taken ? ns - taken : 0;
}

/* Adds the oldest segment, which ends where the next one starts, to the newest block. */
static __always_inline void log_archive(struct log *log, const struct segment *oldest, const struct segment *next)
{
	struct block *block = &log->blocks[(log->blocks_begun - 1) & (LOG_BLOCKS - 1)];

	if (!log->blocks_begun || block->segments >= BLOCK_SEGMENTS) {
		block = &log->blocks[log->blocks_begun & (LOG_BLOCKS - 1)];
		block_begin(block, oldest->start);
		log->blocks_begun++;
	}
	block->segments++;
	block_add(block, oldest->occupant, without(next->start - oldest->start, next->taken - oldest->taken));
}

/* From start on, occupant has the CPU; interrupts had taken `taken` ns by then. Neither ever goes backwards. */
static __always_inline void log_push(struct log *log, __u64 start, __u64 occupant, __u64 taken)
{
	struct segment *next = log_at(log, log->pushed);

	if (log->pushed >= LOG_SEGMENTS)
		log_archive(log, next, log_at(log, log->pushed + 1));
	next->start = start;
	next->occupant = occupant;
	next->taken = taken;
	log->pushed++;
}
