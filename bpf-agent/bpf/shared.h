/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the kernel programs and the sensor say to each other: the layout of the maps. Nothing here computes.
 */
#pragma once

#include "what.h"
#include "log.h"
#include "intrusions.h"
#include "cells.h"
#include "stops.h"
#include "longest.h"

/* Reasons why something is not known; each is counted, none is silent. */
enum lost {
	LOST_SWITCH, /* switches that the tracepoint never told us about, noticed and repaired */
	LOST_OPEN_AT_ATTACH, /* waits that began before we looked: only their rest is counted */
	LOST_LOG_SHORT, /* waits older than the log reaches: their oldest part is unattributed */
	LOST_UNSEEN_WAIT, /* pieces of waits that ended in a way no tracepoint shows: unattributed */
	LOST_TASK_STATE, /* switches to tasks we have no memory for: a wait with migrations misses pieces */
	LOST_PENDING, /* waits that migrated and found no room for their pieces' culprits: those are "other" */
	LOST_CELLS, /* additions that found no room: they, or smaller ones, are folded into "other" of their victims */
	LOST_NS, /* nanoseconds that found no room at all */
	LOST_STALLS, /* stalls that found no room in their histogram */
	LOST_MOVED_THROTTLED, /* throttled threads moved to another cgroup: the time is unattributed */
	LOST_STOPS, /* stops of queues that were forgotten for newer ones: their time is unattributed */
	LOST_NAMES, /* cgroups created while the queue of names was full: the sensor walks the hierarchy again */
	LOST_MOVED_ASLEEP, /* threads moved between CPUs while they slept, stamped as if they waited: not counted */
	LOST_CONNECTIONS, /* connections that got no memory: their requests are not counted */
	LOST_REQUESTS, /* requests, or parts of them, that found no room */
	LOST_BURN, /* pieces of CPU time, and periods, of which it is not known whether a quota ran out */
	LOST_DNS, /* queries of DNS that found no room */
	LOST_PEERS, /* additions to peers that found no room, not even in the row of the others */
	LOST_UNREAD, /* times for which data was unread that found no room */
	LOST_PACKETS, /* packets in the queue of a device that were not followed, or lost sight of: their waits are not told */
	LOST_NET, /* additions about packets that found no room */
	LOST_REASONS,
};

#define LOST_NAMES_OF_REASONS                                                                                          \
	{                                                                                                              \
		"switches", "openAtAttach", "logShort", "unseenWaits", "taskState", "pending", "cells", "ns", "stalls",        \
			"movedThrottled", "queueStops", "cgroupNames", "movedAsleep", "connections", "requests", "burn", "dns", \
			"peers", "unread", "queuedPackets", "packetSums"                                                                                        \
	}

enum program {
	PROGRAM_SWITCH,
	PROGRAM_MIGRATE,
	PROGRAM_FORK,
	PROGRAM_QUEUE,
	PROGRAM_CGROUP,
	PROGRAM_CONNECTION,
	PROGRAM_READ,
	PROGRAM_IN,
	PROGRAM_OUT,
	PROGRAM_TIMER,
	PROGRAM_INTERRUPT,
	PROGRAM_SOFTIRQ,
	PROGRAM_HEALTH,
	PROGRAM_PACKET_QUEUE,
	PROGRAM_PACKET_LEAVE,
	PROGRAM_PACKET_DROP,
	PROGRAM_PACKET_ARRIVAL,
	PROGRAMS,
};

#define NAMES_OF_PROGRAMS                                                                                              \
	{                                                                                                              \
		"sched_switch", "sched_migrate_task", "sched_process_fork", "queue_stops", "cgroup", "tcp_connection",         \
			"tcp_read", "tcp_in", "tcp_out", "hrtimer_expire_entry", "interrupt", "softirq", "tcp_health",              \
			"packet_queue", "packet_leave", "packet_drop", "packet_arrival"                                                  \
	}

/* How often a program ran, and how long: one run in SAMPLE_EVERY is timed; of those that run rarely, more. */
#define SAMPLE_EVERY 256 /* a power of two, as the next */
#define SAMPLE_RARE_EVERY 16

/* A run that took longer was held up from outside, by an interrupt or the hypervisor, and counts as this. */
#define SAMPLE_LONGEST_NS 100000

/* Of a program, the runs that were timed. */
struct program_samples {
	__u64 runs;
	__u64 ns; /* from clock read to clock read */
	__u64 clock_ns; /* of these, what one clock read took each time */
};

/* The cgroup that has a CPU now, and how long it has: since when, and the kernel's own account of its CPU time then. */
struct burning {
	__u64 group; /* identity of that account */
	__u64 since; /* run-queue clock */
	__u64 runtime;
	__u64 ns; /* of the piece that is being added, which ends now */
	__u64 swept; /* slot of the tables when what is kept back was last looked at */
};

/*
 * One CPU: who has it, who had it, and what we know about ourselves there. Written under that CPU's run-queue lock, but for
 * interrupts (intrusions.h). What every event needs is in the first page, and no CPU writes to another's cache lines.
 */
struct cpu {
	__u64 switches; /* the run-queue's own number of the last switch that we saw */
	__u64 last_event; /* run-queue clock of that switch */
	__u64 pushed_in[2]; /* log.pushed after the last switch of an epoch: what ended before is in that epoch's table */
	__u64 left_out; /* rq_left_out() at the last switch; here, because the stack is small */
	__u64 left_out_before; /* and when the newest segment of the log began */
	__u64 attached; /* run-queue clock at which the log begins; 0 before the first event */
	__u64 attach_clock; /* run-queue clock when the programs were attached, where something ran then */
	__u64 runs[PROGRAMS]; /* of each program: every event counts, and a packet meets several */
	__u64 server; /* index of the thread that has the CPU, if it serves requests */
	__u64 booking; /* the same, of the thread whose wait is being booked */
	struct long_wait noted; /* the wait that is being booked, */
	__u64 noting; /* if it is a long one */
	__u64 queueing; /* the packet that this CPU is bringing into a queue, or brought last */
	__u64 packets[4]; /* those that the programs look at now: queued, leaving, dropped, arriving */
	__u32 arrivals_watched; /* whose packets arrive here is counted; set by the sensor */
	__u32 arrivals_passed[2]; /* how many more are not looked at: where they arrive, and where they are looped */
	struct interrupts interrupts __attribute__((aligned(64))); /* what goes on now is at its beginning */
	struct program_samples samples[PROGRAMS];
	struct interval rest; /* of the interval that is being charged by this CPU's log */
	struct stops stops;
	struct burning burning;
	struct log log;
	__u64 lost[LOST_REASONS];
} __attribute__((aligned(64)));

/* A key of the spill maps: cells that found no place in their CPU's table. */
struct spill_key {
	__u64 victim;
	__u64 what; /* SPILL_EPOCH set for epoch 1 */
};
#define SPILL_EPOCH (1ull << 63)

struct sum {
	__u64 ns;
	__u64 count;
};

/* How long threads of a cgroup stood still because a quota ran out. */
struct stall_key {
	__u64 cgroup;
	__u64 quota;
	__u32 bucket; /* as in KIND_WAIT */
	__u32 epoch;
};

/* A cgroup came or went. */
struct cgroup_event {
	__u64 id;
	__u64 parent;
	__u32 removed;
	char name[256];
};

/* One record of the iterator over tasks: a wait that is open now, or a CPU's clock with a task running on it. */
struct task_record {
	__u64 cgroup; /* of the waiting task; 0 in a clock record */
	__u64 ns; /* age of the wait, or run-queue clock */
	__u64 cpu;
	__u64 left_out; /* in a clock record: rq_left_out() at that clock */
};

/* The longest wait of a cgroup in an epoch. */
struct long_wait_key {
	__u64 cgroup;
	__u64 epoch;
};
