/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long data was in a socket before a thread read it. Of each connection one byte at a time is followed: the first one that comes
 * in order while none is; the read that takes it tells how long it was there, and then the next one that comes is followed. Each value
 * is exact. Of a connection that has many in an interval most are passed over, which costs no clock read, and those that are told
 * stand for them. Pure arithmetic.
 */
#pragma once

#include "request.h"

/* Values of a connection in an interval that are all told, and after those: in how many one is. */
#define UNREAD_ALL 1024
#define UNREAD_EVERY 16

struct unread {
	__u64 since; /* when the byte came; UNREAD_PASSED: passed over; 0: none is followed */
	__u32 first; /* its sequence number */
	__u16 values; /* that began in this epoch; beyond UNREAD_ALL in circles */
	__u8 epoch;
	__u8 weight; /* how many values that of this byte stands for */
};

#define UNREAD_PASSED 1 /* no time at which anything comes */

/* A value begins: how many it stands for; 0 if it is passed over. */
static __always_inline __u8 unread_weight(struct unread *u, __u8 epoch)
{
	if (u->epoch != epoch) {
		u->epoch = epoch;
		u->values = 0;
	}
	if (++u->values <= UNREAD_ALL)
		return 1;
	if (u->values < UNREAD_ALL + UNREAD_EVERY)
		return 0;
	u->values = UNREAD_ALL;
	return UNREAD_EVERY;
}

/* Whether the segment brings the byte that the socket expects: else it is old, or something before it is missing. */
static __always_inline bool unread_is_next(const struct request_segment *segment, __u32 expected)
{
	return !sequence_before(expected, segment->sequence) &&
	       sequence_before(expected, segment->sequence + segment->length);
}

/*
 * Whether a segment that seems to bring the byte that the socket expects, `first`, can go by: a byte is followed already, or the value
 * that begins is passed over, and has been begun. Else unread_weight() is to be asked.
 */
static __always_inline bool unread_goes_by(struct unread *u, __u8 epoch, __u32 first)
{
	if (u->since)
		return true;
	if (u->epoch != epoch || u->values < UNREAD_ALL || u->values >= UNREAD_ALL + UNREAD_EVERY - 1)
		return false;
	u->values++;
	u->weight = 0;
	u->first = first;
	u->since = UNREAD_PASSED;
	return true;
}

/*
 * Whether a value begins with a segment to a socket that expects the byte `expected`. If that is before the byte of a value that was passed
 * over, that one has not begun: what went by was too early.
 */
static __always_inline bool unread_begins(struct unread *u, const struct request_segment *segment, __u32 expected)
{
	if (u->since == UNREAD_PASSED && sequence_before(expected, u->first)) {
		u->values--;
		u->since = 0;
	}
	return !u->since && unread_is_next(segment, expected);
}

/* `now` is only looked at if the byte has a weight. */
static __always_inline void unread_comes(struct unread *u, __u64 now, __u32 expected, __u8 weight)
{
	u->weight = weight;
	u->first = expected;
	u->since = weight ? now : UNREAD_PASSED;
}

/* Whether somebody wants to know when the byte is read; of one that is passed over only that it is. */
static __always_inline bool unread_is_timed(const struct unread *u)
{
	return u->since > UNREAD_PASSED;
}

/* A thread has read up to `read`: whether the byte was among it. */
static __always_inline bool unread_ends(const struct unread *u, __u32 read)
{
	return sequence_before(u->first, read);
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
