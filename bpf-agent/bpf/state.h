/* SPDX-License-Identifier: Apache-2.0 */
/* What is remembered of a thread between two events. Layout only. */
#pragma once

/* How a thread was stopped when it last left the CPU. */
struct throttle {
	__u64 queue; /* identity; 0 if it was not stopped */
	__u64 arrivals; /* task_arrivals() then: after the next one this is void */
	__u64 start; /* run-queue clock when that queue was throttled */
	__u64 stopped; /* task_queue_stopped() before this stop */
	__u64 quota; /* cgroup whose quota ran out */
};

/* What we remember of a thread between two events. */
struct task_state {
	__u64 known; /* what was seen is valid */
	__u64 seen_run_delay;
	__u64 seen_arrivals;
	__u64 asleep; /* it was moved while it slept: the stamp that it has may be no wait's */
	__u64 pending_ns; /* closed pieces of the wait that is still open */
	__u64 throttled_ns; /* of them, the throttled part */
	__u64 throttled_quota; /* and whose quota it was */
	struct throttle throttle;
	__u64 server; /* index in server_threads; 0 if it serves no requests */
};

/* In place of a table's slot: the charge is kept with the task's pieces, and the task's pid stands for the victim. */
#define PENDING_SLOT 0xffffffffu
