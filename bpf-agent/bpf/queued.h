/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long packets of an open request stood in queues of devices, and whose packets left meanwhile. Pure arithmetic; knows no kernel
 * structure. Each stretch of time between two departures from a queue is charged as net_queue.h says; of a request's packets that
 * stand at the same time, each instant counts once.
 */
#pragma once

#define QUEUED_PARTS 4 /* culprits that are told apart; the last one takes the rest, as "other" */

struct queued_part {
	__u64 what; /* what.h */
	__u64 ns;
};

/* Of one request, or of all that a thread has sent. */
struct queued {
	__u64 since; /* when the first of its packets came */
	__u64 until; /* up to when it is told; of a thread: server_slept_upstream() */
	__u64 ns;
	struct queued_part part[QUEUED_PARTS]; /* they add up to ns; those of no length mean nothing */
};

static __always_inline void queued_add(struct queued *q, __u64 what, __u64 ns)
{
	q->ns += ns;
	for (__u32 i = 0; i < QUEUED_PARTS; i++) {
		struct queued_part *part = &q->part[i];

		if (part->ns && part->what != what && i < QUEUED_PARTS - 1)
			continue;
		part->what = i == QUEUED_PARTS - 1 ? what(KIND_OTHER, 0) : what;
		part->ns += ns;
		return;
	}
}

/*
 * Departures from a queue, newest last, those of one owner in a row as one: a packet that has stood for more of them is told the older
 * ones as "other".
 */
#define DEPARTURES 32 /* a power of two */

struct departures {
	__u64 until; /* the last one */
	__u64 pushed;
	struct {
		__u64 from; /* the departure before it */
		__u64 what; /* who is charged for the time from then on */
	} stretch[DEPARTURES];
};

static __always_inline void departures_add(struct departures *d, __u64 what, __u64 now)
{
	if (!d->pushed || d->stretch[(d->pushed - 1) & (DEPARTURES - 1)].what != what) {
		d->stretch[d->pushed & (DEPARTURES - 1)].from = d->until;
		d->stretch[d->pushed & (DEPARTURES - 1)].what = what;
		d->pushed++;
	}
	if (now > d->until)
		d->until = now;
}

/* A packet of a request of `self` departs, which came at `from`; that is the last departure. */
static __always_inline void queued_stood(struct queued *q, const struct departures *d, __u64 self, __u64 from)
{
	__u64 until = d->until, pushed = d->pushed;

	if (!q->since || from < q->since)
		q->since = from;
	if (from < q->until)
		from = q->until;
	if (from >= until)
		return;
	q->until = until;
	for (__u32 i = 1; i <= DEPARTURES; i++) {
		__u64 began, what;

		if (i > pushed || until <= from)
			break;
		began = d->stretch[(pushed - i) & (DEPARTURES - 1)].from;
		if (began < from)
			began = from;
		if (began >= until)
			continue;
		what = d->stretch[(pushed - i) & (DEPARTURES - 1)].what;
		queued_add(q, what_for(what, self), until - began);
		until = began;
	}
	if (until > from)
		queued_add(q, what(KIND_OTHER, 0), until - from);
}
