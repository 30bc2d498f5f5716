/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where more packets come than a CPU's receive side can take, and whose they are has to be watched: decided look by look, from the
 * kernel's books. Pure: no clock, no file, no kernel; arrival_programs.c does what it says.
 *
 * A CPU is under pressure in the time between two looks if its backlog had no room for a packet, or its budget was used up, in that
 * time. What came before the first such look is not seen.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include "softnet.h"

/* Looks without pressure after which nothing is watched any more. */
#define PRESSURE_HOLD 5
/* Packets of all watched CPUs that are looked at in a second. */
#define PRESSURE_LOOKS 10000
/* One in so many is looked at, at most. */
#define PRESSURE_EVERY_MOST (1u << 16)

struct pressure_cpu {
	struct softnet seen;
	bool pressed; /* between the last two looks */
	bool watched; /* from the last look on */
	unsigned calm; /* looks since it was pressed */
};

struct pressure {
	struct pressure_cpu *cpus;
	int possible_cpus;
	bool known; /* there was a look before */
	uint64_t looked_ns; /* when, CLOCK_MONOTONIC */
	uint32_t every; /* from now on one packet in so many is looked at; a power of two; 0: none, nothing is to be attached */
	uint64_t pressed_ns; /* since the start: time between looks in which any CPU was pressed */
	uint64_t watched_ns; /* of that, in which all CPUs that were pressed had been watched from the begin of it */
};

/* False without memory. */
bool pressure_start(struct pressure *pressure, int possible_cpus);

/*
 * One look at the books. `watching`: what was asked for at the last look was done. `allowed`: it may be asked for again; else it is only
 * told where there was pressure. NULL instead of books that cannot be read: nothing is known of the time around that.
 */
void pressure_look(struct pressure *pressure, const struct softnet *books, uint64_t now_ns, bool watching, bool allowed);
