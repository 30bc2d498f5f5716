/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Threads that a quota stops (6.18 and newer): notes whose quota it was, and the books of the thread's queue that will tell
 * when that ended. Glue between the kernel's run-queues and wait.h.
 */
#pragma once

#include "task.h"

/* The cgroup whose quota stops the task now: the innermost on its way up that is throttled itself. */
static __noinline __u64 quota_of(struct task_struct *task)
{
	struct sched_entity *se = &task->se;
	__u64 limited = 0;

	for (int level = 0; level < 16 && se; level++) {
		struct cfs_rq *queue = se->cfs_rq;
		__u64 id = queue->tg->css.cgroup->kn->id;

		if (BPF_CORE_READ_BITFIELD(queue, throttled))
			return id;
		/* Unthrottled in this very moment: the innermost that has a quota at all. */
		if (!limited && queue->runtime_enabled)
			limited = id;
		se = se->parent;
	}
	return limited;
}
