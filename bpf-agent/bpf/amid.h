/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Segments with payload in the middle of a request, or of an answer: next in order, so that nothing begins, ends or is missing, and all
 * that there is to remember is where they end. Each of these functions does the same as request.h and unread.h do, or nothing, and
 * says that by false. Pure arithmetic.
 */
#pragma once

#include "request.h"
#include "unread.h"

/* In the request's direction. Whether a silence was before it, which matters, is asked when the time is known. */
static __always_inline bool amid_request(const struct exchange *x, const struct request_segment *segment)
{
	/* Of a request that is open it is known where it goes on. */
	return x->open && x->next_request == segment->sequence && x->segments == REQUEST_EARLY &&
	       (x->overlapped || !x->knows_response || !sequence_before(segment->acknowledged, x->next_response));
}

/* In the response's: the request that it answers has ended. */
static __always_inline bool amid_response(const struct exchange *x, const struct request_segment *segment)
{
	return !x->open && x->knows_response && x->next_response == segment->sequence && x->segments == REQUEST_EARLY;
}

static __always_inline void amid_request_grows(struct exchange *x, __u64 now, const struct request_segment *segment)
{
	x->next_request += segment->length;
	x->newest = now;
}

static __always_inline void amid_response_grows(struct exchange *x, const struct request_segment *segment)
{
	x->next_response += segment->length;
}

/* A segment comes, by an interrupt that began then; 0: by none. */
static __always_inline bool amid_comes(struct exchange *x, struct unread *u, const struct request_segment *segment, __u64 began,
				       __u8 epoch)
{
	bool serves = x->role == ROLE_SERVER;

	if (serves ? !began || !amid_request(x, segment) || exchange_pauses(x, began) : !amid_response(x, segment))
		return false;
	if (!unread_goes_by(u, epoch, segment->sequence))
		return false;
	if (serves)
		amid_request_grows(x, began, segment);
	else
		amid_response_grows(x, segment);
	return true;
}

/* Whether a segment that leaves can be one, before anybody has asked for the time. */
static __always_inline bool amid_may_go(const struct exchange *x, const struct request_segment *segment)
{
	return x->role == ROLE_SERVER ? amid_response(x, segment) : amid_request(x, segment);
}

/* It leaves, after amid_may_go(); a server's may have no time. */
static __always_inline bool amid_goes(struct exchange *x, const struct request_segment *segment, __u64 now)
{
	if (x->role == ROLE_SERVER) {
		amid_response_grows(x, segment);
		return true;
	}
	if (exchange_pauses(x, now))
		return false;
	amid_request_grows(x, now, segment);
	return true;
}
