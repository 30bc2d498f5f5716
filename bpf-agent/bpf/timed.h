/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a kernel program costs: it times a run now and then, itself. (The kernel's own statistics time every run of every
 * program on the node, with two clock reads each.) Written by one CPU for itself; knows no kernel structure.
 *
 * A program's body is a function of its own, and the program is:  TIMED(c, PROGRAM_X, body(...));  return 0;
 * where c is the memory of the CPU that it runs on. Add PROGRAM_X and its name to shared.h; all else follows.
 */
#pragma once

#include "shared.h"

/*
 * Whether a run is one of those that are timed: one in each row of `every`, and in each row the one after. Runs of two kinds
 * often take turns (to a thread and to idle; an interrupt's begin and end), and always the same place would time only one.
 */
static __always_inline bool timed_run(__u64 run, __u32 every)
{
	return !((run ^ run / every) % every);
}

/* 0, or the time if this run is one of those that are timed. */
static __always_inline __u64 timed_begin(struct cpu *c, enum program program)
{
	__u32 every = program == PROGRAM_FORK || program == PROGRAM_CGROUP ? SAMPLE_RARE_EVERY : SAMPLE_EVERY;

	return timed_run(c->runs[program]++, every) ? bpf_ktime_get_ns() : 0;
}

static __always_inline __u64 timed_length(__u64 from, __u64 to)
{
	return to - from < SAMPLE_LONGEST_NS ? to - from : SAMPLE_LONGEST_NS;
}

/*
 * Between two clock reads lies what one of them costs, which a run that is not timed does not pay: a third read right
 * after the second tells how much that is.
 */
static __always_inline void timed_end(struct cpu *c, enum program program, __u64 began)
{
	struct program_samples *samples = &c->samples[program];
	__u64 ended;

	if (!began)
		return;
	ended = bpf_ktime_get_ns();
	samples->runs++;
	samples->ns += timed_length(began, ended);
	samples->clock_ns += timed_length(ended, bpf_ktime_get_ns());
}

#define TIMED(c, program, run)                                                                                         \
	do {                                                                                                           \
		__u64 began = timed_begin(c, program);                                                                 \
		run;                                                                                                   \
		timed_end(c, program, began);                                                                          \
	} while (0)
