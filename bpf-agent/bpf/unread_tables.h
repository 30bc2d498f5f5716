/* SPDX-License-Identifier: Apache-2.0 */
/* Where it is counted how long data was unread. Glue for unread.h; request.bpf.c includes it. */
#pragma once

#include "cpu_rows.h"
#include "memory.h"
#include "results.h"
#include "unread.h"

/* 1.1 MB. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__type(key, struct unread_key);
	__type(value, struct unread_sums);
} unread SEC(".maps");

static const struct unread_sums nothing_unread = {};

static __noinline int count_unread(__u64 cgroup, __u64 ns, __u32 weight)
{
	__u32 bucket = duration_bucket(ns);
	struct unread_key key = { .cgroup = cgroup, .bucket = bucket & ~(UNREAD_OCTAVE - 1), .epoch = epoch & 1 };
	struct unread_sums *sums = unread_of_cpu(&key);

	if (!sums)
		sums = bpf_map_lookup_elem(&unread, &key);
	if (!sums) {
		bpf_map_update_elem(&unread, &key, &nothing_unread, BPF_NOEXIST);
		sums = bpf_map_lookup_elem(&unread, &key);
	}
	if (!sums) {
		count_lost(LOST_UNREAD, 1);
		return 0;
	}
	__sync_fetch_and_add(&sums->count[bucket & (UNREAD_OCTAVE - 1)], weight);
	__sync_fetch_and_add(&sums->ns, weight * ns);
	return 0;
}
