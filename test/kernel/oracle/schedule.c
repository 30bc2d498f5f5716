// SPDX-License-Identifier: Apache-2.0
#include "schedule.h"

#include <stdio.h>
#include <stdlib.h>

#include "subject.h"

struct machine machine;
struct history history;
static bool attached;

/* Kinds of trouble that a schedule has, so that each is met alone, too. */
static bool with_losses, with_throttling, with_moves, with_migrations, with_restarts, with_interrupts;
/* Quotas run out all the time. */
static bool with_tight_quotas;

static struct event *note(enum happening happening, int cpu, int prev, int next)
{
	struct event *event = &history.event[history.events++];

	if (history.events == MAX_EVENTS)
		abort();
	*event = (struct event){ .happening = happening, .time = machine.now, .cpu = cpu, .prev = prev, .next = next };
	if (next >= 0) {
		event->place = machine.thread[next].cgroup;
		event->cgroup = machine_name(&machine, event->place);
	}
	return event;
}

static int index_of(const struct thread *t)
{
	return t ? t - machine.thread : -1;
}

static struct thread *pick_thread(enum doing doing, int cpu)
{
	int first = pick(&machine, machine.threads);

	for (int i = 0; i < machine.threads; i++) {
		struct thread *t = &machine.thread[(first + i) % machine.threads];

		if (t->doing == doing && (cpu < 0 || t->cpu == cpu))
			return t;
	}
	return NULL;
}

static bool would_stop(const struct thread *t, int cpu)
{
	return t && !t->kernel_thread && machine_queue(&machine, t->cgroup, cpu)->throttle_count;
}

/* A quota runs out or is refilled. */
static void throttle(int level, int which, int cpu, bool on)
{
	struct queue *queue = machine_quota_queue(&machine, level, which, cpu);
	struct event *event;

	if (queue->throttled_self != on && machine.queues_stop) {
		event = note(on ? QUEUE_STOPS : QUEUE_GOES, cpu, -1, -1);
		event->level = level;
		event->which = which;
		event->quota = queue->quota;
	}
	/* Threads that may run again are added to the number of running ones, which is shown. */
	if (machine_throttle(&machine, level, which, cpu, on) && machine.queues_stop && attached) {
		note(LOOK, cpu, -1, -1);
		subject_running(cpu);
	}
}

/* Whether a thread of that quota, but for one, does that on the CPU. */
static bool has(enum doing doing, int level, int which, int cpu, const struct thread *but)
{
	for (int i = 0; i < machine.threads; i++) {
		const struct thread *t = &machine.thread[i];

		if (t != but && t->cpu == cpu && !t->kernel_thread && quota_of(level, t->cgroup) == which &&
		    t->doing == doing)
			return true;
	}
	return false;
}

static bool in_use(int level, int which, int cpu, const struct thread *but)
{
	return has(RUNS, level, which, cpu, but) || has(WAITS, level, which, cpu, but);
}

/*
 * Where queues are stopped: the quota of one of the queues above a thread may just have run out. That is found when the thread
 * leaves the CPU, or when it is put on a queue that was empty.
 */
static void run_out(const struct thread *t, int cpu)
{
	int level = pick(&machine, LEVELS), which = quota_of(level, t->cgroup);

	if (!machine.queues_stop || !with_throttling || t->kernel_thread ||
	    (!with_tight_quotas && pick(&machine, 4)) ||
	    !machine_quota_queue(&machine, level, which, cpu)->limited)
		return;
	if (t->doing == RUNS || !in_use(level, which, cpu, t))
		throttle(level, which, cpu, true);
}

/* Where queues are stopped: a thread was put on a queue of its CPU. If it may run, that is shown; else if it woke. */
static void queued(struct thread *t, bool woke)
{
	if (!machine.queues_stop || !attached)
		return;
	if (t->doing == WAITS) {
		note(LOOK, t->cpu, -1, -1);
		subject_running(t->cpu);
	} else if (woke) {
		note(WAKE, t->cpu, -1, index_of(t));
		subject_woken(t);
	}
}

/* A quota that ran out is refilled; threads that are let go may find the next quota gone. */
static void refill(int level, int which, int cpu)
{
	struct queue *queue = machine_quota_queue(&machine, level, which, cpu);

	/* A stop lasts for at least a nanosecond. */
	if (!queue->throttled_self || queue->throttled_at == machine.now)
		return;
	/* The program finds that out by way of the stop that ended; so not where that may be forgotten. */
	if (!TIGHT && level < LEVELS - 1 && !pick(&machine, 4)) {
		int above = level + 1, of = quota_of(above, level == 1 ? which * 2 : which);

		if (has(STOPPED, level, which, cpu, NULL) && machine_quota_queue(&machine, above, of, cpu)->limited &&
		    !in_use(above, of, cpu, NULL))
			throttle(above, of, cpu, true);
	}
	throttle(level, which, cpu, false);
}

/* A thread ends, and another comes. */
static void replace(struct thread *t)
{
	machine_replace(&machine, t);
	note(REPLACE, t->cpu, -1, index_of(t));
	if (attached)
		subject_fork(t);
}

/* A container goes, with all its threads, and another one comes in its place. */
static void recreate(int cgroup)
{
	if (machine.generation[cgroup] == GENERATIONS - 1)
		return;
	for (int i = 0; i < machine.threads; i++)
		if (machine.thread[i].cgroup == cgroup && machine.thread[i].doing != ASLEEP)
			return;
	for (int cpu = 0; cpu < machine.cpus; cpu++) {
		struct queue *queue = machine_queue(&machine, cgroup, cpu);

		if (!queue->throttled_self)
			continue;
		if (queue->throttled_at == machine.now)
			return;
		throttle(0, cgroup, cpu, false);
	}
	machine_recreate(&machine, cgroup);
	for (int i = 0; i < machine.threads; i++)
		if (machine.thread[i].cgroup == cgroup)
			replace(&machine.thread[i]);
}

static bool interrupted(int cpu)
{
	return machine.interrupted[cpu].hard || machine.interrupted[cpu].soft;
}

static void do_switch(int cpu, bool may_hide)
{
	struct thread *prev = machine.current[cpu];
	struct thread *next;
	bool sleeps = pick(&machine, 2);
	bool hidden;
	struct event *event;

	/* A thread runs for at least a nanosecond. */
	if (machine.now == machine.switched_at[cpu] || interrupted(cpu))
		return;
	if (prev)
		run_out(prev, cpu);
	next = pick(&machine, 6) ? pick_thread(WAITS, cpu) : NULL;
	if (prev == next)
		return;
	/* A lost switch that would have told of a stop: nothing else tells. */
	hidden = may_hide && with_losses && !pick(&machine, 5) &&
		 ((sleeps && !machine.queues_stop) || !would_stop(prev, cpu));
	event = note(SWITCH, cpu, index_of(prev), index_of(next));
	event->seen = !hidden;
	event->prev_since = machine.switched_at[cpu];
	if (prev) {
		event->prev_place = prev->cgroup;
		event->walks = !prev->kernel_thread;
		event->prev_cgroup = machine_name(&machine, prev->cgroup);
	}
	machine_switch(&machine, cpu, next, sleeps, hidden || !attached ? NULL : subject_switch);
	event->stopped = prev && prev->doing == STOPPED && !machine.queues_stop;
	if (event->stopped)
		event->quota = quota_id(&machine, prev->quota, prev->cgroup);
}

static void wake(struct thread *t, int cpu)
{
	machine_wake(&machine, t, cpu);
	run_out(t, cpu);
	queued(t, true);
}

/*
 * Where queues are stopped, nothing tells that a thread was put on one that is, unless it wakes: another that is in it does. The
 * kernel's balancer puts none there.
 */
static bool unseen_there(const struct thread *t, int cgroup, int cpu)
{
	return machine.queues_stop && !t->kernel_thread && machine_queue(&machine, cgroup, cpu)->throttle_count;
}

static void migrate(struct thread *t, int cpu)
{
	struct queue *queue = machine_queue(&machine, t->cgroup, cpu);
	struct event *event;

	/* What the hypervisor took is known at the end of the next interrupt; who leaves before that is not generated. */
	if (unseen_there(t, t->cgroup, cpu) || machine.interrupted[t->cpu].steal_untold)
		return;
	event = note(LEAVE, t->cpu, -1, index_of(t));

	event->stopped = t->doing == STOPPED && !machine.queues_stop;
	event->noted = event->stopped && queue->throttle_count;
	/* A stop that the new queue's books do not know cannot be told from waiting: its end is unknown. */
	if (event->noted && !queue->stopped_since) {
		history.events--;
		return;
	}
	machine_migrate(&machine, t, cpu, attached ? subject_migrate : NULL);
	t->was_stopped = event->noted;
	t->moved = false;
	queued(t, false);
}

static void hard(int cpu)
{
	struct interrupted *i = &machine.interrupted[cpu];

	i->books_read |= i->hard && i->hard_known;
	i->hard = !i->hard;
	i->hard_known = attached && i->hard;
	subject_hard(cpu, i->hard);
	i->steal_untold = false;
	if (!i->hard)
		i->soft_since = machine.now;
}

static void soft(int cpu)
{
	struct interrupted *i = &machine.interrupted[cpu];

	i->books_read |= i->soft && i->soft_known;
	i->soft = !i->soft;
	i->soft_known = attached && i->soft;
	i->receives = i->soft && pick(&machine, 2);
	i->soft_taker = INTERRUPT;
	i->soft_since = machine.now;
	subject_soft(cpu, i->soft);
}

/* A packet of any container is received, if this is the time. */
static void packet(int cpu)
{
	struct interrupted *i = &machine.interrupted[cpu];
	int name = machine_name(&machine, pick(&machine, machine.cgroups));

	if (!i->soft_known || !i->receives || i->hard || i->soft_taker == PACKETS_OF + name)
		return;
	machine_packet(&machine, cpu, name, history.events);
	subject_packet(cpu, CONTAINER_ID(name));
}

/* The hypervisor takes the CPU for a while; an interrupt comes as soon as it is back. */
static void steal(int cpu)
{
	struct interrupted *i = &machine.interrupted[cpu];
	uint64_t before = machine.now;

	if (!i->books_read)
		return;
	i->steal = true;
	machine_pass(&machine, 1 + pick(&machine, 30));
	i->steal = false;
	i->stolen += machine.now - before;
	i->steal_untold = machine.now > before;
	hard(cpu);
	i->steal_untold = true;
}

static void interrupt(int cpu)
{
	struct interrupted *i = &machine.interrupted[cpu];

	switch (pick(&machine, 6)) {
	case 0:
		if (!interrupted(cpu))
			steal(cpu);
		break;
	case 1 ... 2:
		if (!i->hard)
			soft(cpu);
		break;
	case 3:
		packet(cpu);
		break;
	default:
		hard(cpu);
	}
}

static void step(void)
{
	int cpu = pick(&machine, machine.cpus);
	struct thread *t;
	int level, which;

	if (with_tight_quotas && pick(&machine, 2)) {
		level = pick(&machine, LEVELS);
		refill(level, pick(&machine, quota_of(level, machine.cgroups - 1) + 1), cpu);
		return;
	}
	if (with_interrupts && !pick(&machine, 4)) {
		interrupt(cpu);
		return;
	}
	switch (pick(&machine, 18)) {
	case 0 ... 2:
		if ((t = pick_thread(ASLEEP, -1)))
			wake(t, cpu);
		break;
	case 3 ... 8:
		do_switch(cpu, true);
		break;
	case 9 ... 10:
		t = pick_thread(pick(&machine, 3) ? WAITS : STOPPED, -1);
		if (with_migrations && t && t->cpu != cpu)
			migrate(t, cpu);
		break;
	case 11:
		t = pick_thread(pick(&machine, 2) ? WAITS : STOPPED, -1);
		if (with_moves && t && !t->moved) {
			int cgroup = pick(&machine, machine.cgroups);

			if (cgroup == t->cgroup || unseen_there(t, cgroup, t->cpu))
				break;
			machine_move(&machine, t, cgroup);
			note(MOVE, t->cpu, -1, index_of(t));
			queued(t, false);
		}
		break;
	case 12:
		if ((t = pick_thread(ASLEEP, -1)))
			replace(t);
		break;
	case 13 ... 14:
		level = pick(&machine, 3);
		which = pick(&machine, level == 0 ? machine.cgroups : level == 1 ? PODS : 1);
		if (with_throttling && machine.queues_stop)
			refill(level, which, cpu);
		else if (with_throttling)
			throttle(level, which, cpu, pick(&machine, 2));
		break;
	case 15:
		t = pick_thread(ASLEEP, -1);
		/* Not where switches are lost: what is left of the stamp then depends on which. */
		if (with_migrations && !with_losses && t && t->cpu != cpu) {
			note(DRAG, t->cpu, -1, index_of(t));
			machine_drag(&machine, t, cpu, attached ? subject_migrate : NULL);
		}
		break;
	case 16:
		if (with_restarts)
			recreate(pick(&machine, machine.cgroups));
		break;
	default:
		if (attached)
			subject_turn();
	}
}

static void attach(void)
{
	history.attach = machine.now;
	history.attached = history.events;
	for (int cpu = 0; cpu < machine.cpus; cpu++)
		history.busy_at_attach[cpu] = machine.current[cpu];
	for (int i = 0; i < machine.threads; i++) {
		const struct thread *t = &machine.thread[i];
		struct event *event = note(ATTACH, t->cpu, -1, i);

		event->asleep = t->doing == ASLEEP;
		event->walks = t->doing == STOPPED && machine.queues_stop;
		event->stopped = t->doing == STOPPED && !machine.queues_stop;
		event->noted = event->stopped && machine_queue(&machine, t->cgroup, t->cpu)->stopped_since;
		event->quota = event->stopped ? quota_id(&machine, t->quota, t->cgroup) : 0;
	}
	subject_attach();
	attached = true;
}

void schedule_play(uint64_t seed, const uint8_t *choices, size_t size)
{
	uint64_t attach_at;

	machine_begin(&machine, seed, choices, size);
	machine.queues_stop |= TIGHT;
	subject_begin(&machine);
	history.events = 0;
	attached = false;
	with_losses = !pick(&machine, 3);
	with_throttling = !pick(&machine, 2);
	with_moves = !pick(&machine, 3);
	with_migrations = pick(&machine, 4);
	with_restarts = !pick(&machine, 3);
	with_interrupts = !pick(&machine, 3);
	/* Who is moved is taken to have waited in its new queue; but interrupts are not kept while all threads of a CPU are stopped. */
	if (machine.queues_stop && with_throttling && with_interrupts)
		with_moves = false;
	with_tight_quotas = machine.queues_stop && with_throttling && !pick(&machine, 3);
	attach_at = BEGIN + pick(&machine, 400);
	while (machine.now < BEGIN + LENGTH - 200 && machine_chooses(&machine)) {
		machine_pass(&machine, pick(&machine, 3) ? pick(&machine, 12) : pick(&machine, 90));
		if (!attached && machine.now >= attach_at)
			attach();
		step();
	}
	if (!attached)
		attach();
	subject_turn();
	subject_turn();
}

const char *schedule_kinds(void)
{
	static char kinds[120];

	snprintf(kinds, sizeof(kinds), "%s%s%s%s%s%s%s", machine.queues_stop ? "queues" : "threads",
		 with_losses ? ", losses" : "", with_throttling ? ", throttling" : "", with_moves ? ", moves" : "",
		 with_migrations ? ", migrations" : "", with_restarts ? ", restarts" : "",
		 with_interrupts ? ", interrupts" : "");
	return kinds;
}
