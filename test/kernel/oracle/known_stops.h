/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The oracle where queues are stopped: which stops can be known of, from the events that are shown, and until when they are
 * taken to last. A stop begins when its queue says so, and ends at the first look after it did; only so many are remembered.
 */
#pragma once

#include "oracle.h"

#define MAX_STOPS_ABOVE 1024

/* Those that matter to the threads of a container on a CPU, as known after an event. */
struct stopped_queues {
	struct {
		uint64_t start, end;
		int level, stop;
	} stop[MAX_STOPS_ABOVE];
	int stops;
	uint64_t known_since; /* before it, stops may have been forgotten */
	bool any; /* a queue above has a quota, and stops are known at all */
};

/* Follows all events of a history, once a schedule. */
void queues_follow(const struct machine *m, const struct history *h);

/* place: of the container; -1 is a kernel thread, which stands under no quota. */
void queues_above(struct stopped_queues *q, int place, int cpu, int looked);

/* The innermost stop at that time; -1 if there is none. And the cgroup id of its quota. */
int stop_at(const struct stopped_queues *q, uint64_t t);
uint64_t stop_quota(int stop);
