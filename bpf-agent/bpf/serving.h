/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What happened while a request was open, told from the thread that serves it: from the one that reads it to the one that
 * answers. Pure arithmetic on what is remembered of such a thread and of the connection; knows no kernel structure.
 *
 * Each nanosecond of an open request is one part, the first of these that it can be: stopped by a quota, waiting for a CPU,
 * something of it or of a request to an upstream was lost (losses.h), asleep while a packet for an upstream stands in a queue
 * (queued.h), or while an upstream has not answered for another reason, not yet read, and else work: on a CPU, or asleep for a reason that is not
 * measured (a lock, a disk, a timer). Times here are of CLOCK_MONOTONIC.
 *
 * A thread's waits are summed up by what they were for, over all its life. A request remembers those sums as they were when
 * it came, so any number of open requests share them.
 */
#pragma once

#include "queued.h"

#define SERVER_PARTS 16 /* culprits that are told apart; the last one takes the rest, as "other" */
#define SERVER_WAITS 8 /* of which it is known when they were; a power of two */

struct server_part {
	__u64 what; /* what.h */
	__u64 ns;
	__u64 wait; /* number of the last wait that this is part of, */
	__u64 last_ns; /* and how much of it */
};

/* A thread that serves requests. Written by itself and when it gets or leaves a CPU; `upstreams` also when answers come. */
struct server_thread {
	__u32 pid; /* 0: free */
	__u32 generation; /* goes up when the parts begin anew: what was remembered of them is void */
	__u64 open; /* requests that it has read and that are not answered */
	__u64 upstreams; /* requests that it has sent and that are not answered */
	__u64 upstream_since; /* when the first of these was sent */
	__u64 upstream_ns; /* time in which there was at least one, until the last answer */
	__u64 asleep_since; /* 0 if it is not asleep */
	__u64 asleep_upstream_ns; /* server_upstream() then */
	__u64 slept_upstream_ns; /* time asleep in which at least one upstream had not answered */
	__u64 lost_ns; /* of that, what lost segments of requests to upstreams are to blame for */
	__u64 lost_until; /* server_slept_upstream() up to which that is told */
	__u64 waited_ns; /* of all waits that have ended */
	struct queued queued; /* of time asleep for upstreams, what queues are to blame for */
	__u64 waits; /* that have ended; the last one is in wait[waits % SERVER_WAITS] */
	struct {
		__u64 from, to;
	} wait[SERVER_WAITS];
	__u64 booked_ns; /* of the wait that is being booked */
	__u64 parts;
	struct server_part part[SERVER_PARTS];
};

/* What a connection remembers of the thread that serves its open request. */
struct service {
	__u32 server; /* index of the thread, 0 if none has ever read here */
	__u32 pid; /* whose index that was */
	__u32 generation;
	__u8 since_start; /* ns and waits are those at the request's first byte */
	__u8 on; /* counted in the thread's open */
	__u8 upstream; /* counted in the thread's upstreams */
	__u8 parts; /* ns beyond these are 0, whatever is there */
	__u64 waits;
	__u64 unread_ns;
	__u64 upstream_ns; /* slept_upstream_ns when it was read */
	__u64 lost_ns; /* the thread's, likewise */
	__u64 queued_ns[QUEUED_PARTS]; /* likewise, by what its parts were then */
	__u64 ns[SERVER_PARTS];
};

/* A thread takes the place of another, or the first one. */
static __always_inline void server_begin(struct server_thread *t, __u32 pid)
{
	t->pid = pid;
	t->generation++;
	t->open = t->upstreams = t->asleep_since = t->parts = 0;
	t->waits = t->booked_ns = 0;
	t->wait[0].from = t->wait[0].to = 0;
}

/* A piece of the wait that is being booked. */
static __always_inline void server_add(struct server_thread *t, __u64 what, __u64 ns)
{
	t->booked_ns += ns;
	for (__u32 i = 0; i < SERVER_PARTS; i++) {
		struct server_part *part = &t->part[i];

		if (i >= t->parts) {
			t->parts = i + 1;
			part->what = i == SERVER_PARTS - 1 ? what(KIND_OTHER, 0) : what;
			part->ns = part->wait = part->last_ns = 0;
		} else if (part->what != what && i < SERVER_PARTS - 1) {
			continue;
		}
		if (part->wait != t->waits + 1)
			part->last_ns = 0;
		part->wait = t->waits + 1;
		part->last_ns += ns;
		part->ns += ns;
		return;
	}
}

/* Whether an upstream has not answered. Below zero is none: see server_asks(). */
static __always_inline bool server_has_upstreams(const struct server_thread *t)
{
	return (__s64)t->upstreams > 0;
}

/* Time up to now in which at least one upstream had not answered. */
static __always_inline __u64 server_upstream(const struct server_thread *t, __u64 now)
{
	if (!server_has_upstreams(t) || now <= t->upstream_since)
		return t->upstream_ns;
	return t->upstream_ns + (now - t->upstream_since);
}

/* Time asleep up to now in which at least one upstream had not answered. */
static __always_inline __u64 server_slept_upstream(const struct server_thread *t, __u64 now)
{
	__u64 upstream = t->asleep_since ? server_upstream(t, now) : 0;

	return t->slept_upstream_ns + (upstream > t->asleep_upstream_ns ? upstream - t->asleep_upstream_ns : 0);
}

/*
 * Something that the thread has sent to an upstream is sent again: of the last ns, what it slept since it had slept `from`. Of upstreams
 * that lose something at the same time each instant counts once. Returns what it has slept by now.
 */
static __always_inline __u64 server_loses(struct server_thread *t, __u64 from, __u64 ns, __u64 now)
{
	__u64 slept = server_slept_upstream(t, now), lost;

	if (from < t->lost_until)
		from = t->lost_until;
	lost = slept > from ? slept - from : 0;
	t->lost_ns += lost < ns ? lost : ns;
	if (slept > t->lost_until)
		t->lost_until = slept;
	return slept;
}

/* ns * from / of, where from <= of. */
static __always_inline __u64 fraction(__u64 ns, __u64 from, __u64 of)
{
	__u64 ratio = of ? (from << 16) / of : 0;

	return (ns >> 16) * ratio + ((ns & 0xffff) * ratio >> 16);
}

/*
 * An upstream answers a request that the thread has sent when it had slept `from` and lost `lost`: of what it slept since, packets
 * stood in queues for `most`, and q says for whom. Each instant counts for one upstream.
 */
static __always_inline void server_queued(struct server_thread *t, const struct queued *q, __u64 most, __u64 from,
					  __u64 lost, __u64 now)
{
	__u64 slept = server_slept_upstream(t, now), ns, all = q->ns;

	if (from < t->queued.until)
		from = t->queued.until;
	ns = slept > from ? slept - from : 0;
	lost = t->lost_ns - lost;
	ns = ns > lost ? ns - lost : 0;
	if (slept > t->queued.until)
		t->queued.until = slept;
	if (ns > most)
		ns = most;
	for (__u32 i = 0; i < QUEUED_PARTS; i++) {
		__u64 part = ns < all ? fraction(q->part[i].ns, ns, all) : q->part[i].ns;

		if (part)
			queued_add(&t->queued, q->part[i].what, part);
	}
}

static __always_inline void server_sleeps(struct server_thread *t, __u64 now)
{
	t->asleep_since = now;
	t->asleep_upstream_ns = server_upstream(t, now);
}

/* The thread got a CPU; the wait that ends with that has been added. */
static __always_inline void server_runs(struct server_thread *t, __u64 now)
{
	__u64 woken = now - t->booked_ns;

	t->waits++;
	t->wait[t->waits & (SERVER_WAITS - 1)].from = woken;
	t->wait[t->waits & (SERVER_WAITS - 1)].to = now;
	t->waited_ns += t->booked_ns;
	t->booked_ns = 0;
	if (t->asleep_since && woken > t->asleep_since) {
		__u64 slept = woken - t->asleep_since;
		__u64 upstream = server_upstream(t, now) - t->asleep_upstream_ns;

		t->slept_upstream_ns += upstream < slept ? upstream : slept;
	}
	t->asleep_since = 0;
}

/*
 * The thread sends a request. What a connection says twice at once, on two CPUs, has left the number below zero: that ends
 * here, as only the thread itself asks.
 */
static __always_inline void server_asks(struct server_thread *t, __u64 now)
{
	if (!server_has_upstreams(t)) {
		t->upstream_since = now;
		t->upstreams = 0;
	}
	__sync_fetch_and_add(&t->upstreams, 1);
}

/* Answers come on any CPU, two at once, too: then both find that none is left to come, and the second adds nothing. */
static __always_inline void server_answered(struct server_thread *t, __u64 now)
{
	if (!server_has_upstreams(t))
		return;
	__sync_fetch_and_add(&t->upstreams, -1);
	if (!server_has_upstreams(t) && now > t->upstream_since) {
		t->upstream_ns += now - t->upstream_since;
		t->upstream_since = now;
	}
}

/* The first byte of a request came, on a connection that the thread has served before. */
static __always_inline void service_awaits(struct service *s, const struct server_thread *t)
{
	s->since_start = 1;
	s->generation = t->generation;
	s->waits = t->waits;
	s->parts = t->parts;
	for (__u32 i = 0; i < SERVER_PARTS; i++) {
		if (i >= t->parts)
			break;
		s->ns[i] = t->part[i].ns;
	}
}

static __always_inline __u64 service_part(const struct service *s, __u32 i)
{
	return i < s->parts ? s->ns[i] : 0;
}

/*
 * The thread reads the first bytes of a request that came at start. What it waited since then is the request's: all that was
 * added since service_awaits() or, on a connection that it has not served before, its last wait if that ended since. Of a
 * wait that had begun before the request came, only the rest is. For lost_ns of all that it could not be read.
 */
static __always_inline void service_begins(struct service *s, struct server_thread *t, __u64 start, __u64 now,
					   __u64 lost_ns)
{
	bool known = s->since_start && s->generation == t->generation;
	__u64 first = known ? s->waits + 1 : t->waits; /* the wait that may have begun before */
	__u64 from = t->wait[first & (SERVER_WAITS - 1)].from, to = t->wait[first & (SERVER_WAITS - 1)].to;
	bool since = t->waits - first < SERVER_WAITS && to > start;
	__u64 early = since && from < start ? start - from : 0;
	__u64 waited = 0, late = 0;

	for (__u32 i = 0; i < SERVER_PARTS; i++) {
		const struct server_part *part = &t->part[i];
		__u64 last = part->wait == t->waits ? part->last_ns : 0;
		__u64 ns = part->ns, was;

		if (i >= t->parts)
			break;
		if (known)
			was = service_part(s, i);
		else
			was = since && last < ns ? ns - last : ns;
		if (early && first == t->waits)
			was += fraction(last, early, to - from);
		if (was > ns)
			was = ns;
		s->ns[i] = was;
		waited += ns - was;
	}
	s->parts = t->parts;
	/* There were more since, so that it is not known any more whom that one was for. */
	if (first == t->waits || early > waited)
		early = 0;
	late = waited;
	for (__u32 i = 0; i < SERVER_PARTS; i++) {
		__u64 more;

		if (!early || i >= t->parts)
			break;
		more = fraction(t->part[i].ns - s->ns[i], early, waited);
		s->ns[i] += more;
		late -= more;
	}
	s->since_start = 0;
	s->generation = t->generation;
	late += lost_ns;
	s->unread_ns = now - start > late ? now - start - late : 0;
	s->lost_ns = t->lost_ns;
	for (__u32 i = 0; i < QUEUED_PARTS; i++)
		s->queued_ns[i] = t->queued.part[i].ns;
	s->upstream_ns = t->slept_upstream_ns;
}

/* Takes up to ns of what is left of a request. */
static __always_inline __u64 service_take(__u64 *left, __u64 ns)
{
	__u64 taken = ns < *left ? ns : *left;

	*left -= taken;
	return taken;
}

/* The parts of a request, besides the waits, which are in service.ns. */
struct service_parts {
	__u64 lost_ns, upstream_ns, unread_ns, work_ns;
	__u64 queued_ns[QUEUED_PARTS]; /* by who is to blame, as the thread or the request has it */
};

/*
 * The thread that has read the request answers it, ns after its first byte, for lost_ns of which something of it was missing. Leaves the waits of the request in service_part(). All
 * parts together are ns, whatever the thread's books say: what does not fit is left out, the lowest in precedence first.
 */
static __always_inline struct service_parts service_ends(struct service *s, const struct server_thread *t, __u64 ns,
							  __u64 lost_ns)
{
	struct service_parts parts;
	bool known = s->generation == t->generation;
	__u64 slept = t->slept_upstream_ns - s->upstream_ns, lost = t->lost_ns - s->lost_ns;
	__u64 left = ns;

	if (lost > slept)
		lost = slept;
	for (__u32 i = 0; i < SERVER_PARTS; i++) {
		__u64 was = service_part(s, i);

		if (i >= t->parts)
			break;
		s->ns[i] = known && t->part[i].ns > was ? t->part[i].ns - was : 0;
		if (what_kind(t->part[i].what) == KIND_THROTTLED)
			s->ns[i] = service_take(&left, s->ns[i]);
	}
	s->parts = t->parts;
	for (__u32 i = 0; i < SERVER_PARTS; i++) {
		if (i >= s->parts)
			break;
		if (what_kind(t->part[i].what) != KIND_THROTTLED)
			s->ns[i] = service_take(&left, s->ns[i]);
	}
	parts.lost_ns = service_take(&left, lost_ns);
	parts.lost_ns += service_take(&left, lost);
	slept -= lost;
	for (__u32 i = 0; i < QUEUED_PARTS; i++)
		parts.queued_ns[i] =
			service_take(&left, service_take(&slept, t->queued.part[i].ns - s->queued_ns[i]));
	parts.upstream_ns = service_take(&left, slept);
	parts.unread_ns = service_take(&left, s->unread_ns);
	parts.work_ns = left;
	return parts;
}
