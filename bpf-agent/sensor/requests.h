/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What has been counted about requests since the start, and the part of the frame that says it. Knows neither libbpf nor
 * system calls.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <linux/types.h>
#include "sums.h"
#include "../bpf/shared.h"
#include "../bpf/request_tables.h"

/* A request or a wait that was the worst of its cgroup. */
struct worst;

struct requests {
	struct sums durations; /* (cgroup, role and estimated, bucket) */
	struct sums anatomy; /* (cgroup, what, band and role and estimated) */
	struct worst *worst; /* of this interval; until it is printed */
	size_t worst_used, worst_room;
	struct sums runnable; /* (cgroup, what): how threads that could run spent this interval; until it is printed */
};

/* Adds requests of one bucket; sequence is the frame that they belong to. */
void requests_add(struct requests *requests, uint64_t sequence, const struct request_key *key, uint64_t ns,
		  uint64_t count);

/* Notes how threads of a cgroup spent time in this interval: waits by their kind, and KIND_CPU. All else is passed over. */
void requests_note(struct requests *requests, uint64_t cgroup, uint64_t what, uint64_t ns);

/* Adds to a part, after everything of the interval has been noted. PART_SHARED is shared out as the cgroup's threads were. */
void requests_add_part(struct requests *requests, uint64_t sequence, const struct anatomy_key *key, uint64_t ns);

/* Keeps the slowest request, or the longest wait, of a cgroup in this interval; after everything of it has been noted. */
void requests_add_slowest(struct requests *requests, const struct slowest_key *key, const struct slowest *request);
void requests_add_longest(struct requests *requests, uint64_t cgroup, const struct long_wait *wait);

/* Forgets the rows that gone() says are of cgroups that went. */
void requests_forget(struct requests *requests, bool (*gone)(const struct sum_row *row, void *context), void *context);

/* Prints the members `requests`, `anatomy` and `worst`, each with a comma before it. */
void requests_print(struct requests *requests, FILE *out);
