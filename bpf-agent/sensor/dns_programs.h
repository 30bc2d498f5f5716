/* SPDX-License-Identifier: Apache-2.0 */
/* What the kernel programs have counted of queries of DNS, and those that got no answer. Beside programs.c, which has the rest. */
#pragma once

#include "programs.h"

struct programs_bpf;

#define DNS_MAPS 2

/* Gives the reader what was counted in the epoch, and empties it; likewise queries that have been open for too long. */
void dns_programs_read(struct programs_bpf *skeleton, uint32_t epoch, const struct programs_reader *reader,
		       struct map_use use[DNS_MAPS]);

/* Queries that were open and went for newer ones, since the start: what became of them is not known. */
uint64_t dns_programs_evicted(void);
