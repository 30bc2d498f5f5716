/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What should have been counted, found the slow way: from what every thread and CPU did in every single nanosecond, and the
 * list of events with those that the program was not shown. Shares no code with the program.
 */
#pragma once

#include "machine.h"

#define MAX_EVENTS 4096

enum happening { SWITCH, LEAVE, MOVE, REPLACE, ATTACH, DRAG };

struct event {
	enum happening happening;
	uint64_t time;
	int cpu; /* LEAVE: the one that is left */
	int prev, next; /* threads; -1 is idle. LEAVE, MOVE and REPLACE: next */
	bool seen;
	int cgroup; /* of next, after the event */
	uint64_t prev_since; /* SWITCH: when prev got the CPU */
	int prev_cgroup;
	bool stopped; /* SWITCH: prev, LEAVE: next is stopped by a quota at that moment */
	uint64_t quota; /* SWITCH: by which */
	bool asleep; /* ATTACH: of next */
	bool noted; /* LEAVE, ATTACH of a stopped thread: its queue's books will tell when it is let go */
};

struct history {
	struct event event[MAX_EVENTS];
	int events;
	uint64_t attach;
	bool busy_at_attach[MAX_CPUS];
};

/* Culprits: containers as ids, and these. */
#define ORACLE_KERNEL 1
#define ORACLE_IDLE 2
#define ORACLE_UNKNOWN 3
#define ORACLE_THROTTLED 100000 /* + id of the quota */

struct expected {
	struct {
		uint64_t victim, culprit, ns;
	} part[1024];
	int parts;
	struct {
		uint64_t victim;
		int bucket;
		uint64_t ns, count;
	} wait[2048];
	int waits;
	struct {
		uint64_t cgroup, quota, ns, count;
	} stall[512];
	int stalls;
};

/* Bucket of 0 ns. */
#define ORACLE_ZERO 100000

void oracle(const struct machine *m, const struct history *h, struct expected *e);

/* ns for which a container had the CPU between two times, as far as anybody can know. */
uint64_t oracle_cpu(const struct machine *m, const struct history *h, int cpu, int container, uint64_t from, uint64_t to);

/* By the definition: i with ns in (2^(i/8), 2^((i+1)/8)] s. */
int oracle_bucket(uint64_t ns);
