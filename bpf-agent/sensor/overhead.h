/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the kernel programs cost, from the runs that they timed themselves. Pure arithmetic.
 *
 * Not in it: the few nanoseconds in which the kernel enters and leaves a program; docs/cost.md has them.
 */
#pragma once

#include <stdint.h>
#include <stdbool.h>
#include <linux/types.h>
#include "../bpf/shared.h"

/* Of a program, on all CPUs. */
struct program_runs {
	uint64_t runs;
	uint64_t sampled_runs;
	uint64_t sampled_ns; /* from clock read to clock read */
	uint64_t clock_ns; /* of these, what one clock read took each time */
};

struct overhead {
	struct program_runs seen[PROGRAMS];
	uint64_t ns[PROGRAMS]; /* since the start; never falls */
};

/* Samples of one interval that make a mean worth more than that of all time. */
#define OVERHEAD_SAMPLES 16

/*
 * Takes a program's totals in, and returns what its runs since the last call cost, ns: the mean of those that were timed,
 * less the clock read that is in each of them, times all of them, and the clock reads on top.
 */
uint64_t overhead_add(struct overhead *overhead, enum program program, const struct program_runs *total);
