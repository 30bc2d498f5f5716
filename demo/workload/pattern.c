// SPDX-License-Identifier: Apache-2.0
#include "pattern.h"

#include <stdlib.h>
#include "common.h"

struct worker {
	const struct pattern *pattern;
	int index;
};

long long first_due(const struct pattern *pattern, int index)
{
	long long interval = now_ns(CLOCK_MONOTONIC) / pattern->every_ns + 1;
	long long due = interval * pattern->every_ns + pattern->phase_ns;
	if (!pattern->together)
		due += pattern->every_ns * index / pattern->threads;
	return due;
}

long long next_due(const struct pattern *pattern, long long due, long long end, unsigned long long *skipped)
{
	*skipped = 0;
	due += pattern->every_ns;
	if (due <= end) {
		*skipped = (unsigned long long)((end - due) / pattern->every_ns + 1);
		due += (long long)*skipped * pattern->every_ns;
	}
	return due;
}

static void *work(void *argument)
{
	const struct worker *worker = argument;
	const struct pattern *pattern = worker->pattern;
	long long due = first_due(pattern, worker->index);
	for (;;) {
		sleep_until(due);
		compute(pattern->work_ns);
		long long end = now_ns(CLOCK_MONOTONIC);
		// What it took beyond the computing itself: waiting for a CPU or standing still.
		long long late = end - due - pattern->work_ns;
		unsigned long long skipped;
		due = next_due(pattern, due, end, &skipped);
		account(late > 0 ? late : 0, skipped);
	}
	return NULL;
}

void start_pattern(const struct pattern *pattern)
{
	struct worker *workers = calloc(pattern->threads, sizeof(*workers));
	if (!workers)
		die("out of memory");
	for (int i = 0; i < pattern->threads; i++) {
		workers[i] = (struct worker){pattern, i};
		start_thread(work, &workers[i]);
	}
}
