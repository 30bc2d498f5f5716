// SPDX-License-Identifier: Apache-2.0
//
// Work in a regular pattern: every `every_ns` each thread computes for `work_ns` of CPU time.
#pragma once

#include <stdbool.h>

struct pattern {
	int threads;
	long long every_ns;
	long long work_ns;
	long long phase_ns; // where in the interval, counted in whole intervals of CLOCK_MONOTONIC, the work is due
	bool together; // all threads start at the same instant instead of spread over the interval
};

// When the first work of thread `index` is due, on CLOCK_MONOTONIC.
long long first_due(const struct pattern *pattern, int index);

// When the next work is due, after one that was due at `due` ended at `end`. Like a server that sheds what it cannot answer
// in time: no backlog builds up, what is `skipped` is counted.
long long next_due(const struct pattern *pattern, long long due, long long end, unsigned long long *skipped);

// Starts the threads. `pattern` must stay.
void start_pattern(const struct pattern *pattern);
