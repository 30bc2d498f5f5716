/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What of the time of an open request segments are to blame for that were lost. Pure arithmetic; knows no kernel structure.
 *
 * Where the request was sent (client): from when something of it was last sent, for the first time or again, to when a segment of
 * it is sent again. So no instant counts twice, and a segment that others were sent after counts from the last of these only:
 * until then the connection was not held up. Where it came to (server): from when later bytes of it are there to when
 * those before them come. That the last bytes are missing nobody can know there.
 */
#pragma once

#include "request.h"
#include "serving.h"

struct losses {
	__u64 ns; /* of the open request, so far */
	__u64 sent; /* client: when a segment was last sent again */
	__u64 slept; /* client: server_slept_upstream() of the thread that sent the request, when something was last sent */
	__u64 asked_slept, asked_lost; /* client: that, and lost_ns of the thread, when the request began */
	__u64 since; /* server: since when bytes are missing; 0: none are */
	__u64 waited; /* server: waited_ns of the thread then */
	__u32 missing, until; /* server: the first byte that is missing, and the first one known that is not */
};

/* A request begins; t is the thread that sends it, NULL if it serves none itself. */
static __always_inline void losses_begin(struct losses *l, const struct server_thread *t, __u64 now)
{
	l->ns = l->since = 0;
	l->sent = now;
	l->slept = l->asked_slept = t ? server_slept_upstream(t, now) : 0;
	l->asked_lost = t ? t->lost_ns : 0;
}

/* A segment of an open request is sent again, the last one that was new at `newest`. Also the thread that waits for its answer loses time. */
static __always_inline void losses_again(struct losses *l, struct server_thread *t, __u64 newest, __u64 now)
{
	__u64 from = l->sent > newest ? l->sent : newest;
	__u64 ns = now > from ? now - from : 0;

	l->ns += ns;
	l->sent = now;
	if (t)
		l->slept = server_loses(t, l->slept, ns, now);
}

/*
 * A segment comes to a server that expects the byte `next`; t is the thread that has read here, NULL if none has. What a thread
 * waits for a CPU meanwhile is that wait's.
 */
static __always_inline void losses_gap(struct losses *l, const struct server_thread *t, __u64 now, __u32 next,
				       const struct request_segment *segment)
{
	l->since = now;
	l->waited = t ? t->waited_ns : 0;
	l->missing = next;
	l->until = segment->sequence;
}

static __always_inline __u64 losses_missing(const struct losses *l, const struct server_thread *t, __u64 now)
{
	__u64 ns = l->since && now > l->since ? now - l->since : 0;
	__u64 waited = t && t->waited_ns > l->waited ? t->waited_ns - l->waited : 0;

	return ns > waited ? ns - waited : 0;
}

/* Whether the segment brings what is missing; then all of it may be there. */
static __always_inline bool losses_fills(const struct losses *l, const struct request_segment *segment)
{
	return l->since && !sequence_before(l->missing, segment->sequence) &&
	       sequence_before(l->missing, segment->sequence + segment->length);
}

static __always_inline void losses_fill(struct losses *l, const struct server_thread *t, __u64 now,
					const struct request_segment *segment)
{
	l->missing = segment->sequence + segment->length;
	if (sequence_before(l->missing, l->until))
		return;
	l->ns += losses_missing(l, t, now);
	l->since = 0;
}

/* Of the time for which packets of the request stood in queues: what losses are to blame for already, as one was sent again meanwhile. */
static __always_inline __u64 losses_queued(const struct losses *l, const struct queued *q)
{
	__u64 ns = l->sent > q->since ? l->sent - q->since : 0;

	if (ns > l->ns)
		ns = l->ns;
	return ns < q->ns ? ns : q->ns;
}
