/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where what is known of peers is added up, and which peers get rows of their own. Knows no socket.
 *
 * Whoever talks to many others cannot take the rows of the rest: each cgroup has a bound of its own in each role, and peers
 * beyond it share one row. A peer that was only tried to be reached gets less room than one that a connection stands with, so that a
 * scan does not push out the peers of its own cgroup either.
 */
#pragma once

#include "cpu_rows.h"
#include "memory.h"
#include "peer_tables.h"

SHARED_MEMORY struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, PEER_ROWS);
	__type(key, struct peer_key);
	__type(value, struct peer_sums);
} peers SEC(".maps");

/* Peers that have rows, by cgroup, role and epoch: see room_key(). */
SHARED_MEMORY struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__type(key, __u64);
	__type(value, __u32);
} peer_rooms SEC(".maps");

/* And of all cgroups, by epoch; the sensor sets it to 0. */
extern volatile __u32 peers_named[2];

static const struct peer_sums no_peer_sums = {};

/* IPv4 in IPv6: ::ffff:0:0, in network byte order. */
#define MAPPED __builtin_bswap32(0xffff)

static __always_inline void peer_address4(struct peer_key *key, __u32 address)
{
	key->address[0] = key->address[1] = 0;
	key->address[2] = MAPPED;
	key->address[3] = address;
}

/* Where the peer's counts are in the map: this is made first, and says that the peer has rows of its own. */
static __always_inline bool peer_has_rows(struct peer_key *counts)
{
	return bpf_map_lookup_elem(&peers, counts);
}

/* The epoch is the lowest bit. */
static __always_inline __u64 room_key(const struct peer_key *key)
{
	return key->cgroup << 2 | (key->role == ROLE_CLIENT) << 1 | key->epoch;
}

/* Gives the peer rows of its own, if there is room. */
static __always_inline bool peer_gets_rows(struct peer_key *counts, bool connected)
{
	__u64 of_cgroup = room_key(counts);
	__u32 *room = bpf_map_lookup_elem(&peer_rooms, &of_cgroup);
	__u32 none = 0;

	if (!room) {
		bpf_map_update_elem(&peer_rooms, &of_cgroup, &none, BPF_NOEXIST);
		room = bpf_map_lookup_elem(&peer_rooms, &of_cgroup);
	}
	if (!room || *room >= (connected ? PEERS_OF_CGROUP : PEERS_TRIED) || peers_named[counts->epoch & 1] >= PEERS_NAMED)
		return false;
	/* Another CPU may have been faster. */
	if (bpf_map_update_elem(&peers, counts, &no_peer_sums, BPF_NOEXIST))
		return peer_has_rows(counts);
	__sync_fetch_and_add(room, 1);
	__sync_fetch_and_add(&peers_named[counts->epoch & 1], 1);
	return true;
}

/*
 * The row of a key, of this epoch, which the caller leaves open; `connected`: a connection stands with that peer, or stood. Where
 * there is no room, that of the others of its cgroup. NULL if there is none at all.
 */
static __noinline struct peer_sums *peer_sums(struct peer_key *key, bool connected)
{
	struct peer_key counts;
	struct peer_sums *sums;

	key->epoch = epoch & 1;
	sums = bpf_map_lookup_elem(&peers, key);
	if (sums)
		return sums;
	counts = *key;
	counts.what = PEER_COUNTS;
	counts.bucket = 0;
	if (key->what != PEER_LISTENER && !peer_has_rows(&counts) && !peer_gets_rows(&counts, connected)) {
		__builtin_memset(key->address, 0, sizeof(key->address));
		key->port = 0;
	}
	bpf_map_update_elem(&peers, key, &no_peer_sums, BPF_NOEXIST);
	sums = bpf_map_lookup_elem(&peers, key);
	if (!sums)
		count_lost(LOST_PEERS, 1);
	return sums;
}

static __always_inline void add_to_durations(struct peer_durations *durations, __u16 bucket, __u64 ns)
{
	__sync_fetch_and_add(&durations->count[bucket & (OCTAVE_BUCKETS - 1)], 1);
	__sync_fetch_and_add(&durations->ns, ns);
}

/* Adds a duration to one of the peer's histograms. */
static __noinline int peer_duration(struct peer_key *key, enum peer_what what, __u16 bucket, __u64 ns)
{
	struct peer_sums *sums;

	key->what = what;
	key->bucket = bucket & ~(OCTAVE_BUCKETS - 1);
	sums = peer_sums(key, true);
	if (!sums)
		return 0;
	add_to_durations(&sums->durations, bucket, ns);
	return 0;
}

/*
 * As peer_duration(), for what is added often. A peer that is known to have rows of its own gets one that is this CPU's, too, so that
 * the bounds of peers hold for both.
 */
static __noinline int peer_request(struct peer_key *key, __u16 bucket, __u64 ns)
{
	struct peer_durations *durations;

	key->epoch = epoch & 1;
	key->what = PEER_REQUEST;
	key->bucket = bucket & ~(OCTAVE_BUCKETS - 1);
	durations = peer_of_cpu(key, false);
	if (durations) {
		add_to_durations(durations, bucket, ns);
		return 0;
	}
	peer_duration(key, PEER_REQUEST, bucket, ns);
	if (key->address[2] | key->address[3])
		peer_of_cpu(key, true);
	return 0;
}

/* The peer's counts. NULL if there is no room. */
static __always_inline struct peer_counts *peer_counts(struct peer_key *key, bool connected)
{
	struct peer_sums *sums;

	key->what = PEER_COUNTS;
	key->bucket = 0;
	sums = peer_sums(key, connected);
	return sums ? &sums->counts : NULL;
}
