// SPDX-License-Identifier: Apache-2.0
#include "known_stops.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define MAX_STOPS 4096
#define FOREVER UINT64_MAX

struct known_stop {
	int cpu, level, which;
	uint64_t quota, start, end;
	int begun, ended, forgotten; /* events after which that is so; INT_MAX */
};

/* Until when a queue's stops may have been forgotten, from an event on. */
struct forgetting {
	int cpu, level, which, event;
	uint64_t until;
};

static struct known_stop stops[MAX_STOPS];
static struct forgetting forgettings[MAX_STOPS];
static int stops_known, forgettings_known;
static struct queue_truth {
	bool stopped;
	uint64_t since, quota, forgotten;
} truth[MAX_CPUS][LEVELS][MAX_CGROUPS];
static int open_stop[MAX_CPUS][STOPS_OPEN]; /* -1 */
static int ended_stop[MAX_CPUS][MAX_STOPS], stops_ended[MAX_CPUS];

static void forget(int cpu, int level, int which, uint64_t until, int e)
{
	struct queue_truth *q = &truth[cpu][level][which];

	if (q->forgotten == until)
		return;
	if (forgettings_known == MAX_STOPS)
		abort();
	q->forgotten = until;
	forgettings[forgettings_known++] = (struct forgetting){ cpu, level, which, e, until };
}

static void begin(int cpu, int level, int which, int e)
{
	struct queue_truth *q = &truth[cpu][level][which];
	int *place = NULL;

	if (!q->stopped)
		return;
	for (int i = 0; i < STOPS_OPEN; i++) {
		int *here = &open_stop[cpu][i];

		if (*here >= 0 && stops[*here].level == level && stops[*here].which == which)
			return;
		if (!place || (*place >= 0 && (*here < 0 || stops[*here].start < stops[*place].start)))
			place = here;
	}
	if (stops_known == MAX_STOPS)
		abort();
	if (q->forgotten == FOREVER)
		forget(cpu, level, which, q->since, e);
	if (*place >= 0) {
		struct known_stop *oldest = &stops[*place];

		oldest->forgotten = e;
		forget(cpu, oldest->level, oldest->which, FOREVER, e);
	}
	*place = stops_known;
	stops[stops_known++] = (struct known_stop){ cpu, level, which, q->quota, q->since, FOREVER, e, INT_MAX, INT_MAX };
}

static void walk(int cpu, int place, int first, int e)
{
	for (int level = first; level < LEVELS; level++)
		begin(cpu, level, quota_of(level, place), e);
}

static void look(int cpu, uint64_t now, int e)
{
	for (int i = 0; i < STOPS_OPEN; i++) {
		struct known_stop *stop;

		if (open_stop[cpu][i] < 0)
			continue;
		stop = &stops[open_stop[cpu][i]];
		if (truth[cpu][stop->level][stop->which].stopped)
			continue;
		stop->end = now;
		stop->ended = e;
		ended_stop[cpu][stops_ended[cpu]] = open_stop[cpu][i];
		open_stop[cpu][i] = -1;
		if (stops_ended[cpu]++ >= STOPS_PAST) {
			struct known_stop *oldest = &stops[ended_stop[cpu][stops_ended[cpu] - 1 - STOPS_PAST]];

			oldest->forgotten = e;
			if (truth[cpu][oldest->level][oldest->which].forgotten < oldest->end)
				forget(cpu, oldest->level, oldest->which, oldest->end, e);
		}
		walk(cpu, stop->level == 1 ? stop->which * 2 : stop->which, stop->level + 1, e);
	}
}

void queues_follow(const struct machine *m, const struct history *h)
{
	(void)m;
	stops_known = forgettings_known = 0;
	memset(truth, 0, sizeof(truth));
	memset(open_stop, -1, sizeof(open_stop));
	memset(stops_ended, 0, sizeof(stops_ended));
	for (int e = 0; e < h->events; e++) {
		const struct event *event = &h->event[e];
		int cpu = event->cpu;

		if (event->happening == QUEUE_STOPS)
			truth[cpu][event->level][event->which] = (struct queue_truth){
				true, event->time, event->quota, truth[cpu][event->level][event->which].forgotten
			};
		else if (event->happening == QUEUE_GOES)
			truth[cpu][event->level][event->which].stopped = false;
		else if (event->happening == ATTACH && event->walks)
			walk(cpu, event->place, 0, e);
		if (e < h->attached)
			continue;
		if ((event->happening == SWITCH && event->seen) || event->happening == LOOK || event->happening == WAKE)
			look(cpu, event->time, e);
		if (event->happening == SWITCH && event->seen && event->walks)
			walk(cpu, event->prev_place, 0, e);
		if (event->happening == WAKE)
			walk(cpu, event->place, 0, e);
	}
}

void queues_above(struct stopped_queues *q, int place, int cpu, int looked)
{
	q->stops = 0;
	q->known_since = 0;
	q->any = false;
	for (int level = 0; place >= 0 && level < LEVELS; level++) {
		uint64_t forgotten = 0;

		for (int i = 0; i < stops_known; i++) {
			const struct known_stop *s = &stops[i];

			if (s->cpu != cpu || s->level != level || s->which != quota_of(level, place) || s->begun > looked ||
			    s->forgotten <= looked)
				continue;
			if (q->stops == MAX_STOPS_ABOVE)
				abort();
			q->stop[q->stops].start = s->start;
			q->stop[q->stops].end = s->ended <= looked ? s->end : FOREVER;
			q->stop[q->stops].level = level;
			q->stop[q->stops++].stop = i;
		}
		for (int i = 0; i < forgettings_known; i++) {
			const struct forgetting *f = &forgettings[i];

			if (f->cpu == cpu && f->level == level && f->which == quota_of(level, place) && f->event <= looked)
				forgotten = f->until;
		}
		if (forgotten > q->known_since)
			q->known_since = forgotten;
	}
	q->any = q->stops || q->known_since;
}

int stop_at(const struct stopped_queues *q, uint64_t t)
{
	for (int i = 0; i < q->stops; i++)
		if (q->stop[i].start <= t && t < q->stop[i].end)
			return q->stop[i].stop;
	return -1;
}

uint64_t stop_quota(int stop)
{
	return stops[stop].quota;
}
