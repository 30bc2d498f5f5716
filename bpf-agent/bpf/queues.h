/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Queues that a quota stops as a whole (before 6.18): which of those above a thread are stopped now, and for how long of an
 * interval they were. Glue between the kernel's run-queues and stops.h.
 */
#pragma once

#include "results.h"
#include "task.h"

/* The queues above a thread, from its own to the root's, whose depth is bounded for the verifier. */
#define QUEUE_DEPTH 12

/* The queue in stops.stopped_queue of the CPU is stopped by quota since start. */
int begin_stop(__u32 cpu, __u64 quota, __u64 start);

/* The stop in that place of the CPU's open ones has ended. */
int end_stop(__u32 cpu, __u32 place, __u64 now);

/* As charge(), but the time in which a queue that find_limits() found was stopped is charged to its quota. */
int charge_stops(__u32 cpu, __u32 slot, __u64 victim, __u64 from, __u64 to);

/* Before 6.18: notes those queues above the task that are stopped now, if any is. */
static __noinline void note_queue_stops(struct cpu *c, __u32 cpu, struct task_struct *task)
{
	struct sched_entity *se = &task->se;

	for (int depth = 0; depth < QUEUE_DEPTH && se; depth++) {
		struct cfs_rq *queue = se->cfs_rq;
		__u64 since = queue->throttled_clock;

		if (BPF_CORE_READ_BITFIELD_PROBED(queue, throttled)) {
			c->stops.stopped_queue = (__u64)queue;
			begin_stop(cpu, queue->tg->css.cgroup->kn->id, since ? since : queue->rq->clock);
		}
		se = se->parent;
	}
}

/* Before 6.18: closes the stops of this CPU's queues that have ended by now. */
static __noinline void end_queue_stops(struct cpu *c, __u32 cpu, __u64 now)
{
	for (__u32 i = 0; i < STOPS_OPEN; i++) {
		struct cfs_rq *queue = (void *)c->stops.now[i].queue;

		if (queue && !BPF_CORE_READ_BITFIELD_PROBED(queue, throttled))
			end_stop(cpu, i, now);
	}
}

/* Sets up a scan for the task's queues that have a quota. False if none has. */
static __noinline bool find_limits(struct cpu *c, struct task_struct *task)
{
	struct stop_scan *scan = &c->stops.scan;
	struct sched_entity *se = &task->se;

	scan->levels = 0;
	for (__u32 i = 0; i < STOP_LEVELS; i++)
		scan->level[i] = 1; /* nobody's */
	for (int depth = 0; depth < QUEUE_DEPTH && se; depth++) {
		struct cfs_rq *queue = se->cfs_rq;

		if (queue->runtime_enabled && scan->levels < STOP_LEVELS) {
			scan->level[scan->levels & (STOP_LEVELS - 1)] = (__u64)queue;
			scan->levels++;
		}
		se = se->parent;
	}
	return scan->levels;
}

static __always_inline bool task_queue_stops(struct cpu *c, task_t *task, __u64 from)
{
	if (!quotas_stop_queues)
		return false;
	if (!c->stops.open && (!c->stops.ended || c->stops.past[(c->stops.ended - 1) & (STOPS_PAST - 1)].end <= from))
		return false;
	return find_limits(c, task);
}
