/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attaches and detaches kernel programs under a load that runs all the time, in turns: without, with, without, for every
 * contender in every round, so that a slow minute of the machine hits both sides. Knows nothing of the load but how much of
 * it got done, and who does it.
 */
#pragma once

#include <stdint.h>
#include <sys/types.h>

struct load {
	uint64_t (*done)(void *of); /* units so far */
	void *of;
	uint64_t unit; /* what is counted as one: 1, or a million bytes */
	pid_t ends[2]; /* the processes that do it */
};

/* Keeps this process on a CPU. */
void stay_on(int cpu);

/*
 * Runs `rounds` of `ms` each with the contenders that `arguments` name (contenders.h), on the first CPU. Prints a line of JSON a
 * measurement: wall time a unit, and CPU time a unit of both ends, which other programs on their CPU do not stretch.
 */
void in_turns(const struct load *load, long rounds, long ms, char **arguments, int count);
