/* SPDX-License-Identifier: Apache-2.0 */
/* The kernel programs that time requests: attach them, and read what they have counted. Beside programs.c, which has the rest. */
#pragma once

#include "programs.h"

struct programs_bpf;

#define REQUEST_MAPS 5

/*
 * Whether this process may time requests here, before the programs are loaded: it needs CAP_NET_ADMIN and a mounted unified
 * cgroup hierarchy. If not, the programs are not loaded, and *why is a sentence about it.
 */
bool request_programs_choose(struct programs_bpf *skeleton, const char **why);

/* Attaches them, if they were chosen. False if that cannot be. */
bool request_programs_attach(struct programs_bpf *skeleton);

/* They are about to be switched on again: what is open since before they were off is not timed. */
void request_programs_resume(struct programs_bpf *skeleton);

/* Gives the reader what was counted in the epoch, and empties it. */
void request_programs_read(struct programs_bpf *skeleton, uint32_t epoch, const struct programs_reader *reader,
			   struct map_use use[REQUEST_MAPS]);

/* What each CPU has kept for itself in an epoch, which is emptied: mapped memory, two of each CPU. */
void request_programs_read_cpus(struct cpu_sums *sums, int cpus, uint32_t epoch, const struct programs_reader *reader);
