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

struct requests {
	struct sums durations; /* (cgroup, role and estimated, bucket) */
};

/* Adds requests of one bucket; sequence is the frame that they belong to. */
void requests_add(struct requests *requests, uint64_t sequence, const struct request_key *key, uint64_t ns,
		  uint64_t count);

/* Forgets the rows that gone() says are of cgroups that went. */
void requests_forget(struct requests *requests, bool (*gone)(const struct sum_row *row, void *context), void *context);

/* Prints the members `requests`, each with a comma before it. */
void requests_print(struct requests *requests, FILE *out);
