/* SPDX-License-Identifier: Apache-2.0 */
/* The headers of the kernel program, in user space, driven by the machine's events; and what they counted. */
#pragma once

#include "machine.h"

#define MAX_SUMS 4096
#define MAX_STALLS 512

struct counted {
	uint64_t victim, what, ns, count;
};

struct result {
	struct counted sum[MAX_SUMS]; /* unordered */
	int sums;
	struct {
		uint64_t cgroup, quota, ns, count;
	} stall[MAX_STALLS];
	int stalls;
	int unequal; /* victims whose wait and parts differed when the tables were emptied */
};

void subject_begin(struct machine *m);
/* The hooks are attached now. */
void subject_attach(void);
void subject_switch(struct machine *m, int cpu, struct thread *prev, struct thread *next);
void subject_migrate(struct machine *m, struct thread *t, int from, int to);
/* Interrupts begin and end, as the machine has them; a packet of the container of that id. */
void subject_hard(int cpu, bool begins);
void subject_soft(int cpu, bool begins);
void subject_packet(int cpu, uint64_t owner);
void subject_fork(struct thread *t);
/* Where queues are stopped: the number of threads on this CPU that are not grew; a thread woke, into a stopped queue perhaps. */
void subject_running(int cpu);
void subject_woken(struct thread *t);
/* Turns the epoch and empties the other tables into the result. */
void subject_turn(void);
const struct result *subject_result(void);
/* Run-queue clock up to which this CPU's time has been counted; 0 if it has seen no event. */
uint64_t subject_counted_until(int cpu);
uint64_t subject_first(int cpu);

uint64_t histogram_bucket(uint64_t ns);
uint64_t histogram_bound(int offset);
bool cell_add(uint64_t victim, uint64_t code, uint64_t ns);
void cell_clear(void);
uint64_t cell_read(uint64_t victim, uint64_t code, int *cells);
