// SPDX-License-Identifier: Apache-2.0
/* Looks at all tasks from outside, when the sensor asks: before and after the hooks are attached, and at every edge. */
#include "kernel.h"
#include "queues.h"
#include "task.h"
#include "throttle.h"

/*
 * As note_throttle(), for a thread that was stopped before we came. No run-queue is locked here, so only the thread's
 * memory is written.
 */
static __noinline void note_old_throttle(struct task_struct *task)
{
	struct task_state *state = bpf_task_storage_get(&tasks, task, 0, 0);
	struct cfs_rq *queue = task->se.cfs_rq;

	if (!state || !bpf_core_field_exists(queue->throttled_clock_self))
		return;
	state->throttle.queue = task_queue(task);
	state->throttle.arrivals = task_arrivals(task);
	state->throttle.start = queue->throttled_clock_self;
	state->throttle.stopped = task_queue_stopped(task);
	state->throttle.quota = quota_of(task);
}

/* A stop that goes on before any hook is attached, so that nobody else writes: a later one of its queue will end it. */
static __noinline void follow_old_stop(struct task_struct *task)
{
	struct cfs_rq *queue = task->se.cfs_rq;
	__u32 cpu = queue->rq->cpu;
	struct cpu *c = bpf_map_lookup_elem(&cpus, &cpu);

	if (c && bpf_core_field_exists(queue->throttled_clock_self) && queue->throttled_clock_self)
		stops_follow(&c->stops, (__u64)queue, queue->throttled_clock_self, task_queue_stopped(task));
}

/* The same where queues are stopped: all those above the waiting thread that are stopped now. */
static __noinline void note_old_stops(struct task_struct *task)
{
	struct cfs_rq *queue = task->se.cfs_rq;
	__u32 cpu = queue->rq->cpu;
	struct cpu *c = bpf_map_lookup_elem(&cpus, &cpu);

	if (c && queue->throttle_count)
		note_queue_stops(c, cpu, task);
}

/*
 * Run before the hooks are attached: memory for every task that exists, and each busy CPU's clock. Run again after it:
 * what each task has waited so far, if no hook has looked at it yet.
 */
SEC("iter/task")
int prepare(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct task_state *state;
	struct rq *rq;

	if (!task)
		return 0;
	state = give_home(task);
	if (hooked) {
		if (state && !state->known) {
			state->seen_run_delay = task_run_delay(task);
			state->seen_arrivals = task_arrivals(task);
			state->asleep = task->sched_info.last_queued && (!task->on_rq || task_delayed(task));
			state->known = 1;
			if (task_stopped(task))
				note_old_throttle(task);
		}
		return 0;
	}
	if (task->on_cpu) {
		__u32 cpu;
		struct cpu *c;

		rq = task->se.cfs_rq->rq;
		cpu = rq->cpu;
		c = bpf_map_lookup_elem(&cpus, &cpu);
		if (c)
			c->attach_clock = rq->clock;
	} else if (task_stopped(task)) {
		follow_old_stop(task);
	} else if (quotas_stop_queues && task->on_rq) {
		note_old_stops(task);
	}
	return 0;
}

/* Run at every edge: the waits that are open, and the clock of every busy CPU. Costs the switching CPUs nothing. */
SEC("iter/task")
int survey(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct task_record record = {};
	__u64 queued;
	struct rq *rq;

	if (!task)
		return 0;
	rq = task->se.cfs_rq->rq;
	record.cpu = rq->cpu;
	queued = task->sched_info.last_queued;
	if (task->on_cpu) {
		record.ns = rq->clock;
		record.left_out = rq_left_out(rq);
	} else if (queued && task->on_rq && !task_delayed(task)) {
		struct task_state *state = bpf_task_storage_get(&tasks, task, 0, 0);

		if (state && state->asleep)
			return 0;
		record.cgroup = task_cgroup(task);
		record.ns = rq->clock > queued ? rq->clock - queued : 0;
		if (state)
			record.ns += state->pending_ns;
	} else {
		return 0;
	}
	bpf_seq_write(ctx->meta->seq, &record, sizeof(record));
	return 0;
}
