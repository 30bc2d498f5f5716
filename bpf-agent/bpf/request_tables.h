/* SPDX-License-Identifier: Apache-2.0 */
/* What the programs that time requests and the sensor say to each other: keys of maps. Nothing here computes. */
#pragma once

#include <linux/bpf.h>
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
};

/*
 * Whether a wait of ns is told as "other" in the anatomy of requests: one for another cgroup that is less than a 64th of the
 * time. Else every request would have a row, in its band, for everybody who ran for a moment meanwhile.
 */
#define part_is_small(what, ns, cgroup, of_ns)                                                                         \
	((what_kind(what) == KIND_CGROUP || what_kind(what) == KIND_SOFTIRQ) && (what) != (cgroup) && (ns) < (of_ns) / 64)

/* How many requests of a cgroup and role took how long. */
struct request_key {
	__u64 cgroup;
	__u16 bucket; /* as in KIND_WAIT */
	__u8 role;
	__u8 estimated;
	__u32 epoch;
};

/* The slowest request of a cgroup and role in an epoch. */
struct slowest_key {
	__u64 cgroup;
	__u32 role;
	__u32 epoch;
};

#define SLOWEST_PARTS (SERVER_PARTS + 3)

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

/* What happened while requests were open. */
struct anatomy_key {
	__u64 cgroup;
	__u64 what; /* what.h, or a part */
	__s8 band; /* of requests that took (2^(band-1), 2^band] s */
	__u8 role;
	__u8 estimated;
	__u8 epoch;
	__u32 unused;
};
