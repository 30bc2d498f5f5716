/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds rows in what this CPU keeps for itself (cpu_sums.h). cpu_rows.bpf.c says where they are: functions of numbers only, which are
 * verified once, whoever calls them.
 */
#pragma once

#include "memory.h"
#include "cpu_sums.h"

SHARED_MEMORY struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 2); /* 2 x CPUs, set by the sensor: index is cpu * 2 + epoch */
	__type(key, __u32);
	__type(value, struct cpu_sums);
} cpu_sums SEC(".maps");

static __always_inline struct cpu_sums *cpu_sums_of(__u32 epoch)
{
	__u32 index = bpf_get_smp_processor_id() * 2 + (epoch & 1);

	return bpf_map_lookup_elem(&cpu_sums, &index);
}

/* The place of a row with that key, which it has or gets; CPU_REQUESTS if there is none. `rest` is rest_of_request(). */
__u32 request_place(__u64 cgroup, __u64 rest);

/* Likewise; CPU_UNREAD if there is none. */
__u32 unread_place(__u64 cgroup, __u32 bucket, __u32 epoch);

/* The place that a peer has or, if it is `claiming`, gets; CPU_PEERS if there is none. a to d are the key. */
__u32 peer_place(__u64 a, __u64 b, __u64 c, __u64 d, __u32 claiming);

/* All of the key but the cgroup. */
static __always_inline __u64 rest_of_request(const struct request_key *key)
{
	return (__u64)key->epoch << 32 | (__u64)key->estimated << 24 | (__u64)key->role << 16 | key->bucket;
}

/* NULL if there is no place. */
static __always_inline struct request_sums *requests_of_cpu(const struct request_key *key)
{
	__u32 place = request_place(key->cgroup, rest_of_request(key));
	struct cpu_sums *sums = cpu_sums_of(key->epoch);

	if (!sums || place >= CPU_REQUESTS)
		return NULL;
	barrier_var(place); /* else the address is made before the number is looked at, which the verifier refuses */
	return &sums->requests[place & (CPU_REQUESTS - 1)].sums;
}

/* NULL if there is no place; or, unless it is `claiming`, if it has none yet. */
static __always_inline struct peer_durations *peer_of_cpu(const struct peer_key *key, bool claiming)
{
	const __u64 *words = (const __u64 *)key;
	__u32 place = peer_place(words[0], words[1], words[2], words[3], claiming);
	struct cpu_sums *sums = cpu_sums_of(key->epoch);

	if (!sums || place >= CPU_PEERS)
		return NULL;
	barrier_var(place); /* else the address is made before the number is looked at, which the verifier refuses */
	return &sums->peers[place & (CPU_PEERS - 1)].sums;
}

/* NULL if there is no place. */
static __always_inline struct unread_sums *unread_of_cpu(const struct unread_key *key)
{
	__u32 place = unread_place(key->cgroup, key->bucket, key->epoch);
	struct cpu_sums *sums = cpu_sums_of(key->epoch);

	if (!sums || place >= CPU_UNREAD)
		return NULL;
	barrier_var(place); /* else the address is made before the number is looked at, which the verifier refuses */
	return &sums->unread[place & (CPU_UNREAD - 1)].sums;
}
