/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long data was in a socket before a thread read it. Of each connection one byte at a time is followed: the first one that comes
 * in order while none is; the read that takes it tells how long it was there, and then the next one that comes is followed. So
 * each value is exact, and a connection that is never idle costs one clock read for each of its reads. Pure arithmetic.
 */
#pragma once

#include "request.h"

struct unread {
	__u64 since; /* when the byte came; 0: none is followed */
	__u32 first; /* its sequence number */
	__u32 unused;
};

/* Whether the segment brings the byte that the socket expects: else it is old, or something before it is missing. */
static __always_inline bool unread_is_next(const struct request_segment *segment, __u32 expected)
{
	return !sequence_before(expected, segment->sequence) &&
	       sequence_before(expected, segment->sequence + segment->length);
}

static __always_inline void unread_comes(struct unread *u, __u64 now, __u32 expected)
{
	u->since = now;
	u->first = expected;
}

/* A thread has read up to `read`: whether the byte was among it. */
static __always_inline bool unread_ends(const struct unread *u, __u32 read)
{
	return u->since && sequence_before(u->first, read);
}

/* Values of a cgroup within one octave. */
struct unread_key {
	__u64 cgroup;
	__u32 bucket; /* as in struct request_key: the first one of an octave */
	__u32 epoch;
};

#define UNREAD_OCTAVE 8

struct unread_sums {
	__u64 count[UNREAD_OCTAVE];
	__u64 ns; /* of all of them */
};
