// SPDX-License-Identifier: Apache-2.0
#include "subject.h"

#include <linux/types.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define __noinline __attribute__((noinline, unused))
#pragma GCC diagnostic ignored "-Wunused-function"

#include "shared.h"
#include "histogram.h"
#include "charge.h"
#include "pending.h"
#include "state.h"
#include "interrupt.h"

typedef struct thread task_t;
typedef struct queue queue_t;

/* The place of a thread or a queue in the queue above it: one for each container, CPU and level. */
typedef struct entity {
	queue_t *queue;
	struct entity *parent;
} entity_t;

static struct machine *machine;
static entity_t entities[MAX_CGROUPS][MAX_CPUS][LEVELS];
static struct cpu cpus[MAX_CPUS];
static struct cells tables[MAX_CPUS * 2];
static struct task_state states[MAX_THREADS];
static struct pending pieces[MAX_THREADS];
static bool has_pieces[MAX_THREADS];
static struct result result;
static __u32 epoch;
static bool attached;

static int index_of(const task_t *t)
{
	return t - machine->thread;
}

static int thread_of(__u32 pid)
{
	for (int i = 0; i < machine->threads; i++)
		if (machine->thread[i].pid == pid)
			return i;
	abort();
}

static void add(uint64_t victim, uint64_t code, uint64_t ns, uint64_t count)
{
	for (int i = 0; i < result.sums; i++) {
		if (result.sum[i].victim != victim || result.sum[i].what != code)
			continue;
		result.sum[i].ns += ns;
		result.sum[i].count += count;
		return;
	}
	if (result.sums == MAX_SUMS)
		abort();
	result.sum[result.sums++] = (struct counted){ victim, code, ns, count };
}

static void count_lost(enum lost reason, __u64 n)
{
	cpus[0].lost[reason] += n;
}

static int account(__u32 slot, __u64 victim, __u64 code, __u64 ns, __u64 count)
{
	if (!cells_add(&tables[slot], victim, code, ns, count))
		add(victim, code, ns, count);
	return 0;
}

static int account_stall(__u32 slot, __u64 cgroup, __u64 quota, __u64 ns)
{
	(void)slot;
	for (int i = 0; i < result.stalls; i++) {
		if (result.stall[i].cgroup != cgroup || result.stall[i].quota != quota)
			continue;
		result.stall[i].ns += ns;
		result.stall[i].count++;
		return 0;
	}
	result.stall[result.stalls].cgroup = cgroup;
	result.stall[result.stalls].quota = quota;
	result.stall[result.stalls].ns = ns;
	result.stall[result.stalls++].count = 1;
	return 0;
}

static int charge_pending(__u32 pid, __u64 code, __u64 ns)
{
	int i = thread_of(pid);

	if (!has_pieces[i])
		abort();
	pending_add(&pieces[i], code, ns);
	return 0;
}

static int charge_pieces(__u32 slot, __u64 victim, __u32 pid, __u64 pending_ns)
{
	int i = thread_of(pid);

	(void)pending_ns;
	for (__u32 part = 0; part < pieces[i].parts; part++)
		account(slot, victim, pieces[i].part[part].what, pieces[i].part[part].ns, 1);
	has_pieces[i] = false;
	return 0;
}

static __always_inline void log_sink(__u32 slot, __u64 victim, __u64 occupant, __u64 ns)
{
	if (slot == PENDING_SLOT)
		charge_pending(victim, occupant, ns);
	else
		account(slot, victim, occupant, ns, 1);
}

static int charge(__u32 cpu, __u32 slot, __u64 victim, __u64 from, __u64 to)
{
	struct interrupts *interrupts = &cpus[cpu].interrupts;
	struct log *log = &cpus[cpu].log;
	struct interval rest;

	charge_begin(interrupts, &rest, slot, victim, from, to);
	for (__u64 back = 0; back < INTRUSIONS && rest.known_from > from; back++)
		charge_intrusion(interrupts, &rest, back);
	for (__u32 level = 0; level < OLDER_LEVELS; level++)
		for (__u64 back = 0; back < LOG_BLOCKS && rest.known_from > from && back < interrupts->older[level].begun; back++)
			charge_older(interrupts, &rest, level, back);
	charge_taken(interrupts, &rest);
	for (__u64 back = 0; back < LOG_SEGMENTS && back < log->pushed; back++)
		charge_segment(log, &rest, back);
	for (__u64 back = 0; back < LOG_BLOCKS && back < log->blocks_begun; back++)
		charge_block(log, &rest, back);
	if (rest.left)
		log_sink(slot, victim, what(KIND_UNATTRIBUTED, 0), rest.left);
	return 0;
}

static __u64 taken_since(__u32 cpu, __u64 time)
{
	const struct interrupts *interrupts = &cpus[cpu].interrupts;
	__u64 sum = 0;

	for (__u64 back = 0; back < INTRUSIONS && back < interrupts->pushed; back++)
		sum += intrusion_after(interrupts, interrupts->pushed - 1 - back, time);
	return sum;
}

static __u64 task_cgroup(task_t *t)
{
	return CONTAINER_ID(machine_name(machine, t->cgroup));
}

static __u64 task_occupant(task_t *t)
{
	if (!t)
		return what(KIND_IDLE, 0);
	return t->kernel_thread ? what(KIND_KERNEL, 0) : task_cgroup(t);
}

static __u32 task_pid(task_t *t)
{
	return t->pid;
}

static __u64 task_run_delay(task_t *t)
{
	return t->run_delay;
}

static __u64 task_arrivals(task_t *t)
{
	return t->arrivals;
}

static bool task_stopped(task_t *t)
{
	return t->doing == STOPPED && !machine->queues_stop;
}

/* Identities of queues lie apart as addresses do. */
static __u64 queue_number(queue_t *queue)
{
	return (__u64)(queue - machine->queues + 1) << 9;
}

static queue_t *queue_numbered(__u64 number)
{
	return number ? machine->queues + (number >> 9) - 1 : NULL;
}

static __u64 task_queue(task_t *t)
{
	return queue_number(machine_queue(machine, t->cgroup, t->cpu));
}

static __u64 task_queue_stopped(task_t *t)
{
	return machine_queue(machine, t->cgroup, t->cpu)->stopped;
}

static entity_t *task_entity(task_t *t)
{
	return t->kernel_thread ? NULL : &entities[t->cgroup][t->cpu][0];
}

static queue_t *entity_queue(entity_t *entity)
{
	return entity->queue;
}

static entity_t *entity_parent(entity_t *entity)
{
	return entity->parent;
}

static bool queue_throttled(queue_t *queue)
{
	return queue->throttled_self;
}

static __u64 queue_since(queue_t *queue)
{
	return queue->throttled_at;
}

static __u64 queue_quota(queue_t *queue)
{
	return queue->quota;
}

static bool queue_limited(queue_t *queue)
{
	return queue->limited;
}

static queue_t *queue_above(queue_t *queue, __u32 cpu)
{
	for (int cgroup = 0; cgroup < MAX_CGROUPS; cgroup++)
		for (int level = 0; level < LEVELS; level++)
			if (entities[cgroup][cpu][level].queue == queue)
				return level < LEVELS - 1 ? entities[cgroup][cpu][level + 1].queue : NULL;
	abort();
}

static void begin_stop(__u32 cpu, __u64 quota, __u64 start)
{
	if (!stops_begin(&cpus[cpu].stops, cpus[cpu].stops.stopped_queue, quota, start))
		count_lost(LOST_STOPS, 1);
}

static void end_stop(__u32 cpu, __u32 place, __u64 now);

static void weigh_stops(__u32 cpu, __u32 first)
{
	for (__u32 i = 0; i < STOPS_AT_ONCE; i++)
		stops_weigh(&cpus[cpu].stops, first + i);
}

#include "queue_walk.h"
#include "stops_cut.h"

static void end_stop(__u32 cpu, __u32 place, __u64 now)
{
	end_queue_stop(&cpus[cpu], cpu, place, now);
}

static bool task_queue_stops(struct cpu *c, task_t *t, __u64 from)
{
	return machine->queues_stop && stops_after(&c->stops, from) && find_limits(c, t);
}

static void charge_stops(__u32 cpu, __u32 slot, __u64 victim, __u64 from, __u64 to)
{
	stops_cut(&cpus[cpu].stops, cpu, slot, victim, from, to);
}

#include "wait.h"

void subject_begin(struct machine *m)
{
	machine = m;
	memset(cpus, 0, sizeof(cpus));
	memset(tables, 0, sizeof(tables));
	memset(states, 0, sizeof(states));
	memset(has_pieces, 0, sizeof(has_pieces));
	memset(&result, 0, sizeof(result));
	attached = false;
	epoch = 0;
	for (int cgroup = 0; cgroup < MAX_CGROUPS; cgroup++)
		for (int cpu = 0; cpu < MAX_CPUS; cpu++)
			for (int level = 0; level < LEVELS; level++)
				entities[cgroup][cpu][level] = (entity_t){
					machine_quota_queue(m, level, quota_of(level, cgroup), cpu),
					level < LEVELS - 1 ? &entities[cgroup][cpu][level + 1] : NULL,
				};
}

static void note(struct thread *t, struct task_state *state)
{
	state->throttle.queue = task_queue(t);
	state->throttle.arrivals = t->arrivals;
	state->throttle.start = machine_queue(machine, t->cgroup, t->cpu)->stopped_since;
	state->throttle.stopped = task_queue_stopped(t);
	state->throttle.quota = quota_id(machine, t->quota, t->cgroup);
}

void subject_attach(void)
{
	attached = true;
	for (int cpu = 0; cpu < machine->cpus; cpu++)
		if (machine->current[cpu])
			cpus[cpu].attach_clock = machine->now;
	for (int i = 0; i < machine->threads; i++) {
		struct thread *t = &machine->thread[i];

		states[i].known = 1;
		states[i].seen_run_delay = t->run_delay;
		states[i].seen_arrivals = t->arrivals;
		states[i].asleep = t->doing == ASLEEP && t->last_queued;
		if (machine->queues_stop && (t->doing == WAITS || t->doing == STOPPED) &&
		    machine_queue(machine, t->cgroup, t->cpu)->throttle_count)
			note_queue_stops(&cpus[t->cpu], t->cpu, t);
		if (!task_stopped(t))
			continue;
		note(t, &states[i]);
		if (states[i].throttle.start)
			stops_follow(&cpus[t->cpu].stops, states[i].throttle.queue, states[i].throttle.start,
				     states[i].throttle.stopped);
	}
}

void subject_fork(struct thread *t)
{
	states[index_of(t)] = (struct task_state){ .known = 1 };
	has_pieces[index_of(t)] = false;
}

void subject_switch(struct machine *m, int cpu, struct thread *prev, struct thread *next)
{
	struct cpu *c = &cpus[cpu];
	__u32 slot = cpu * 2 + epoch;

	if (!attached)
		return;
	if (m->switches[cpu] != c->switches + 1) {
		__u64 arrival = prev ? prev->last_arrival : m->idle_since[cpu];

		if (!c->attached)
			log_begin(c, cpu, prev, arrival, m->now);
		else
			switches_lost(c, cpu, slot, prev, prev ? &states[index_of(prev)] : NULL,
				      m->switches[cpu] - c->switches - 1, arrival);
	} else if (!c->attached) {
		log_begin(c, cpu, prev, prev ? prev->last_arrival : m->idle_since[cpu], m->now);
	}
	c->switches = m->switches[cpu];
	c->last_event = m->now;
	if (c->interrupts.soft_since || c->interrupts.hard_since)
		interrupts_none(&c->interrupts);
	if (m->interrupted[cpu].stolen != c->interrupts.stolen)
		interrupts_steal(&c->interrupts, cpu, m->now, m->interrupted[cpu].stolen);
	if (prev && task_stopped(prev)) {
		struct queue *queue = machine_queue(m, prev->cgroup, cpu);

		note_stop(c, &states[index_of(prev)], prev->arrivals, queue_number(queue), queue->stopped_since, queue->stopped,
			  quota_id(m, prev->quota, prev->cgroup));
	}
	if (m->queues_stop) {
		if (c->stops.open)
			end_queue_stops(c, cpu, m->now);
		if (prev && machine_queue(m, prev->cgroup, cpu)->throttle_count)
			note_queue_stops(c, cpu, prev);
	}
	if (next && next->last_queued)
		wait_close(c, cpu, slot, next, &states[index_of(next)], next->run_delay, next->arrivals,
			   next->last_queued, m->now);
	occupy(c, slot, m->now, task_occupant(next), c->interrupts.taken);
}

void subject_migrate(struct machine *m, struct thread *t, int from, int to)
{
	struct task_state *state = &states[index_of(t)];
	struct queue *queue = machine_queue(m, t->cgroup, to);
	struct cpu *c = &cpus[from];

	if (!attached)
		return;
	if (t->doing == ASLEEP) {
		move_asleep(state, t->run_delay, t->arrivals);
		return;
	}
	if (!state->pending_ns) {
		memset(&pieces[index_of(t)], 0, sizeof(pieces[0]));
		has_pieces[index_of(t)] = true;
	}
	wait_leave(c, from, t, state, m->now, m->switches[from] == c->switches ? m->now : c->last_event);
	if (task_stopped(t) && queue->throttle_count) {
		state->throttle.queue = queue_number(queue);
		state->throttle.arrivals = t->arrivals;
		state->throttle.start = queue->stopped_since;
		state->throttle.stopped = queue->stopped;
	}
}

static __always_inline int intrude(__u32 cpu, __u64 end, __u64 ns, __u64 taker)
{
	interrupts_push(&cpus[cpu].interrupts, end, ns, taker);
	return 0;
}

/* All clocks of the machine are one. */
void subject_hard(int cpu, bool begins)
{
	struct interrupts *i = &cpus[cpu].interrupts;
	bool waited = machine_waited(machine, cpu);

	if (!attached)
		return;
	if (begins) {
		hard_begin(i, cpu, machine->now, i->soft_since && waited, machine->interrupted[cpu].stolen);
	} else if (i->hard_since) {
		interrupts_compare(i, machine->now, machine->now);
		hard_end(i, cpu, machine->now, waited, machine->interrupted[cpu].stolen);
	}
}

void subject_soft(int cpu, bool begins)
{
	struct interrupts *i = &cpus[cpu].interrupts;

	if (!attached)
		return;
	if (begins) {
		soft_begin(i, cpu, machine->now, machine->interrupted[cpu].receives);
	} else if (i->soft_since) {
		interrupts_compare(i, machine->now, machine->now);
		soft_end(i, cpu, machine->now, machine_waited(machine, cpu), machine->interrupted[cpu].stolen);
	}
}

void subject_packet(int cpu, uint64_t owner)
{
	struct interrupts *i = &cpus[cpu].interrupts;

	if (attached && i->receives && !soft_named(i, owner) && soft_news(i, owner))
		soft_packet(i, cpu, machine->now, owner);
}

void subject_running(int cpu)
{
	if (attached && cpus[cpu].stops.open)
		end_queue_stops(&cpus[cpu], cpu, machine->now);
}

void subject_woken(struct thread *t)
{
	if (!attached || !machine_queue(machine, t->cgroup, t->cpu)->throttle_count)
		return;
	if (cpus[t->cpu].stops.open)
		end_queue_stops(&cpus[t->cpu], t->cpu, machine->now);
	note_queue_stops(&cpus[t->cpu], t->cpu, t);
}

void subject_turn(void)
{
	__u32 full = epoch;

	epoch ^= 1;
	for (int cpu = 0; cpu < machine->cpus; cpu++) {
		struct cells *cells = &tables[cpu * 2 + full];

		for (int i = 0; i < CELLS; i++) {
			struct cell *cell = &cells->cell[i];

			if (cell->victim)
				add(cell->victim, cell->what, cell->ns, cell->count);
		}
		memset(cells, 0, sizeof(*cells));
	}
	for (int victim = 0; victim < MAX_NAMES; victim++) {
		uint64_t wait = 0, parts = 0;

		if (victim / MAX_CGROUPS > machine->generation[victim % MAX_CGROUPS])
			continue;
		for (int i = 0; i < result.sums; i++) {
			if (result.sum[i].victim != CONTAINER_ID(victim))
				continue;
			if (what_kind(result.sum[i].what) == KIND_WAIT)
				wait += result.sum[i].ns;
			else if (what_kind(result.sum[i].what) < KIND_WAIT)
				parts += result.sum[i].ns;
		}
		result.unequal += wait != parts;
	}
}

const struct result *subject_result(void)
{
	return &result;
}

uint64_t subject_counted_until(int cpu)
{
	return cpus[cpu].attached ? log_newest(&cpus[cpu].log)->start : 0;
}

uint64_t subject_first(int cpu)
{
	return cpus[cpu].attached;
}

uint64_t histogram_bucket(uint64_t ns)
{
	return bucket_offset(ns);
}

uint64_t histogram_bound(int offset)
{
	return bucket_bounds[offset];
}

bool cell_add(uint64_t victim, uint64_t code, uint64_t ns)
{
	return cells_add(&tables[0], victim, code, ns, 1);
}

void cell_clear(void)
{
	memset(tables, 0, sizeof(tables));
}

/* The ns of a key, and in how many cells it is. */
uint64_t cell_read(uint64_t victim, uint64_t code, int *cells)
{
	uint64_t ns = 0;

	*cells = 0;
	for (int i = 0; i < CELLS; i++)
		if (tables[0].cell[i].victim == victim && tables[0].cell[i].what == code) {
			ns += tables[0].cell[i].ns;
			++*cells;
		}
	return ns;
}
