/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who occupied a CPU: a ring of segments, each from its start to the start of the next, and behind it a ring of blocks
 * that sum up older segments by occupant. Pure arithmetic on one CPU's memory; knows no kernel structure.
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
};

struct block {
	__u64 start;
	__u64 segments; /* that it sums up; BLOCK_SEGMENTS when it is full */
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

/* What is left of an interval [from, to) that is being cut into pieces, newest first, and for whom. */
struct interval {
	__u64 slot; /* of the tables, or PENDING_SLOT */
	__u64 victim;
	__u64 from, to;
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

/* Adds the oldest segment, which ends at `end`, to the newest block. */
static __always_inline void log_archive(struct log *log, const struct segment *oldest, __u64 end)
{
	struct block *block = &log->blocks[(log->blocks_begun - 1) & (LOG_BLOCKS - 1)];
	__u64 occupant = oldest->occupant;

	if (!log->blocks_begun || block->segments >= BLOCK_SEGMENTS) {
		block = &log->blocks[log->blocks_begun & (LOG_BLOCKS - 1)];
		block->start = oldest->start;
		block->segments = 0;
		for (__u32 i = 0; i < BLOCK_PARTS; i++) {
			block->part[i].occupant = 0;
			block->part[i].ns = 0;
		}
		log->blocks_begun++;
	}
	block->segments++;
	for (__u32 i = 0; i < BLOCK_PARTS; i++) {
		if (i == BLOCK_PARTS - 1)
			occupant = what(KIND_OTHER, 0);
		if (!block->part[i].occupant || i == BLOCK_PARTS - 1)
			block->part[i].occupant = occupant;
		if (block->part[i].occupant == occupant) {
			block->part[i].ns += end - oldest->start;
			return;
		}
	}
}

/* From start on, occupant has the CPU. Starts never go backwards. */
static __always_inline void log_push(struct log *log, __u64 start, __u64 occupant)
{
	struct segment *next = log_at(log, log->pushed);

	if (log->pushed >= LOG_SEGMENTS)
		log_archive(log, next, log_at(log, log->pushed + 1)->start);
	next->start = start;
	next->occupant = occupant;
	log->pushed++;
}
