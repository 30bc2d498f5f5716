/* SPDX-License-Identifier: Apache-2.0 */
/* What the programs that time requests and the sensor say to each other: keys of maps. Nothing here computes. */
#pragma once

#include <linux/bpf.h>
#include "bounds.h"
#include "what.h"
#include "request.h"
#include "serving.h"
#include "longest.h"

/* Parts of an open request besides the kinds of waits: numbers of kinds, as in what.h. */
enum part {
	PART_UPSTREAM = 32,
	PART_UNREAD,
	PART_WORK,
	PART_UNATTRIBUTED, /* only the sensor says this */
	PART_SHARED, /* no single thread served it: parts are those of the container's threads meanwhile */
	PART_RETRANSMISSION,
	PART_QUEUE = 64, /* and more: plus the kind of whose packets left meanwhile, with the id that belongs to it */
};

#define PART_OF_QUEUE(what) ((what) + ((__u64)PART_QUEUE << WHAT_SHIFT))

/*
 * Whether a wait of ns is told as "other" in the anatomy of requests: one for another cgroup that is less than a 64th of the
 * time. Else every request would have a row, in its band, for everybody who ran for a moment meanwhile.
 */
#define part_is_small(what, ns, cgroup, of_ns)                                                                         \
	((what_kind(what) == KIND_CGROUP || what_kind(what) == KIND_SOFTIRQ) && (what) != (cgroup) && (ns) < (of_ns) / 64)

/* How many requests of a cgroup and role took how long. */
struct request_key {
	__u64 cgroup;
	__u16 bucket; /* as in KIND_WAIT; in the map, the first one of an octave */
	__u8 role;
	__u8 estimated;
	__u32 epoch;
};

#define OCTAVE_BUCKETS 8

/* The band of a bucket: requests that took (2^(band-1), 2^band] s. */
#define band_of_bucket(bucket) ((((int)(bucket) + BUCKET_FIRST) >> 3) + 1)

/* Kinds of waits without an id, waits behind own threads (in the place of KIND_CGROUP), and the parts from PART_UPSTREAM on. */
#define PLACES_OF_KINDS (KIND_UNATTRIBUTED + 1)
#define PART_PLACES (PLACES_OF_KINDS + PART_RETRANSMISSION - PART_UPSTREAM + 1)

/*
 * Requests of one octave, and those of their parts of which an octave has one each: whatever ends a request finds all of
 * this in one look. The other parts, which are culprits, are in a map by struct anatomy_key.
 */
struct request_sums {
	__u64 count[OCTAVE_BUCKETS];
	__u64 ns; /* of all of them */
	__u64 slowest; /* ns of the slowest of them, about: written without a lock */
	__u64 part[PART_PLACES]; /* ns */
};

/* Where in request_sums a part of a request of cgroup is; PART_PLACES or more if it has no place. */
static inline __attribute__((always_inline)) __u32 part_place(__u64 what, __u64 cgroup)
{
	if (what == cgroup)
		return KIND_CGROUP;
	if (what & WHAT_ID || what_kind(what) >= PART_QUEUE)
		return PART_PLACES;
	if (what_kind(what) < PLACES_OF_KINDS)
		return what_kind(what);
	return what_kind(what) - PART_UPSTREAM + PLACES_OF_KINDS;
}

/* The part of a request of cgroup that is there. */
static inline __attribute__((always_inline)) __u64 part_at(__u32 place, __u64 cgroup)
{
	if (place == KIND_CGROUP)
		return cgroup;
	return what((__u64)(place < PLACES_OF_KINDS ? place : place - PLACES_OF_KINDS + PART_UPSTREAM), 0);
}

/* The slowest request of a cgroup and role in an epoch. */
struct slowest_key {
	__u64 cgroup;
	__u32 role;
	__u32 epoch;
};

#define SLOWEST_PARTS (SERVER_PARTS + 4 + QUEUED_PARTS)

struct slowest {
	struct bpf_spin_lock lock;
	__u16 family; /* of the peer's address */
	__u16 port; /* network byte order, like the address */
	__u32 address[4]; /* of IPv4 in the first */
	__u16 estimated; /* an exchange */
	__u16 parts_estimated; /* no single thread served it */
	__u64 ns;
	__u64 ended; /* CLOCK_MONOTONIC */
	struct worst_part part[SLOWEST_PARTS]; /* those of no length mean nothing */
};

/* What happened while requests were open: culprits. */
struct anatomy_key {
	__u64 cgroup;
	__u64 what; /* what.h, or a part */
	__s8 band; /* band_of_bucket() */
	__u8 role;
	__u8 estimated;
	__u8 epoch;
	__u32 unused;
};
