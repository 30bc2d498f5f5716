/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Interrupts and steal, as the kernel shows them: glue between its run-queues and interrupt.h.
 */
#pragma once

#include "results.h"
#include "interrupt.h"

/* As interrupts_push(), on the CPU of that number. */
int push_intrusion(__u32 cpu, __u64 end, __u64 ns, __u64 taker);

static __always_inline int intrude(__u32 cpu, __u64 end, __u64 ns, __u64 taker)
{
	return push_intrusion(cpu, end, ns, taker);
}

/* Time that the hypervisor took from this CPU, by the run-queue's books; 0 where the kernel keeps none. */
static __always_inline __u64 rq_stolen(struct rq *rq)
{
	if (bpf_core_field_exists(rq->prev_steal_time_rq))
		return rq->prev_steal_time_rq;
	return bpf_core_field_exists(rq->prev_steal_time) ? rq->prev_steal_time : 0;
}

/* Whether anybody waits for the CPU that `current` has. */
static __always_inline bool somebody_waits(struct rq *rq, struct task_struct *current)
{
	return rq->nr_running > (current->pid ? 1 : 0);
}

static __noinline int owner_changes(struct cpu *c, __u64 owner)
{
	soft_packet(&c->interrupts, bpf_get_smp_processor_id(), bpf_ktime_get_ns(), owner);
	return 0;
}

/*
 * A packet has reached its socket, which is of a cgroup of the unified hierarchy. Returns whether it is the first of the stretch that
 * began at `soft_since`.
 */
static __always_inline bool received(struct cpu *c, __u64 owner)
{
	if (soft_named(&c->interrupts, owner))
		return true;
	if (likely(!soft_news(&c->interrupts, owner)))
		return false;
	owner_changes(c, owner);
	return true;
}
