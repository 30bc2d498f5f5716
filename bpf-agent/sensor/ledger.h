/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything counted since the start, and the frame that says it: one JSON line, as bpf-agent/src/sensor/frame.ts
 * describes it. Knows neither libbpf nor system calls.
 */
#pragma once

#include <stdio.h>
#include "hierarchy.h"
#include "programs.h"
#include "sums.h"

struct ledger {
	uint64_t sequence;
	uint64_t start_monotonic_ns, start_realtime_ns;
	uint64_t monotonic_ns, realtime_ns;
	int possible_cpus, online_cpus;
	struct hierarchy hierarchy;
	bool walk_again; /* a name is missing */
	struct sums cells; /* (victim, what) */
	struct sums stalls; /* (cgroup, quota, bucket) */
	struct sums open; /* (victim): ns is the oldest, count the number; only of this frame */
	struct sums running; /* (occupant): not yet counted in cells; only of this frame */
	struct sums balance; /* (victim): ns is wait, count is parts; only of this interval, until it is compared */
	uint64_t compared, unequal, difference_ns; /* of all balances so far */
	struct map_use maps[MAPS];
	uint64_t runs[PROGRAMS], program_ns[PROGRAMS], sensor_ns;
	uint64_t lost[LOST_REASONS];
	const char *const *missing;
};

/* A reader that adds to this ledger. */
struct programs_reader ledger_reader(struct ledger *ledger);

/* Begins the next frame: forgets what is of one frame only, and cgroups that are long gone. */
void ledger_next(struct ledger *ledger);

/* Prints the frame and a newline. */
void ledger_print(struct ledger *ledger, FILE *out);
