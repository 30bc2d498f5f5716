/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When the queues of a CPU were stopped by their quotas, on kernels where a quota stops a whole queue (before 6.18): the stops
 * that go on, and those that ended lately. Pure arithmetic; a queue is only an identity here.
 */
#pragma once

#ifndef STOPS_OPEN /* tests run with less, that is soon full */
#define STOPS_OPEN 16 /* a power of two */
#define STOPS_PAST 64 /* a power of two */
#define STOPS_AT_ONCE 4 /* divides both */
#define STOP_PARTS 32 /* of one interval that are told apart */
#endif
#define STOPS_FORGOTTEN 64 /* a power of two */
#define STOP_LEVELS 4 /* queues with a quota above one thread that are told apart: container, pod, slices */
#define STOPS_FOREVER (~0ull)

struct stop {
	__u64 queue; /* 0 marks a free place */
	__u64 quota; /* cgroup whose quota it is */
	__u64 start, end; /* run-queue clock */
	__u64 stopped; /* ns that the queue had been stopped for before, where the kernel keeps that by queue */
};

/* A look for the newest part of an interval that is of one kind: stopped by one quota, or not stopped. */
struct stop_scan {
	__u64 levels;
	__u64 level[STOP_LEVELS]; /* the queues that matter, innermost first; 0 for none */
	__u64 slot, victim, known_since; /* of the whole interval; here, because the stack is small */
	__u64 from, to; /* what is left of the interval */
	__u64 best; /* level of the innermost stop that covers its end; STOP_LEVELS if none does */
	__u64 start, quota; /* of that stop */
	__u64 edge[STOP_LEVELS]; /* where, by level, another stop ends before that: who covers it may change there */
};

struct stops {
	__u64 open; /* places in use in now[] */
	__u64 ended; /* stops that ever ended; the newest is at (ended - 1) % STOPS_PAST */
	__u64 astray; /* places of forgotten[] that hold STOPS_FOREVER */
	struct stop now[STOPS_OPEN];
	struct stop past[STOPS_PAST];
	__u64 forgotten[STOPS_FORGOTTEN]; /* by queue: until when it may have been stopped without our remembering it */
	struct stop_scan scan;
	volatile __u64 place; /* of stops_find(); here, because what is on the stack is followed by the verifier, number by number */
	__u64 stopped_queue; /* argument of the next stops_begin() */
	__u64 stopped_ns, stopped_quota; /* of the interval charged last; the quota of its newest stop */
};

/* Queues share a place here if they must: then one's forgotten stops make the other's time unknown, too. */
static __always_inline __u64 *stops_forgotten(struct stops *s, __u64 queue)
{
	return &s->forgotten[queue >> 9 & (STOPS_FORGOTTEN - 1)];
}

/* A stop of the queue, which lasted until `until`, finds no room any more. */
static __always_inline void stops_forget(struct stops *s, __u64 queue, __u64 until)
{
	__u64 *forgotten = stops_forgotten(s, queue);

	if (until == STOPS_FOREVER && *forgotten != STOPS_FOREVER)
		s->astray++;
	if (until > *forgotten)
		*forgotten = until;
}

/* Where in now[] the queue's stop is, or else a free place, or else the stop that began first. */
static __always_inline struct stop *stops_find(struct stops *s, __u64 queue)
{
	s->place = 0;
	for (__u32 i = 0; i < STOPS_OPEN; i++) {
		const struct stop *best = &s->now[s->place & (STOPS_OPEN - 1)];

		if (s->now[i].queue == queue) {
			s->place = i;
			break;
		}
		if (best->queue && (!s->now[i].queue || s->now[i].start < best->start))
			s->place = i;
	}
	return &s->now[s->place & (STOPS_OPEN - 1)];
}

/* The queue has been stopped since start. Known already is fine. False if an older stop had to be forgotten for it. */
static __always_inline bool stops_begin(struct stops *s, __u64 queue, __u64 quota, __u64 start)
{
	__u64 *forgotten = stops_forgotten(s, queue);
	struct stop *stop = stops_find(s, queue);
	bool free = !stop->queue;

	if (stop->queue == queue)
		return true;
	if (*forgotten == STOPS_FOREVER) {
		*forgotten = start;
		s->astray--;
	}
	if (!free)
		stops_forget(s, stop->queue, STOPS_FOREVER);
	stop->queue = queue;
	stop->quota = quota;
	stop->start = start;
	s->open += free;
	return free;
}

/*
 * Where quotas stop threads (6.18 and newer), a queue's books tell how long its stops were in all. A thread was just stopped
 * in the queue: if that is another stop than the one we knew, the books tell when that one ended.
 */
static __always_inline void stops_follow(struct stops *s, __u64 queue, __u64 start, __u64 stopped)
{
	struct stop *stop = stops_find(s, queue);

	if (stop->queue == queue && stop->start == start)
		return;
	if (stop->queue == queue) {
		struct stop *past = &s->past[s->ended & (STOPS_PAST - 1)];

		*past = *stop;
		past->end = stop->start + (stopped - stop->stopped);
		s->ended++;
	}
	stop->queue = queue;
	stop->start = start;
	stop->stopped = stopped;
}

/* When the stop of the queue that began at start ended, if another one has been followed since; else 0. */
static __always_inline __u64 stops_end_of(const struct stops *s, __u64 queue, __u64 start)
{
	for (__u32 i = 0; i < STOPS_PAST; i++)
		if (s->past[i].queue == queue && s->past[i].start == start)
			return s->past[i].end;
	return 0;
}

/* The stop in place i of now[] ended. */
static __always_inline void stops_end(struct stops *s, __u32 i, __u64 end)
{
	struct stop *past = &s->past[s->ended & (STOPS_PAST - 1)];
	struct stop *stop = &s->now[i & (STOPS_OPEN - 1)];

	if (s->ended >= STOPS_PAST)
		stops_forget(s, past->queue, past->end);
	*past = *stop;
	past->end = end;
	stop->queue = 0;
	s->ended++;
	s->open--;
}

/* Whether any queue may have been stopped after `from`. */
static __always_inline bool stops_after(const struct stops *s, __u64 from)
{
	return s->open || s->astray || (s->ended && s->past[(s->ended - 1) & (STOPS_PAST - 1)].end > from);
}

/* From when on all stops are remembered of the queues that matter. */
static __always_inline __u64 stops_known_since(struct stops *s)
{
	__u64 since = 0;

	for (__u32 level = 0; level < STOP_LEVELS; level++) {
		__u64 queue = s->scan.level[level];
		__u64 forgotten = queue ? *stops_forgotten(s, queue) : 0;

		if (forgotten > since)
			since = forgotten;
	}
	return since;
}

static __always_inline void stops_scan_begin(struct stop_scan *scan, __u64 from, __u64 to)
{
	scan->from = from;
	scan->to = to;
	scan->best = STOP_LEVELS;
	scan->start = from;
	scan->quota = 0;
	for (__u32 level = 0; level < STOP_LEVELS; level++)
		scan->edge[level] = 0;
}

/* Weighs the stop in place i: of now[], then of past[]. A stop that goes on counts as lasting to the interval's end. */
static __always_inline void stops_weigh(struct stops *s, __u32 i)
{
	const struct stop *stop = i < STOPS_OPEN ? &s->now[i & (STOPS_OPEN - 1)] : &s->past[(i - STOPS_OPEN) & (STOPS_PAST - 1)];
	struct stop_scan *scan = &s->scan;
	__u64 end = i < STOPS_OPEN ? scan->to : stop->end;

	if (!stop->queue || stop->start >= scan->to || end <= scan->from)
		return;
	for (__u32 level = 0; level < STOP_LEVELS; level++) {
		if (scan->level[level] != stop->queue)
			continue;
		if (end < scan->to) {
			if (end > scan->edge[level])
				scan->edge[level] = end;
		} else if (level < scan->best) {
			scan->best = level;
			scan->start = stop->start;
			scan->quota = stop->quota;
		}
	}
}

/* Where the newest part of one kind starts; scan->quota says which kind. */
static __always_inline __u64 stops_scan_end(const struct stop_scan *scan)
{
	__u64 since = scan->start > scan->from ? scan->start : scan->from;

	for (__u32 level = 0; level < STOP_LEVELS; level++)
		if (level < scan->best && scan->edge[level] > since)
			since = scan->edge[level];
	return since;
}
