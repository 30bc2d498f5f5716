// SPDX-License-Identifier: Apache-2.0
/*
 * Before 6.18 a quota stops a whole queue. Three small programs see when; newer kernels never load them.
 */
#include "kernel.h"
#include "queues.h"

__noinline int weigh_stops(__u32 cpu, __u32 first)
{
	struct cpu *c = bpf_map_lookup_elem(&cpus, &cpu);

	if (!c)
		return 0;
	for (__u32 i = 0; i < STOPS_AT_ONCE; i++)
		stops_weigh(&c->stops, first + i);
	return 0;
}

#include "stops_cut.h"

__noinline int begin_stop(__u32 cpu, __u64 quota, __u64 start)
{
	struct cpu *c = bpf_map_lookup_elem(&cpus, &cpu);

	/* Through memory: a global function takes no kernel pointer, not even to compare. */
	if (c && !stops_begin(&c->stops, c->stops.stopped_queue, quota, start))
		count_lost(LOST_STOPS, 1);
	return 0;
}

__noinline int end_stop(__u32 cpu, __u32 place, __u64 now)
{
	struct cpu *c = bpf_map_lookup_elem(&cpus, &cpu);

	if (c)
		end_queue_stop(c, cpu, place, now);
	return 0;
}

__noinline int charge_stops(__u32 cpu, __u32 slot, __u64 victim, __u64 from, __u64 to)
{
	struct cpu *c = bpf_map_lookup_elem(&cpus, &cpu);

	if (c)
		stops_cut(&c->stops, cpu, slot, victim, from, to);
	return 0;
}

/*
 * Before 6.18: a queue may be stopped when a task wakes into it and finds no budget left, and is let go by a timer, which
 * then adds its tasks to the run-queue's number of running ones.
 */
static __always_inline void woken(struct task_struct *task)
{
	struct cfs_rq *queue = task->se.cfs_rq;
	__u32 cpu = queue->rq->cpu;
	struct cpu *c;

	if (!queue->throttle_count)
		return;
	c = bpf_map_lookup_elem(&cpus, &cpu);
	if (!c)
		return;
	if (c->stops.open)
		end_queue_stops(c, cpu, queue->rq->clock);
	note_queue_stops(c, cpu, task);
}

static __always_inline void runs_more(struct rq *rq)
{
	__u32 cpu = rq->cpu;
	struct cpu *c = bpf_map_lookup_elem(&cpus, &cpu);

	if (c && c->stops.open)
		end_queue_stops(c, cpu, rq->clock);
}

SEC("tp_btf/sched_wakeup")
int BPF_PROG(on_wakeup, struct task_struct *task)
{
	__u32 here = bpf_get_smp_processor_id();
	struct cpu *mine = bpf_map_lookup_elem(&cpus, &here);

	if (mine && !is_shed(SHED_ALL_BUT_WAITS))
		TIMED(mine, PROGRAM_QUEUE, woken(task));
	return 0;
}

SEC("tp_btf/sched_wakeup_new")
int BPF_PROG(on_wakeup_new, struct task_struct *task)
{
	__u32 here = bpf_get_smp_processor_id();
	struct cpu *mine = bpf_map_lookup_elem(&cpus, &here);

	if (mine && !is_shed(SHED_ALL_BUT_WAITS))
		TIMED(mine, PROGRAM_QUEUE, woken(task));
	return 0;
}

SEC("tp_btf/sched_update_nr_running_tp")
int BPF_PROG(on_nr_running, struct rq *rq, int change)
{
	__u32 here = bpf_get_smp_processor_id();
	struct cpu *mine = bpf_map_lookup_elem(&cpus, &here);

	/* Stops that are open are closed even when new ones are not looked for. */
	if (mine && change > 0)
		TIMED(mine, PROGRAM_QUEUE, runs_more(rq));
	return 0;
}
