/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What should have been counted, found the slow way: from what every thread and CPU did in every single nanosecond, and the
 * list of events with those that the program was not shown. Shares no code with the program.
 */
#pragma once

#include "machine.h"

#define MAX_EVENTS 4096

/*
 * The last four where queues are stopped: a quota runs out or is refilled, a look at which stopped queues were let go, and
 * a look at all queues above a thread that woke. A SWITCH that is shown is a look at both kinds.
 */
enum happening { SWITCH, LEAVE, MOVE, REPLACE, ATTACH, DRAG, QUEUE_STOPS, QUEUE_GOES, LOOK, WAKE };

struct event {
	enum happening happening;
	uint64_t time;
	int cpu; /* LEAVE: the one that is left */
	int prev, next; /* threads; -1 is idle. LEAVE, MOVE and REPLACE: next */
	bool seen;
	int place, cgroup; /* of next, after the event: its container's place and name */
	uint64_t prev_since; /* SWITCH: when prev got the CPU */
	int prev_place, prev_cgroup;
	bool stopped; /* SWITCH: prev, LEAVE: next is stopped by a quota at that moment */
	uint64_t quota; /* SWITCH: by which; QUEUE_STOPS: cgroup id */
	int level, which; /* QUEUE_STOPS, QUEUE_GOES */
	bool asleep; /* ATTACH: of next */
	bool walks; /* SWITCH: all queues above prev are looked at, ATTACH: above next */
	bool noted; /* LEAVE, ATTACH of a stopped thread: its queue's books will tell when it is let go */
};

struct history {
	struct event event[MAX_EVENTS];
	int events;
	int attached; /* events before the program came */
	uint64_t attach; /* and when that was */
	bool busy_at_attach[MAX_CPUS];
};

/* Culprits: containers as ids, and these. */
#define ORACLE_KERNEL 1
#define ORACLE_IDLE 2
#define ORACLE_UNKNOWN 3
#define ORACLE_INTERRUPT 4
#define ORACLE_STEAL 5
#define ORACLE_PACKETS (1ull << 57) /* + id of the container */
#define ORACLE_THROTTLED (1ull << 56) /* + id of the quota */

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
	uint64_t contradictions; /* ns for which the looks at the queues and the truth say different things about a stop */
};

/* Bucket of 0 ns. */
#define ORACLE_ZERO 100000

void oracle(const struct machine *m, const struct history *h, struct expected *e);

/* Adds the ns for which each container, by name, had the CPU between two times, as far as anybody can know. */
void oracle_cpu(const struct machine *m, const struct history *h, int cpu, uint64_t from, uint64_t to, uint64_t ns[MAX_NAMES]);

/* By the definition: i with ns in (2^(i/8), 2^((i+1)/8)] s. */
int oracle_bucket(uint64_t ns);
