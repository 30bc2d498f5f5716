// SPDX-License-Identifier: Apache-2.0
/*
 * Where rows are in what a CPU keeps for itself: a row has two places that it may be in.
 *
 * A program that adds may be interrupted by another that adds, on the same CPU. So additions are atomic; and whoever takes a place says so
 * first, and has it only if nobody else has said so. One that two have said so of is nobody's until the sensor empties it. The
 * cgroup, which is never 0, is the last of a key to be written: who finds it finds all of it.
 */
#include "kernel.h"
#include "cpu_rows.h"

#define PLACES 2

static __always_inline __u32 row_hash(__u64 a, __u64 b)
{
	return ((a * 0x9e3779b97f4a7c15ull) ^ (b * 0xd6e8feb86659fd93ull)) >> 32;
}

/* Whether a place was free, and is the caller's now. */
static __always_inline bool claims(volatile __u64 *claims)
{
	if (*claims)
		return false;
	__sync_fetch_and_add(claims, 1);
	return *claims == 1;
}

__noinline __u32 request_place(__u64 cgroup, __u64 rest)
{
	struct cpu_sums *sums = cpu_sums_of(rest >> 32);
	__u32 at = row_hash(cgroup, rest);

	for (__u32 i = 0; i < PLACES && sums; i++) {
		__u32 place = (at + i) & (CPU_REQUESTS - 1);
		struct cpu_requests *row = &sums->requests[place];

		if (row->key.cgroup == cgroup && rest_of_request(&row->key) == rest)
			return place;
		if (claims(&row->claims)) {
			row->key.bucket = rest;
			row->key.role = rest >> 16;
			row->key.estimated = rest >> 24;
			row->key.epoch = rest >> 32;
			barrier();
			row->key.cgroup = cgroup;
			return place;
		}
	}
	return CPU_REQUESTS;
}

__noinline __u32 unread_place(__u64 cgroup, __u32 bucket, __u32 epoch)
{
	struct cpu_sums *sums = cpu_sums_of(epoch);
	__u32 at = row_hash(cgroup, bucket);

	for (__u32 i = 0; i < PLACES && sums; i++) {
		__u32 place = (at + i) & (CPU_UNREAD - 1);
		struct cpu_unread *row = &sums->unread[place];

		if (row->key.cgroup == cgroup && row->key.bucket == bucket)
			return place;
		if (claims(&row->claims)) {
			row->key.bucket = bucket;
			row->key.epoch = epoch;
			barrier();
			row->key.cgroup = cgroup;
			return place;
		}
	}
	return CPU_UNREAD;
}

__noinline __u32 peer_place(__u64 a, __u64 b, __u64 c, __u64 d, __u32 claiming)
{
	struct cpu_sums *sums = cpu_sums_of(d >> 8 * (__builtin_offsetof(struct peer_key, epoch) - 3 * sizeof(d)));
	__u32 at = row_hash(a ^ c, b ^ d);

	for (__u32 i = 0; i < PLACES && sums; i++) {
		__u32 place = (at + i) & (CPU_PEERS - 1);
		struct cpu_peers *row = &sums->peers[place];
		__u64 *words = (__u64 *)&row->key;

		if (words[0] == a && words[1] == b && words[2] == c && words[3] == d)
			return place;
		if (claiming && claims(&row->claims)) {
			words[1] = b;
			words[2] = c;
			words[3] = d;
			barrier();
			words[0] = a;
			return place;
		}
	}
	return CPU_PEERS;
}
