// SPDX-License-Identifier: Apache-2.0
#include "overhead.h"

/* Clock reads of a run that is timed. */
#define CLOCK_READS 3

static double mean_of(const struct program_runs *runs)
{
	if (!runs->sampled_runs || runs->sampled_ns <= runs->clock_ns)
		return 0;
	return (double)(runs->sampled_ns - runs->clock_ns) / runs->sampled_runs;
}

uint64_t overhead_add(struct overhead *overhead, enum program program, const struct program_runs *total)
{
	struct program_runs *seen = &overhead->seen[program];
	const struct program_runs last = {
		.runs = total->runs - seen->runs,
		.sampled_runs = total->sampled_runs - seen->sampled_runs,
		.sampled_ns = total->sampled_ns - seen->sampled_ns,
		.clock_ns = total->clock_ns - seen->clock_ns,
	};
	uint64_t ns = mean_of(last.sampled_runs < OVERHEAD_SAMPLES ? total : &last) * last.runs;

	ns += CLOCK_READS * last.clock_ns;
	*seen = *total;
	overhead->ns[program] += ns;
	return ns;
}
