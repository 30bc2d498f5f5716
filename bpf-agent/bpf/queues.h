/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Queues that a quota stops as a whole (before 6.18): which of those above a thread are stopped now, and for how long of an
 * interval they were. Glue between the kernel's run-queues and queue_walk.h.
 */
#pragma once

#include "results.h"
#include "task.h"

/* The queue in stops.stopped_queue of the CPU is stopped by quota since start. */
int begin_stop(__u32 cpu, __u64 quota, __u64 start);

/* Closes the stop in that place of the CPU's open ones if it has ended. */
int end_stop(__u32 cpu, __u32 place, __u64 now);

/* As charge(), but the time in which a queue that find_limits() found was stopped is charged to its quota. */
int charge_stops(__u32 cpu, __u32 slot, __u64 victim, __u64 from, __u64 to);

#define queue_t struct cfs_rq
#define entity_t struct sched_entity

static __always_inline entity_t *task_entity(task_t *task)
{
	return &task->se;
}

static __always_inline queue_t *entity_queue(entity_t *entity)
{
	return entity->cfs_rq;
}

static __always_inline entity_t *entity_parent(entity_t *entity)
{
	return entity->parent;
}

static __always_inline __u64 queue_number(queue_t *queue)
{
	return (__u64)queue;
}

static __always_inline queue_t *queue_numbered(__u64 number)
{
	return (queue_t *)number;
}

static __always_inline bool queue_throttled(queue_t *queue)
{
	return BPF_CORE_READ_BITFIELD_PROBED(queue, throttled);
}

static __always_inline __u64 queue_since(queue_t *queue)
{
	__u64 since = BPF_CORE_READ(queue, throttled_clock);

	return since ? since : BPF_CORE_READ(queue, rq, clock);
}

static __always_inline __u64 queue_quota(queue_t *queue)
{
	return BPF_CORE_READ(queue, tg, css.cgroup, kn, id);
}

static __always_inline bool queue_limited(queue_t *queue)
{
	return queue->runtime_enabled;
}

static __always_inline queue_t *queue_above(queue_t *queue, __u32 cpu)
{
	queue_t **queues = BPF_CORE_READ(queue, tg, parent, cfs_rq);
	queue_t *above = NULL;

	if (queues)
		bpf_probe_read_kernel(&above, sizeof(above), &queues[cpu]);
	return above;
}

#include "queue_walk.h"

static __always_inline bool task_queue_stops(struct cpu *c, task_t *task, __u64 from)
{
	return quotas_stop_queues && stops_after(&c->stops, from) && find_limits(c, task);
}
