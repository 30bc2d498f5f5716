/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where results go: tables, the overflow of the tables, and the pieces of waits that go on. Global functions are verified
 * once, whoever calls them, which keeps the loops of their callers small; results.bpf.c has them.
 */
#pragma once

#include "memory.h"

/* The entry of a map of sums, made if it is not there. NULL if the map is full. */
#define sum_at(map, key)                                                                                               \
	({                                                                                                             \
		struct sum none = {};                                                                                  \
		struct sum *sum = bpf_map_lookup_elem(map, key);                                                       \
		if (!sum) {                                                                                            \
			bpf_map_update_elem(map, key, &none, BPF_NOEXIST);                                             \
			sum = bpf_map_lookup_elem(map, key);                                                           \
		}                                                                                                      \
		sum;                                                                                                   \
	})

static __always_inline bool sum_add(struct sum *sum, __u64 ns, __u64 count)
{
	if (!sum)
		return false;
	__sync_fetch_and_add(&sum->ns, ns);
	__sync_fetch_and_add(&sum->count, count);
	return true;
}

/* Where a duration is counted: a bucket's offset from BUCKET_FIRST, or WAIT_ZERO. */
int duration_bucket(__u64 ns);

/* Adds under (victim, what) in the tables of slot = cpu * 2 + epoch. Where that finds no room, a small culprit becomes "other". */
int account(__u32 slot, __u64 victim, __u64 code, __u64 ns, __u64 count);

/* How long a thread of cgroup stood still, all of it, because quota's budget was used up. */
int account_stall(__u32 slot, __u64 cgroup, __u64 quota, __u64 ns);

/* Remembers a closed piece of a wait that goes on elsewhere. */
int charge_pending(__u32 pid, __u64 code, __u64 ns);

/* Books the culprits of the pieces that a task left on other CPUs, pending_ns in all. */
int charge_pieces(__u32 slot, __u64 victim, __u32 pid, __u64 pending_ns);

/*
 * Charges [from, to) to whoever had log_cpu at each nanosecond of it: to victim in the tables of slot or, where slot is
 * PENDING_SLOT, to the pieces of the task whose pid is given as victim. `to` is not before the newest segment's start.
 */
int charge(__u32 log_cpu, __u32 slot, __u64 victim, __u64 from, __u64 to);

/* ns that interrupts have taken on the CPU since a time. */
__u64 taken_since(__u32 cpu, __u64 time);

static __always_inline void log_sink(__u32 slot, __u64 victim, __u64 occupant, __u64 ns)
{
	if (slot == PENDING_SLOT)
		charge_pending(victim, occupant, ns);
	else
		account(slot, victim, occupant, ns, 1);
}
