// SPDX-License-Identifier: Apache-2.0
/*
 * Interrupts as they begin and end; whose packets a soft one receives, request.bpf.c says, which sees them anyway. Hook glue: the
 * arithmetic is in interrupt.h.
 *
 * The timer of x86 has hooks of its own; elsewhere it is an interrupt as any other. Interrupts by which CPUs call each other
 * have none here: they are short, and what makes them long (flushing mappings) is asked for by whoever runs.
 */
#include "kernel.h"
#include "interrupts.h"

#define NET_RX_SOFTIRQ 3

__noinline int push_intrusion(__u32 cpu, __u64 end, __u64 ns, __u64 taker)
{
	struct cpu *c = bpf_map_lookup_elem(&cpus, &cpu);

	if (c)
		interrupts_push(&c->interrupts, end, ns, taker);
	return 0;
}

static __always_inline void hard_begins(struct cpu *c, __u32 cpu)
{
	__u64 now = bpf_ktime_get_ns();
	bool waited = false;
	__u64 stolen = 0;

	if (c->interrupts.soft_since) {
		struct task_struct *current = bpf_get_current_task_btf();
		struct rq *rq = current->se.cfs_rq->rq;

		waited = somebody_waits(rq, current);
		stolen = rq_stolen(rq);
	}
	hard_begin(&c->interrupts, cpu, now, waited, stolen);
}

static __always_inline void hard_ends(struct cpu *c, __u32 cpu)
{
	__u64 now = bpf_ktime_get_ns();
	struct task_struct *current = bpf_get_current_task_btf();
	struct rq *rq = current->se.cfs_rq->rq;

	interrupts_compare(&c->interrupts, now, rq->clock);
	hard_end(&c->interrupts, cpu, now, somebody_waits(rq, current), rq_stolen(rq));
}

static __always_inline int hard_entry(void)
{
	__u32 cpu = bpf_get_smp_processor_id();
	struct cpu *c = bpf_map_lookup_elem(&cpus, &cpu);

	if (c && !is_shed(SHED_INTERRUPTS))
		TIMED(c, PROGRAM_INTERRUPT, hard_begins(c, cpu));
	return 0;
}

static __always_inline int hard_exit(void)
{
	__u32 cpu = bpf_get_smp_processor_id();
	struct cpu *c = bpf_map_lookup_elem(&cpus, &cpu);

	if (c && c->interrupts.hard_since)
		TIMED(c, PROGRAM_INTERRUPT, hard_ends(c, cpu));
	return 0;
}

SEC("tp_btf/irq_handler_entry")
int BPF_PROG(on_irq_entry)
{
	return hard_entry();
}

SEC("tp_btf/irq_handler_exit")
int BPF_PROG(on_irq_exit)
{
	return hard_exit();
}

SEC("tp_btf/local_timer_entry")
int BPF_PROG(on_timer_entry)
{
	return hard_entry();
}

SEC("tp_btf/local_timer_exit")
int BPF_PROG(on_timer_exit)
{
	return hard_exit();
}

SEC("tp_btf/softirq_entry")
int BPF_PROG(on_softirq_entry, unsigned int vector)
{
	__u32 cpu = bpf_get_smp_processor_id();
	struct cpu *c = bpf_map_lookup_elem(&cpus, &cpu);

	if (c && !is_shed(SHED_INTERRUPTS))
		TIMED(c, PROGRAM_SOFTIRQ,
		      soft_begin(&c->interrupts, cpu, bpf_ktime_get_ns(), vector == NET_RX_SOFTIRQ));
	return 0;
}

/* Where nobody waits no time is needed: what a hard interrupt sees of both clocks is enough then. */
static __always_inline void soft_ends(struct cpu *c, __u32 cpu)
{
	struct task_struct *current = bpf_get_current_task_btf();
	struct rq *rq = current->se.cfs_rq->rq;
	bool waited = somebody_waits(rq, current);
	__u64 now = 0;

	if (waited) {
		now = bpf_ktime_get_ns();
		interrupts_compare(&c->interrupts, now, rq->clock);
	}
	soft_end(&c->interrupts, cpu, now, waited, rq_stolen(rq));
}

SEC("tp_btf/softirq_exit")
int BPF_PROG(on_softirq_exit)
{
	__u32 cpu = bpf_get_smp_processor_id();
	struct cpu *c = bpf_map_lookup_elem(&cpus, &cpu);

	if (c && c->interrupts.soft_since)
		TIMED(c, PROGRAM_SOFTIRQ, soft_ends(c, cpu));
	return 0;
}
