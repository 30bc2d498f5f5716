/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything counted since the start, and the frame that says it: one JSON line, as bpf-agent/src/sensor/frame.ts
 * describes it. Knows neither libbpf nor system calls.
 */
#pragma once

#include <stdio.h>
#include "dns.h"
#include "governor.h"
#include "hierarchy.h"
#include "overhead.h"
#include "owners.h"
#include "packets.h"
#include "programs.h"
#include "peers.h"
#include "requests.h"
#include "sums.h"

struct ledger {
	uint64_t sequence;
	uint64_t start_monotonic_ns, start_realtime_ns;
	uint64_t monotonic_ns, realtime_ns;
	int possible_cpus, online_cpus;
	struct hierarchy hierarchy;
	struct owners owners;
	bool walk_again; /* a name is missing */
	struct sums cells; /* (victim, what) */
	struct sums arrived; /* (victim, culprit): only of this interval, until the largest are in cells */
	uint64_t folded; /* of them, not among the largest, in all intervals */
	bool crowded; /* cells has more pairs than an interval can add to */
	struct sums stalls; /* (cgroup, quota, bucket) */
	struct requests requests;
	struct dns dns;
	struct peers peers;
	struct sums unread; /* (cgroup, 0, bucket) */
	struct packets packets;
	struct sums open; /* (victim): ns is the oldest, count the number; only of this frame */
	struct sums running; /* (occupant): not yet counted in cells; only of this frame */
	struct sums lives; /* (victim): when anything was counted of it last */
	struct sums balance; /* (victim): ns is wait, count is parts; only of this interval, until it is compared */
	uint64_t compared, unequal, difference_ns; /* of all balances so far */
	struct map_use maps[MAPS];
	struct overhead overhead;
	uint64_t sensor_ns;
	struct governor governor;
	struct spending spending; /* of this interval */
	uint64_t governed_ns; /* its end, CLOCK_MONOTONIC */
	uint32_t without; /* steps that are switched off for good, and not the governor's */
	uint64_t shed_ns[SHEDS]; /* for how long each step was switched off, since the start */
	uint64_t lost[LOST_REASONS];
	const char *const *missing;
};

/* A reader that adds to this ledger. */
struct programs_reader ledger_reader(struct ledger *ledger);

/*
 * Takes the programs' run counts in, once an interval, after monotonic_ns is set: what they cost, for how long something was
 * switched off, and by the governor, what is to be off from now on.
 */
void ledger_govern(struct ledger *ledger, const struct program_runs runs[PROGRAMS]);

/* Begins the next frame: forgets what is of one frame only. */
void ledger_next(struct ledger *ledger);

/* Closes the interval: forgets what is long gone, prints the frame and a newline. */
void ledger_print(struct ledger *ledger, FILE *out);
