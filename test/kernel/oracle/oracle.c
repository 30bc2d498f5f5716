// SPDX-License-Identifier: Apache-2.0
#include "oracle.h"
#include "known_stops.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int oracle_bucket(uint64_t ns)
{
	int i = (int)ceill(8 * log2l(ns / 1e9L)) - 1;

	/* log2l may round across a boundary; the definition decides. */
	while ((long double)ns <= exp2l(i / 8.0L) * 1e9L)
		i--;
	while ((long double)ns > exp2l((i + 1) / 8.0L) * 1e9L)
		i++;
	return i;
}

/* Index of the last event of the CPU that was shown, at or before event `before`; -1 if there is none. */
static int last_seen(const struct history *h, int cpu, int before)
{
	for (int i = before; i >= 0; i--)
		if (h->event[i].happening == SWITCH && h->event[i].cpu == cpu && h->event[i].seen &&
		    i >= h->attached)
			return i;
	return -1;
}

/* Found once a schedule: these are asked for every nanosecond. */
static int seen_before[MAX_CPUS][LENGTH]; /* index of the last event shown at or before that time; -1 */
static int seen_after[MAX_EVENTS]; /* of a SWITCH: index of the next one shown on that CPU; -1 */
static int hidden_after[MAX_EVENTS]; /* and how many were hidden until then, or until the end */

static int next_seen(const struct history *h, int cpu, int after)
{
	for (int i = after + 1; i < h->events; i++)
		if (h->event[i].happening == SWITCH && h->event[i].cpu == cpu && h->event[i].seen)
			return i;
	return -1;
}

static int hidden_between(const struct history *h, int cpu, int from, int to)
{
	int n = 0;

	for (int i = from + 1; i < to; i++)
		n += h->event[i].happening == SWITCH && h->event[i].cpu == cpu && !h->event[i].seen;
	return n;
}

static void prepare(const struct machine *m, const struct history *h)
{
	for (int cpu = 0; cpu < m->cpus; cpu++) {
		int before = -1, e = 0;

		for (uint64_t t = BEGIN; t < BEGIN + LENGTH; t++) {
			for (; e < h->events && h->event[e].time <= t; e++)
				if (h->event[e].happening == SWITCH && h->event[e].cpu == cpu && h->event[e].seen &&
				    e >= h->attached)
					before = e;
			seen_before[cpu][t - BEGIN] = before;
		}
	}
	for (int e = 0; e < h->events; e++) {
		if (h->event[e].happening != SWITCH)
			continue;
		seen_after[e] = next_seen(h, h->event[e].cpu, e);
		hidden_after[e] = hidden_between(h, h->event[e].cpu, e, seen_after[e] < 0 ? h->events : seen_after[e]);
	}
}

/* From when on this CPU's time is known; all ones if never, as seen from event `now`. */
static uint64_t known_since(const struct history *h, int cpu, int now)
{
	int first = -1;
	uint64_t since;

	for (int i = 0; i <= now && first < 0; i++)
		if (h->event[i].happening == SWITCH && h->event[i].cpu == cpu && h->event[i].seen &&
		    i >= h->attached)
			first = i;
	if (first < 0)
		return UINT64_MAX;
	since = h->busy_at_attach[cpu] ? h->attach : h->event[first].time;
	if (h->event[first].prev_since > since)
		since = h->event[first].prev_since;
	return since;
}

/* Whether at t, by event `now`, a switch of the CPU is missing that nobody has noticed yet: who leaves a queue is told the truth. */
static bool gap(const struct history *h, int cpu, uint64_t t, int now)
{
	int before = seen_before[cpu][t - BEGIN];

	return before >= 0 && hidden_after[before] && (seen_after[before] < 0 || seen_after[before] > now) &&
	       hidden_between(h, cpu, before, now + 1);
}

/* What took the CPU from its occupant at t, as known after event `now`; 0 if nothing did. */
static uint64_t taker(const struct machine *m, int cpu, uint64_t t, int now)
{
	int taker = m->taker[cpu][t - BEGIN];

	if (taker == NOTHING || taker == STEAL)
		return taker == STEAL ? ORACLE_STEAL : 0;
	if (taker == INTERRUPT || now < m->taker_known[cpu][t - BEGIN])
		return ORACLE_INTERRUPT;
	return ORACLE_PACKETS + CONTAINER_ID(taker - PACKETS_OF);
}

/* Whether at t, by event `now`, more than one switch is known to be missing, so that nobody knows who had the CPU. */
static bool lost(const struct history *h, int cpu, uint64_t t, int now)
{
	int before = seen_before[cpu][t - BEGIN];
	int after = before < 0 ? -1 : seen_after[before];

	return after >= 0 && after <= now && hidden_after[before] > 1 && t < h->event[after].prev_since;
}

/* Who had the CPU at t, as anybody can know who was shown the events up to `now`. */
static uint64_t occupant(const struct machine *m, const struct history *h, int cpu, uint64_t t, int now)
{
	int has = m->has[cpu][t - BEGIN];

	if (gap(h, cpu, t, now))
		return ORACLE_UNKNOWN;
	if (taker(m, cpu, t, now))
		return taker(m, cpu, t, now);
	if (lost(h, cpu, t, now))
		return ORACLE_UNKNOWN;
	if (has == IDLE_TASK)
		return ORACLE_IDLE;
	return has == KERNEL_THREAD ? ORACLE_KERNEL : CONTAINER_ID(has - OF_CONTAINER);
}

void oracle_cpu(const struct machine *m, const struct history *h, int cpu, uint64_t from, uint64_t to, uint64_t ns[MAX_NAMES])
{
	int now = h->events - 1;

	for (uint64_t t = from; t < to; t++)
		if (m->has[cpu][t - BEGIN] >= OF_CONTAINER && !gap(h, cpu, t, now) && !lost(h, cpu, t, now))
			ns[m->has[cpu][t - BEGIN] - OF_CONTAINER]++;
}

struct parts {
	struct {
		uint64_t culprit, ns;
	} part[256];
	int parts;
	uint64_t ns;
};

static void give(struct parts *p, uint64_t culprit, uint64_t ns)
{
	int i = 0;

	p->ns += ns;
	while (i < p->parts && p->part[i].culprit != culprit)
		i++;
	if (i == 256)
		abort();
	if (i == p->parts) {
		p->part[p->parts].culprit = culprit;
		p->part[p->parts++].ns = 0;
	}
	p->part[i].ns += ns;
}

/* The wait of one thread that is going on, or the unseen rest of those before. */
struct open {
	struct parts parts;
	uint64_t unseen; /* ns of pieces that ended without our being told */
	uint64_t stall, quota;
	bool dragged; /* moved while it slept: its wait cannot be told from its sleep */
	bool arrived_unseen;
	bool noted; /* the piece began stopped, and where was noted */
	bool moved; /* and then went to another cgroup */
	uint64_t newest_stop; /* where queues are stopped: when it was known to be stopped last */
	uint64_t noted_quota;
};

/* The piece of thread i's wait that ends at `end` on this CPU, going back in time for as long as it waits there. */
static uint64_t piece_start(const struct machine *m, const struct history *h, int i, int cpu, uint64_t end, int now)
{
	uint64_t start = end;

	while (start > BEGIN && (m->doing[i][start - 1 - BEGIN] == WAITS || m->doing[i][start - 1 - BEGIN] == STOPPED) &&
	       m->where[i][start - 1 - BEGIN] == cpu)
		start--;
	/* It may have left this CPU and come back: its last LEAVE bounds the piece. */
	for (int e = now - 1; e >= 0; e--)
		if (h->event[e].happening == LEAVE && h->event[e].next == i) {
			if (h->event[e].time > start)
				start = h->event[e].time;
			break;
		}
	return start;
}

/*
 * The same where queues are stopped: by what is known after event `looked` of the queues above `place`, those of the container
 * in which the wait is booked.
 */
static void add_queue_piece(const struct machine *m, const struct history *h, struct open *o, int i, int cpu, uint64_t start,
			    uint64_t end, int place, int now, int looked, struct expected *e)
{
	struct stopped_queues queues;
	uint64_t since = known_since(h, cpu, now);
	int parts = 0;
	int last = -2;

	if (since == UINT64_MAX)
		return;
	queues_above(&queues, m->thread[i].kernel_thread ? -1 : place, cpu, looked);
	for (uint64_t t = end; t-- > (start > since ? start : since);) {
		int stop = stop_at(&queues, t);
		bool truly = m->doing[i][t - BEGIN] == STOPPED;

		if (gap(h, cpu, t, now)) {
			give(&o->parts, ORACLE_UNKNOWN, 1);
			continue;
		}
		parts += stop != last;
		last = stop;
		/* One that was moved stood in another container's queues. */
		if (queues.any && (parts > STOP_PARTS || (stop < 0 && t < queues.known_since))) {
			give(&o->parts, ORACLE_UNKNOWN, 1);
		} else if (stop >= 0) {
			give(&o->parts, ORACLE_THROTTLED + stop_quota(stop), 1);
			o->quota = o->newest_stop > t ? o->quota : stop_quota(stop);
			o->newest_stop = o->newest_stop > t ? o->newest_stop : t;
			o->stall++;
			e->contradictions += !truly && m->stopper[i][t - BEGIN] == place;
		} else {
			give(&o->parts, occupant(m, h, cpu, t, now), 1);
			e->contradictions += truly && m->stopper[i][t - BEGIN] == place;
		}
	}
}

/* Adds the nanoseconds of a piece, as far as the CPU had been looked at then. */
static void add_piece(const struct machine *m, const struct history *h, struct open *o, int i, int cpu, uint64_t start,
		      uint64_t end, bool still_stopped, int now)
{
	uint64_t since = known_since(h, cpu, now);

	for (uint64_t t = start; t < end; t++) {
		bool stopped = m->doing[i][t - BEGIN] == STOPPED;

		if (since == UINT64_MAX || t < since)
			continue;
		if (o->noted && o->moved && !still_stopped) {
			give(&o->parts, ORACLE_UNKNOWN, 1);
		} else if (o->noted && stopped) {
			give(&o->parts, ORACLE_THROTTLED + o->noted_quota, 1);
			o->stall++;
			o->quota = o->noted_quota;
		} else {
			give(&o->parts, occupant(m, h, cpu, t, now), 1);
		}
	}
}

static void expect_part(struct expected *e, uint64_t victim, uint64_t culprit, uint64_t ns)
{
	int i = 0;

	while (i < e->parts && (e->part[i].victim != victim || e->part[i].culprit != culprit))
		i++;
	if (i == 1024)
		abort();
	if (i == e->parts) {
		e->part[i].victim = victim;
		e->part[i].culprit = culprit;
		e->part[e->parts++].ns = 0;
	}
	e->part[i].ns += ns;
}

static void expect_wait(struct expected *e, uint64_t victim, const struct open *o)
{
	uint64_t ns = o->parts.ns + o->unseen;
	int bucket = ns ? oracle_bucket(ns) : ORACLE_ZERO;
	int i = 0;

	for (int p = 0; p < o->parts.parts; p++)
		expect_part(e, victim, o->parts.part[p].culprit, o->parts.part[p].ns);
	if (o->unseen)
		expect_part(e, victim, ORACLE_UNKNOWN, o->unseen);
	while (i < e->waits && (e->wait[i].victim != victim || e->wait[i].bucket != bucket))
		i++;
	if (i == 2048)
		abort();
	if (i == e->waits) {
		e->wait[i].victim = victim;
		e->wait[i].bucket = bucket;
		e->wait[i].ns = e->wait[i].count = 0;
		e->waits++;
	}
	e->wait[i].ns += ns;
	e->wait[i].count++;
	if (!o->stall)
		return;
	for (i = 0; i < e->stalls; i++)
		if (e->stall[i].cgroup == victim && e->stall[i].quota == o->quota)
			break;
	if (i == e->stalls) {
		memset(&e->stall[i], 0, sizeof(e->stall[i]));
		e->stall[i].cgroup = victim;
		e->stall[i].quota = o->quota;
		e->stalls++;
	}
	e->stall[i].ns += o->stall;
	e->stall[i].count++;
}

static void forget(struct open *o)
{
	memset(o, 0, sizeof(*o));
}

/* The thread got a CPU at event e. */
static void arrive(const struct machine *m, const struct history *h, struct open *o, int e, struct expected *expected)
{
	const struct event *event = &h->event[e];
	uint64_t start = piece_start(m, h, event->next, event->cpu, event->time, e);
	bool shown = event->seen;
	int now = e;

	if (e < h->attached) {
		forget(o);
		return;
	}
	if (!shown) {
		int before = last_seen(h, event->cpu, e), after = next_seen(h, event->cpu, e);

		/* If it is the only one that is missing, the next one tells. */
		if (before >= 0 && after >= 0 && hidden_between(h, event->cpu, before, after) == 1 && !o->arrived_unseen &&
		    (event->time > start || o->parts.ns || o->unseen)) {
			if (m->queues_stop)
				add_queue_piece(m, h, o, event->next, event->cpu, start, event->time,
						h->event[after].prev_place, after, after - 1, expected);
			else
				add_piece(m, h, o, event->next, event->cpu, start, event->time, false, after);
			/* Booked when it is noticed, to the cgroup that the thread is in then. */
			if (event->time > start || o->parts.ns)
				expect_wait(expected, CONTAINER_ID(h->event[after].prev_cgroup), o);
			forget(o);
			return;
		}
		o->unseen += event->time - start;
		o->arrived_unseen = true;
		o->noted = o->moved = false;
		return;
	}
	if (!o->dragged) {
		if (m->queues_stop)
			add_queue_piece(m, h, o, event->next, event->cpu, start, event->time, event->place, now, now, expected);
		else
			add_piece(m, h, o, event->next, event->cpu, start, event->time, false, now);
		expect_wait(expected, CONTAINER_ID(event->cgroup), o);
	}
	forget(o);
}

static void leave(const struct machine *m, const struct history *h, struct open *o, int e, struct expected *expected)
{
	const struct event *event = &h->event[e];
	uint64_t start = piece_start(m, h, event->next, event->cpu, event->time, e);
	bool noted = event->noted;
	uint64_t quota = o->noted_quota;

	if (e < h->attached) {
		o->noted = o->moved = false;
		return;
	}
	if (o->dragged) {
		o->dragged = false;
	} else if (known_since(h, event->cpu, e) == UINT64_MAX) {
		/* Nobody has looked at this CPU yet. */
		o->unseen = 0;
	} else if (o->arrived_unseen) {
		give(&o->parts, ORACLE_UNKNOWN, o->unseen + (event->time - start));
		o->unseen = 0;
	} else if (m->queues_stop) {
		add_queue_piece(m, h, o, event->next, event->cpu, start, event->time, event->place, e, e, expected);
	} else {
		add_piece(m, h, o, event->next, event->cpu, start, event->time, event->stopped, e);
	}
	o->arrived_unseen = false;
	o->noted = noted;
	o->noted_quota = quota;
	o->moved = false;
}

void oracle(const struct machine *m, const struct history *h, struct expected *expected)
{
	memset(expected, 0, sizeof(*expected));
	prepare(m, h);
	if (m->queues_stop)
		queues_follow(m, h);
	for (int i = 0; i < m->threads; i++) {
		struct open o;

		forget(&o);
		for (int e = 0; e < h->events; e++) {
			const struct event *event = &h->event[e];

			if (event->happening == SWITCH && event->prev == i) {
				o.noted = event->stopped;
				o.moved = false;
				o.noted_quota = event->quota;
			}
			if (event->next != i)
				continue;
			if (event->happening == SWITCH)
				arrive(m, h, &o, e, expected);
			else if (event->happening == LEAVE)
				leave(m, h, &o, e, expected);
			else if (event->happening == MOVE)
				o.moved = true;
			else if (event->happening == DRAG)
				o.dragged = true;
			else if (event->happening == ATTACH) {
				o.dragged = o.dragged && event->asleep;
				o.noted = event->stopped;
				o.moved = event->stopped && !event->noted;
				o.noted_quota = event->quota;
			} else if (event->happening == REPLACE)
				forget(&o);
		}
	}
}
