/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keeps what the kernel programs cost within a budget: decides, interval by interval, what is to be switched off
 * (bpf/shed.h). Pure: no clock, no memory but what it is given; programs.c does what it says.
 *
 * The budget is a share of one core for every 10,000 task switches or 40,000 packets a second, as the programs' work is paid by the
 * switch and by the packet, of which one costs about a quarter of the other; a node that has less of both may still use that share
 * of one core. What the sensor and the agent use as processes is not
 * part of it, because nothing here could lower it.
 */
#pragma once

#include <stdint.h>
#include <linux/types.h>
#include <stdbool.h>
#include "../bpf/shed.h"

#define GOVERNOR_SHARE 0.01

/* Intervals over budget before a step is switched off: one alone may be an accident. */
#define GOVERNOR_OVER 2
/* Of the budget: at no more than this a step may come back. One that is too much all the same goes again, and is tried later. */
#define GOVERNOR_ROOM 0.75
/* Intervals in a row with that room before the last step comes back. */
#define GOVERNOR_CALM 6
/* That is doubled, up to this, each time the step that came back had to go again. */
#define GOVERNOR_CALM_LONGEST (64 * GOVERNOR_CALM)

struct governor {
	double share; /* of one core; 0: nothing is ever switched off */
	uint32_t exists; /* what can be switched off, bits of enum shed */
	uint32_t shed; /* what is off now */
	unsigned over, calm; /* intervals in a row */
	unsigned patience; /* calm intervals that it takes */
	uint32_t came_back; /* the step that came back last; 0 if none did */
	unsigned held; /* intervals since then */
};

/* One interval. */
struct spending {
	uint64_t elapsed_ns;
	uint64_t switches;
	uint64_t packets; /* to and from sockets */
	uint64_t overhead_ns; /* of all kernel programs */
};

struct governor governor_start(double share, uint32_t exists);

/* What an interval may cost, ns. */
uint64_t governor_allowed_ns(double share, const struct spending *interval);

/* The governor after an interval. At most one step goes or comes. */
struct governor governor_next(struct governor before, const struct spending *interval);
