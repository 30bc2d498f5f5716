// SPDX-License-Identifier: Apache-2.0
/*
 * Who waited for a CPU, and who had it meanwhile. Hook glue: it reads kernel structures and hands numbers to the
 * arithmetic in wait.h, log.h and charge.h. It knows cgroup ids, never containers.
 *
 * A wait is what the kernel itself calls one (sched_info.run_delay): from the stamp that the scheduler leaves in
 * last_queued to the switch that ends it, on the run-queue's clock. At sched_switch the stamp of the next task is still
 * there, so no wakeup hook is needed, a lost event heals at the next one, and waits that were open before we came are
 * known in full. A waiting task that is moved to another CPU has its stamp cleared before sched_migrate_task tells us,
 * but its run_delay has just grown by exactly that piece; the task's storage remembers what it was before.
 *
 * A hook that writes a log runs under the run-queue lock of that CPU, with interrupts off; fork and cgroup hooks hold no such
 * lock and touch no log. Nothing is allocated under that lock: a task gets its storage when it is forked or, if older than
 * us, from an iterator.
 */
#include "kernel.h"
#include "histogram.h"
#include "results.h"
#include "queues.h"
#include "servers.h"
#include "task.h"
#include "throttle.h"
#include "interrupts.h"
#include "wait.h"
#include "burning.h"

static const struct pending no_pending = {};

/*
 * Whether a wait may be booked. Before 6.2 a task's memory cannot be looked up where that interrupts another look-up; the
 * wait then is found in the task's own books, as one that ended unseen, when it waits the next time.
 */
static __always_inline bool may_book(const struct task_state *state, __u32 pid)
{
	if (state || LINUX_KERNEL_VERSION >= KERNEL_VERSION(6, 2, 0) || bpf_map_lookup_elem(&homeless, &pid))
		return true;
	count_lost(LOST_TASK_STATE, 1);
	return false;
}

/* A thread leaves the CPU because of a quota: notes whose, and the books of its queue that will tell when that ended. */
static __noinline void note_throttle(struct cpu *c, struct task_struct *task)
{
	struct task_state *state = bpf_task_storage_get(&tasks, task, 0, 0);
	struct cfs_rq *queue = task->se.cfs_rq;

	if (state && bpf_core_field_exists(queue->throttled_clock_self))
		note_stop(c, state, task_arrivals(task), task_queue(task), queue->throttled_clock_self,
			  task_queue_stopped(task), quota_of(task));
}

/* A stopped task goes on to dest_cpu: if its queue is throttled there, too, that queue's books count from now on. */
static __noinline void follow_throttle(struct task_struct *task, struct task_state *state, int dest_cpu)
{
	struct cfs_rq **queues = task->sched_task_group->cfs_rq;
	struct cfs_rq *queue = NULL;

	if (bpf_probe_read_kernel(&queue, sizeof(queue), &queues[dest_cpu]) || !BPF_CORE_READ(queue, throttle_count))
		return;
	state->throttle.queue = (__u64)queue;
	state->throttle.arrivals = task_arrivals(task);
	state->throttle.start = BPF_CORE_READ(queue, throttled_clock_self);
	state->throttle.stopped = BPF_CORE_READ(queue, throttled_clock_self_time);
}

/* A switch after one that we have not seen, or the first on this CPU. */
static __noinline void catch_up(struct cpu *c, __u32 cpu, __u32 slot, struct task_struct *prev)
{
	struct rq *rq = prev->se.cfs_rq->rq;
	__u64 arrival = task_arrival(prev, rq);

	if (!c->attached)
		log_begin(c, cpu, prev, arrival, rq->clock);
	else
		switches_lost(c, cpu, slot, prev, prev->pid ? bpf_task_storage_get(&tasks, prev, 0, 0) : NULL,
			      rq->nr_switches - c->switches - 1, arrival);
}

/* The kernel's books of steal have grown. */
static __noinline void note_steal(struct cpu *c, __u32 cpu, struct rq *rq)
{
	if (is_shed(SHED_INTERRUPTS))
		interrupts_stolen(&c->interrupts, rq_stolen(rq));
	else
		interrupts_steal(&c->interrupts, cpu, rq->clock, rq_stolen(rq));
}

static __always_inline void switched(struct cpu *c, __u32 cpu, struct task_struct *prev, struct task_struct *next)
{
	struct rq *rq = next->se.cfs_rq->rq;
	__u32 slot = cpu * 2 + (epoch & 1);
	__u64 now = rq->clock;
	__u64 queued;

	if (!now)
		return;
	c->left_out = rq_left_out(rq);
	if (rq->nr_switches != c->switches + 1)
		catch_up(c, cpu, slot, prev);
	c->switches = rq->nr_switches;
	c->last_event = now;
	if (c->interrupts.soft_since || c->interrupts.hard_since)
		interrupts_none(&c->interrupts);
	if (rq_stolen(rq) != c->interrupts.stolen)
		note_steal(c, cpu, rq);
	if (c->server)
		server_left(c->server, prev->pid, !prev->on_rq || task_delayed(prev));
	c->server = 0;
	if (quotas_stop_queues && c->stops.open)
		end_queue_stops(c, cpu, now);
	if (!is_shed(SHED_ALL_BUT_WAITS)) {
		if (task_stopped(prev))
			note_throttle(c, prev);
		if (quotas_stop_queues && prev->se.cfs_rq->throttle_count)
			note_queue_stops(c, cpu, prev);
	}
	queued = next->sched_info.last_queued;
	if (queued && queued <= now) {
		struct task_state *state = bpf_task_storage_get(&tasks, next, 0, 0);

		if (state && state->server && !is_shed(SHED_ANATOMY))
			c->server = c->booking = server_comes(state->server, next->pid);
		c->noting = now - queued >= LONG_WAIT_NS || (state && state->pending_ns >= LONG_WAIT_NS);
		c->noted.ns = c->noted.parts = 0;
		if (may_book(state, next->pid))
			wait_close(c, cpu, slot, next, state, task_run_delay(next), task_arrivals(next), queued, now);
		if (c->noting && c->noted.ns)
			keep_longest(cpu, task_cgroup(next), slot & 1);
		c->noting = c->booking = 0;
		if (c->server)
			server_resumed(c->server);
	}
	if (is_shed(SHED_BURN))
		c->burning.since = 0;
	else if (prev->se.cfs_rq != next->se.cfs_rq)
		burn_turn(c, slot, prev, next, now);
	occupy(c, slot, now, task_occupant(next), c->interrupts.taken);
	c->pushed_in[slot & 1] = c->log.pushed;
}

SEC("tp_btf/sched_switch")
int BPF_PROG(on_switch, bool preempt, struct task_struct *prev, struct task_struct *next)
{
	__u32 cpu = bpf_get_smp_processor_id();
	struct cpu *c = bpf_map_lookup_elem(&cpus, &cpu);

	if (c)
		TIMED(c, PROGRAM_SWITCH, switched(c, cpu, prev, next));
	return 0;
}

/* A waiting task is taken off its CPU's queue, to be put on another's. A task that is being woken has nothing behind it. */
static __always_inline void migrated(struct task_struct *task, int dest_cpu)
{
	struct task_state *state;
	__u64 now, log_until;
	bool first;
	__u32 pid, cpu;
	struct cpu *c;
	struct rq *rq;

	if (task->on_rq != TASK_ON_RQ_MIGRATING)
		return;
	state = bpf_task_storage_get(&tasks, task, 0, 0);
	rq = task->se.cfs_rq->rq;
	cpu = rq->cpu;
	c = bpf_map_lookup_elem(&cpus, &cpu);
	if (!state || !c)
		return;
	if (task_delayed(task)) {
		move_asleep(state, task_run_delay(task), task_arrivals(task));
		return;
	}
	pid = task->pid;
	first = !state->pending_ns && !is_shed(SHED_BLAME);
	if (first && bpf_map_update_elem(&pending, &pid, &no_pending, BPF_ANY))
		count_lost(LOST_PENDING, 1);
	now = rq->clock;
	log_until = c->last_event;
	barrier_var(log_until); /* or one load of either pointer is made of the two, which the verifier refuses */
	if (rq->nr_switches == c->switches)
		log_until = now;
	if (!wait_leave(c, cpu, task, state, now, log_until) && first)
		bpf_map_delete_elem(&pending, &pid);
	if (task_stopped(task))
		follow_throttle(task, state, dest_cpu);
}

SEC("tp_btf/sched_migrate_task")
int BPF_PROG(on_migrate, struct task_struct *task, int dest_cpu)
{
	__u32 here = bpf_get_smp_processor_id();
	struct cpu *mine = bpf_map_lookup_elem(&cpus, &here);

	if (mine)
		TIMED(mine, PROGRAM_MIGRATE, migrated(task, dest_cpu));
	return 0;
}

/* A new task gets its memory here, where no run-queue is locked. */
static __always_inline void forked(struct task_struct *child)
{
	struct task_state *state = give_home(child);

	if (state)
		state->known = 1;
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_fork, struct task_struct *parent, struct task_struct *child)
{
	__u32 here = bpf_get_smp_processor_id();
	struct cpu *mine = bpf_map_lookup_elem(&cpus, &here);

	if (mine)
		TIMED(mine, PROGRAM_FORK, forked(child));
	return 0;
}
