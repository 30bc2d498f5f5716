// SPDX-License-Identifier: Apache-2.0
#include "machine.h"

#include <string.h>

uint64_t pick(struct machine *m, uint64_t below)
{
	if (m->choices) {
		uint64_t choice = 0;

		for (uint64_t left = below - 1; left && m->choice < m->choices_end; left >>= 8)
			choice = choice << 8 | *m->choice++;
		return choice % below;
	}
	m->random ^= m->random << 13;
	m->random ^= m->random >> 7;
	m->random ^= m->random << 17;
	return (m->random >> 11) % below;
}

bool machine_chooses(const struct machine *m)
{
	return m->choice < m->choices_end || !m->choices;
}

int machine_name(const struct machine *m, int cgroup)
{
	return cgroup + MAX_CGROUPS * m->generation[cgroup];
}

uint64_t quota_id(const struct machine *m, int level, int cgroup)
{
	return level == 0 ? CONTAINER_ID(machine_name(m, cgroup)) : level == 1 ? POD_ID(cgroup / 2) : SLICE_ID;
}

int quota_of(int level, int cgroup)
{
	return level == 0 ? cgroup : level == 1 ? cgroup / 2 : 0;
}

struct queue *machine_quota_queue(struct machine *m, int level, int which, int cpu)
{
	int first = level == 0 ? 0 : level == 1 ? MAX_CGROUPS : MAX_CGROUPS + PODS;

	return &m->queues[(first + which) * MAX_CPUS + cpu];
}

struct queue *machine_queue(struct machine *m, int cgroup, int cpu)
{
	return machine_quota_queue(m, 0, cgroup, cpu);
}

void machine_begin(struct machine *m, uint64_t seed, const uint8_t *choices, size_t size)
{
	memset(m, 0, sizeof(*m));
	m->choices = m->choice = choices;
	m->choices_end = choices + size;
	m->random = seed * 0x9e3779b97f4a7c15ull + 1;
	for (int i = 0; i < 8 && !choices; i++)
		pick(m, 2);
	m->cpus = 1 + pick(m, MAX_CPUS);
	m->threads = 2 + pick(m, MAX_THREADS - 1);
	m->cgroups = 1 + pick(m, MAX_CGROUPS);
	m->now = BEGIN;
	m->next_pid = 10;
	for (int i = 0; i < m->threads; i++) {
		m->thread[i].pid = m->next_pid++;
		m->thread[i].cgroup = pick(m, m->cgroups);
		m->thread[i].kernel_thread = !pick(m, 8);
	}
	for (int cpu = 0; cpu < m->cpus; cpu++)
		m->idle_since[cpu] = m->now;
	m->queues_stop = pick(m, 2);
	for (int level = 0; level < LEVELS; level++)
		for (int which = 0; which <= quota_of(level, MAX_CGROUPS - 1); which++) {
			bool limited = pick(m, 4);

			for (int cpu = 0; cpu < MAX_CPUS; cpu++) {
				struct queue *queue = machine_quota_queue(m, level, which, cpu);

				queue->limited = limited;
				queue->quota = quota_id(m, level, level == 1 ? which * 2 : which);
			}
		}
}

static int taker(const struct interrupted *i)
{
	if (i->steal)
		return STEAL;
	if (i->hard)
		return i->hard_known ? INTERRUPT : NOTHING;
	return i->soft && i->soft_known ? i->soft_taker : NOTHING;
}

bool machine_waited(const struct machine *m, int cpu)
{
	for (int i = 0; i < m->threads; i++)
		if (m->thread[i].cpu == cpu && m->thread[i].doing == WAITS)
			return true;
	return false;
}

void machine_packet(struct machine *m, int cpu, int name, int event)
{
	struct interrupted *i = &m->interrupted[cpu];

	/* What went before the first packet was for it, too. */
	for (uint64_t t = i->soft_since; i->soft_taker == INTERRUPT && t < m->now; t++) {
		m->taker[cpu][t - BEGIN] = PACKETS_OF + name;
		m->taker_known[cpu][t - BEGIN] = event;
	}
	i->soft_taker = PACKETS_OF + name;
}

void machine_pass(struct machine *m, uint64_t ns)
{
	for (uint64_t t = m->now - BEGIN; ns && t < LENGTH; t++, ns--) {
		for (int cpu = 0; cpu < m->cpus; cpu++) {
			struct thread *current = m->current[cpu];

			m->has[cpu][t] = !current ? IDLE_TASK :
					 current->kernel_thread ? KERNEL_THREAD :
								  OF_CONTAINER + machine_name(m, current->cgroup);
			m->taker[cpu][t] = taker(&m->interrupted[cpu]);
		}
		for (int i = 0; i < m->threads; i++) {
			struct thread *thread = &m->thread[i];

			m->doing[i][t] = thread->doing;
			m->where[i][t] = thread->cpu;
			m->quota[i][t] = thread->quota;
			m->stopper[i][t] = thread->cgroup;
		}
		m->now++;
	}
}

static void enqueue(struct machine *m, struct thread *t)
{
	if (!t->last_queued)
		t->last_queued = m->now;
}

/* The innermost quota that stops threads of the cgroup on the CPU. */
static int stopping_level(struct machine *m, int cgroup, int cpu)
{
	for (int level = 0; level < LEVELS - 1; level++)
		if (machine_quota_queue(m, level, quota_of(level, cgroup), cpu)->throttled_self)
			return level;
	return LEVELS - 1;
}

/* Where queues are stopped: a thread that wants to run stands still while its queue does, or one above that. */
static void obey_queue(struct machine *m, struct thread *t)
{
	if (t->doing != WAITS && t->doing != STOPPED)
		return;
	t->doing = machine_queue(m, t->cgroup, t->cpu)->throttle_count && !t->kernel_thread ? STOPPED : WAITS;
	if (t->doing == STOPPED)
		t->quota = stopping_level(m, t->cgroup, t->cpu);
}

void machine_wake(struct machine *m, struct thread *t, int cpu)
{
	t->doing = WAITS;
	t->cpu = cpu;
	enqueue(m, t);
	if (m->queues_stop)
		obey_queue(m, t);
}

void machine_switch(struct machine *m, int cpu, struct thread *next, bool sleeps, void (*seen)(struct machine *m, int cpu, struct thread *prev, struct thread *next))
{
	struct thread *prev = m->current[cpu];

	if (prev && sleeps) {
		prev->doing = ASLEEP;
	} else if (prev && m->queues_stop) {
		prev->doing = WAITS;
		obey_queue(m, prev);
	} else if (prev && machine_queue(m, prev->cgroup, cpu)->throttle_count && !prev->kernel_thread) {
		struct queue *queue = machine_queue(m, prev->cgroup, cpu);

		prev->doing = STOPPED;
		prev->was_stopped = true;
		prev->quota = stopping_level(m, prev->cgroup, cpu);
		if (!queue->stopped_since)
			queue->stopped_since = m->now;
	} else if (prev) {
		prev->doing = WAITS;
	}
	m->switches[cpu]++;
	if (seen)
		seen(m, cpu, prev, next);
	if (prev && prev->doing != ASLEEP)
		enqueue(m, prev);
	if (next) {
		next->run_delay += m->now - next->last_queued;
		next->last_queued = 0;
		next->last_arrival = m->now;
		next->arrivals++;
		next->doing = RUNS;
		next->was_stopped = false;
		next->moved = false;
		next->cpu = cpu;
	} else {
		m->idle_since[cpu] = m->now;
	}
	m->current[cpu] = next;
	m->switched_at[cpu] = m->now;
}

/* A stopped thread in a new queue goes on being stopped only if that is throttled, too; the queue's books ignore it. */
static void settle(struct machine *m, struct thread *t)
{
	if (m->queues_stop)
		obey_queue(m, t);
	else if (t->doing == STOPPED && !machine_queue(m, t->cgroup, t->cpu)->throttle_count)
		t->doing = WAITS;
}

void machine_migrate(struct machine *m, struct thread *t, int cpu, void (*seen)(struct machine *m, struct thread *t, int from, int to))
{
	t->run_delay += m->now - t->last_queued;
	t->last_queued = 0;
	if (seen)
		seen(m, t, t->cpu, cpu);
	t->cpu = cpu;
	enqueue(m, t);
	settle(m, t);
}

void machine_drag(struct machine *m, struct thread *t, int cpu, void (*seen)(struct machine *m, struct thread *t, int from, int to))
{
	if (t->last_queued)
		t->run_delay += m->now - t->last_queued;
	t->last_queued = 0;
	if (seen)
		seen(m, t, t->cpu, cpu);
	t->cpu = cpu;
	enqueue(m, t);
}

void machine_move(struct machine *m, struct thread *t, int cgroup)
{
	t->cgroup = cgroup;
	t->moved = true;
	settle(m, t);
}

void machine_replace(struct machine *m, struct thread *t)
{
	t->pid = m->next_pid++;
	t->run_delay = 0;
	t->arrivals = 0;
	t->last_queued = 0;
	t->last_arrival = 0;
	t->cgroup = pick(m, m->cgroups);
}

void machine_recreate(struct machine *m, int cgroup)
{
	m->generation[cgroup]++;
	for (int cpu = 0; cpu < m->cpus; cpu++) {
		struct queue *queue = machine_queue(m, cgroup, cpu);

		*queue = (struct queue){
			.throttle_count = queue->throttle_count - queue->throttled_self,
			.limited = queue->limited,
			.quota = quota_id(m, 0, cgroup),
		};
	}
}

/* The container's queue runs again: nothing above it is throttled any more. True if a thread was let go. */
static bool let_go(struct machine *m, int cgroup, int cpu)
{
	struct queue *queue = machine_queue(m, cgroup, cpu);
	bool any = false;

	if (queue->stopped_since) {
		queue->stopped += m->now - queue->stopped_since;
		queue->stopped_since = 0;
	}
	for (int i = 0; i < m->threads; i++) {
		struct thread *t = &m->thread[i];

		if (t->doing != STOPPED || t->cgroup != cgroup || t->cpu != cpu)
			continue;
		t->doing = WAITS;
		any = true;
	}
	return any;
}

bool machine_throttle(struct machine *m, int level, int which, int cpu, bool on)
{
	struct queue *self = machine_quota_queue(m, level, which, cpu);
	bool any = false;

	if (self->throttled_self == on)
		return false;
	self->throttled_self = on;
	if (on)
		self->throttled_at = m->now;
	for (int cgroup = 0; cgroup < MAX_CGROUPS; cgroup++) {
		struct queue *queue = machine_queue(m, cgroup, cpu);

		if (quota_of(level, cgroup) != which)
			continue;
		queue->throttle_count += on ? 1 : -1;
		if (!on && !queue->throttle_count)
			any |= let_go(m, cgroup, cpu);
	}
	if (m->queues_stop)
		for (int i = 0; i < m->threads; i++)
			if (m->thread[i].cpu == cpu)
				obey_queue(m, &m->thread[i]);
	return any;
}
