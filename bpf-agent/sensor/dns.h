/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What has been counted about queries of DNS since the start, and the member of the frame that says it. Knows neither libbpf
 * nor system calls.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <linux/types.h>
#include "sums.h"
#include "../bpf/shared.h"
#include "../bpf/dns_tables.h"

/* Name servers that are told apart, of a cgroup and in all; the others have no address. */
#define DNS_SERVERS_OF_CGROUP 16
#define DNS_SERVERS_IN_ALL 1024

struct dns {
	struct sums durations; /* (cgroup, server and transport, bucket) */
	struct sums failures; /* (cgroup, server and transport, enum dns_error) */
	struct dns_address server[DNS_SERVERS_IN_ALL]; /* the first is nobody's */
	uint64_t servers;
};

/* Adds what became of some queries; sequence is the frame that they belong to. */
void dns_add(struct dns *dns, uint64_t sequence, const struct dns_sums_key *key, const struct dns_sums *sums);

/* Forgets the rows that gone() says are of cgroups that went. */
void dns_forget(struct dns *dns, bool (*gone)(const struct sum_row *row, void *context), void *context);

/* Prints the member `dns`, with a comma before it. */
void dns_print(struct dns *dns, FILE *out);
