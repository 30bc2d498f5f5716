/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CPU time under quotas, as the kernel charges it: whenever another cgroup gets a CPU, what the one before it used, for
 * each quota above it. Glue between the kernel's run-queues and burn.h.
 */
#pragma once

#include "task.h"
#include "queues.h"

extern int LINUX_KERNEL_VERSION __kconfig;

/*
 * Adds the piece in this CPU's `burning` to what the cgroup used under the quota in the period of that number. The run-queue
 * is locked, and the piece ends now.
 */
int burn_add(__u32 slot, __u64 quota, __u64 cgroup, __u32 period);

/* Books what this CPU keeps back of periods that have ended: for cgroups that don't come here again. Returns the slot. */
int burn_sweep(__u32 slot);

/* False only if no quota is above the thread; since 6.6 the kernel itself keeps book of that. */
static __always_inline bool may_burn(struct task_struct *task)
{
	struct task_group *tg = task->se.cfs_rq->tg;

	/* -1: no quota */
	return LINUX_KERNEL_VERSION < KERNEL_VERSION(6, 6, 0) ||
	       !bpf_core_field_exists(tg->cfs_bandwidth.hierarchical_quota) || tg->cfs_bandwidth.hierarchical_quota >= 0;
}

/*
 * What the cgroup of prev, which leaves the CPU, has used since another cgroup had it: by the group's own account, which
 * leaves out threads that no quota binds and, where the kernel keeps them apart, interrupts. If it did not get the CPU under
 * our eyes, or was moved to another group since, only this thread's last turn is known.
 */
static __always_inline void burn_measure(struct cpu *c, struct task_struct *prev, __u64 now)
{
	struct sched_entity *group = prev->se.parent;
	__u64 since = c->burning.since;
	__u64 before, runtime, ns;

	if (since && group && c->burning.group == (__u64)group) {
		before = c->burning.runtime;
		runtime = group->sum_exec_runtime;
	} else {
		since = prev->sched_info.last_arrival;
		before = prev->se.prev_sum_exec_runtime;
		runtime = prev->se.sum_exec_runtime;
		/* Or loads of either pointer are made of the two branches, which the verifier refuses. */
		barrier_var(before);
		barrier_var(runtime);
	}
	ns = runtime - before;
	/* It cannot be more than there was time. */
	c->burning.ns = now <= since ? 0 : ns < now - since ? ns : now - since;
}

/* Another cgroup gets the CPU. */
static __noinline void burn_turn(struct cpu *c, __u32 slot, struct task_struct *prev, struct task_struct *next, __u64 now)
{
	struct sched_entity *se = &prev->se;
	struct sched_entity *group;

	if (prev->pid && may_burn(prev)) {
		burn_measure(c, prev, now);
		for (int depth = 0; depth < QUEUE_DEPTH && se; depth++) {
			struct cfs_rq *queue = se->cfs_rq;

			if (queue->runtime_enabled) {
				struct task_group *tg = queue->tg;

				if (!period_timer)
					period_timer = (__u64)tg->cfs_bandwidth.period_timer.function;
				burn_add(slot, tg->css.cgroup->kn->id, task_cgroup(prev), tg->cfs_bandwidth.nr_periods);
			}
			se = se->parent;
		}
	}
	if (c->burning.swept != slot)
		c->burning.swept = burn_sweep(slot);
	group = next->se.parent;
	c->burning.group = (__u64)group;
	c->burning.since = now;
	c->burning.runtime = group ? group->sum_exec_runtime : 0;
}
