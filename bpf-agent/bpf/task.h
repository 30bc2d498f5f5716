/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the kernel's own books say about a task: who it is, how long it has waited, whether it is stopped. Reads only.
 */
#pragma once

#include "memory.h"

/* Not a typedef: a field is found in the kernel by the name of its type. */
#define task_t struct task_struct

/* By its css_set: sched_task_group would be an autogroup's for tasks of the root cgroup. */
static __always_inline __u64 task_cgroup(task_t *task)
{
	struct css_set *set = task->cgroups;
	struct cgroup *cgroup = unified ? set->dfl_cgrp :
					  set->subsys[bpf_core_enum_value(enum cgroup_subsys_id, cpu_cgrp_id)]->cgroup;
	__u64 id = cgroup->kn->id;

	return id ? id : 1;
}

/* Where blame is switched off, whoever has the CPU is nobody in particular, and a log has one segment. */
static __always_inline __u64 task_occupant(task_t *task)
{
	if (is_shed(SHED_BLAME))
		return what(KIND_UNATTRIBUTED, 0);
	if (!task->pid)
		return what(KIND_IDLE, 0);
	if (task->flags & PF_KTHREAD)
		return what(KIND_KERNEL, 0);
	return task_cgroup(task);
}

static __always_inline __u32 task_pid(task_t *task)
{
	return task->pid;
}

static __always_inline __u64 task_run_delay(task_t *task)
{
	return task->sched_info.run_delay;
}

static __always_inline __u64 task_arrivals(task_t *task)
{
	return task->sched_info.pcount;
}

/* Since 6.12 a thread that sleeps may stay on its queue for a while. */
static __always_inline bool task_delayed(task_t *task)
{
	return bpf_core_field_exists(task->se.sched_delayed) && task->se.sched_delayed;
}

/* Since 6.18 a quota stops the thread itself. */
static __always_inline bool task_stopped(task_t *task)
{
	struct task_struct___task_throttling *t = (void *)task;

	return bpf_core_field_exists(t->throttled) && t->throttled;
}

static __always_inline __u64 task_queue(task_t *task)
{
	return (__u64)task->se.cfs_rq;
}

static __always_inline __u64 task_queue_stopped(task_t *task)
{
	struct cfs_rq *queue = task->se.cfs_rq;

	return bpf_core_field_exists(queue->throttled_clock_self_time) ? queue->throttled_clock_self_time : 0;
}

/* When the task that has the CPU got it, by the scheduler's own books; the idle task keeps none, but its run-queue does. */
static __always_inline __u64 task_arrival(task_t *task, struct rq *rq)
{
	if (task->pid)
		return task->sched_info.last_arrival;
	return bpf_core_field_exists(rq->clock_idle) ? rq->clock_idle : 0;
}

/*
 * By how much the clock that the kernel counts CPU time by is behind that of the run-queue, ns: steal where the kernel knows
 * of it, and interrupts where it measures them (CONFIG_PARAVIRT_TIME_ACCOUNTING, CONFIG_IRQ_TIME_ACCOUNTING). Never shrinks.
 */
static __always_inline __u64 rq_left_out(struct rq *rq)
{
	return rq->clock - rq->clock_task;
}

/* Gives a task its memory. NULL if there is none, which is remembered. */
static __always_inline struct task_state *give_home(struct task_struct *task)
{
	struct task_state *state = bpf_task_storage_get(&tasks, task, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
	__u32 pid = task->pid;
	__u8 yes = 1;

	if (!state)
		bpf_map_update_elem(&homeless, &pid, &yes, BPF_ANY);
	return state;
}
