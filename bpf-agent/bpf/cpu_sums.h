/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sums about requests that a CPU keeps for itself during an epoch: found without a hash table, and not torn from CPU to CPU by each
 * addition. Who finds no place here adds to the maps that all CPUs share, which have rows of the same kind; the sensor reads both.
 * Layout only; cpu_rows.h finds places.
 */
#pragma once

#include "peer_tables.h"
#include "unread.h"

/* Places, powers of two: 23 KB. */
#define CPU_REQUESTS 64
#define CPU_PEERS 64
#define CPU_UNREAD 32

struct cpu_requests {
	__u64 claims; /* how many have said that this place is theirs: it is somebody's if that is 1, and free if it is 0 */
	struct request_key key;
	struct request_sums sums;
};

struct cpu_peers {
	__u64 claims;
	struct peer_key key;
	struct peer_durations sums;
};

struct cpu_unread {
	__u64 claims;
	struct unread_key key;
	struct unread_sums sums;
};

struct cpu_sums {
	struct cpu_requests requests[CPU_REQUESTS];
	struct cpu_peers peers[CPU_PEERS];
	struct cpu_unread unread[CPU_UNREAD];
};
