// SPDX-License-Identifier: Apache-2.0
/* Puts results where the sensor reads them. Knows no kernel structure. */
#include "kernel.h"
#include "histogram.h"
#include "results.h"
#include "charge.h"
#include "servers.h"

/* Adds under (victim, what), outside of the CPU's table, which has no place for it. */
static __noinline bool spill_add(__u32 slot, __u64 victim, __u64 code, __u64 ns, __u64 count)
{
	struct spill_key key = { .victim = victim, .what = code | (slot & 1 ? SPILL_EPOCH : 0) };

	if (what_is_culprit(code))
		return sum_add(sum_at(&spill, &key), ns, count);
	return sum_add(sum_at(&spill_own, &key), ns, count);
}

/*
 * No room for a culprit: it, or a smaller one, becomes "other", or something else leaves the table for it. False if what then
 * has no place finds none; that is left in cell.
 */
static __noinline bool fold(__u32 slot, struct cells *cells, struct cell *cell)
{
	cells_replace(cells, cell, bpf_get_prandom_u32());
	if (what_is_culprit(cell->what)) {
		count_lost(LOST_CELLS, 1);
		cell->what = what(KIND_OTHER, 0);
	}
	return cells_add(cells, cell->victim, cell->what, cell->ns, cell->count) ||
	       spill_add(slot, cell->victim, cell->what, cell->ns, cell->count);
}

__noinline int account(__u32 slot, __u64 victim, __u64 code, __u64 ns, __u64 count)
{
	struct cells *cells = bpf_map_lookup_elem(&tables, &slot);
	struct cell homeless = { victim, code, ns, count };
	__u32 cpu = slot / 2;
	struct cpu *c = bpf_map_lookup_elem(&cpus, &cpu);

	if (!cells || !c)
		return 0;
	if ((c->booking || c->noting) && what_kind(code) < KIND_WAIT)
		booked(cpu, code, ns);
	if (cells_add(cells, victim, code, ns, count) || spill_add(slot, victim, code, ns, count))
		return 0;
	if (!what_is_culprit(code) || !fold(slot, cells, &homeless))
		count_lost(LOST_NS, homeless.ns);
	return 0;
}

/* Global, so that 6.1 verifies it for any ns at all, which it can, and not for what it thinks of those that come. */
__noinline int duration_bucket(__u64 ns)
{
	return ns ? bucket_offset(ns) : WAIT_ZERO;
}

__noinline int account_stall(__u32 slot, __u64 cgroup, __u64 quota, __u64 ns)
{
	struct stall_key key = { .cgroup = cgroup, .quota = quota, .bucket = bucket_offset(ns), .epoch = slot & 1 };

	if (!sum_add(sum_at(&stalls, &key), ns, 1))
		count_lost(LOST_STALLS, 1);
	return 0;
}

__noinline int charge_pending(__u32 pid, __u64 code, __u64 ns)
{
	struct pending *p = bpf_map_lookup_elem(&pending, &pid);

	if (p && !pending_add(p, code, ns))
		count_lost(LOST_PENDING, 1);
	return 0;
}

__noinline int charge_pieces(__u32 slot, __u64 victim, __u32 pid, __u64 pending_ns)
{
	struct pending *p = bpf_map_lookup_elem(&pending, &pid);

	if (!p) {
		account(slot, victim, what(is_shed(SHED_BLAME) ? KIND_UNATTRIBUTED : KIND_OTHER, 0), pending_ns, 1);
		return 0;
	}
	for (__u32 i = 0; i < PENDING_PARTS; i++) {
		if (i >= p->parts)
			break;
		account(slot, victim, p->part[i].what, p->part[i].ns, 1);
	}
	bpf_map_delete_elem(&pending, &pid);
	return 0;
}

__noinline int cut_begin(__u32 log_cpu, __u32 slot, __u64 victim, __u64 from, __u64 to)
{
	struct cpu *c = bpf_map_lookup_elem(&cpus, &log_cpu);

	if (c)
		charge_begin(&c->interrupts, &c->rest, slot, victim, from, to);
	return 0;
}

__noinline int cut_intrusion(__u32 log_cpu, __u64 back)
{
	struct cpu *c = bpf_map_lookup_elem(&cpus, &log_cpu);

	if (c)
		charge_intrusion(&c->interrupts, &c->rest, back);
	return 0;
}

__noinline int cut_older(__u32 log_cpu, __u32 level, __u64 back)
{
	struct cpu *c = bpf_map_lookup_elem(&cpus, &log_cpu);

	if (c)
		charge_older(&c->interrupts, &c->rest, level, back);
	return 0;
}

/* The intrusions are given to their takers. */
__noinline int cut_taken(__u32 log_cpu)
{
	struct cpu *c = bpf_map_lookup_elem(&cpus, &log_cpu);

	if (c)
		charge_taken(&c->interrupts, &c->rest);
	return 0;
}

__noinline int cut_segment(__u32 log_cpu, __u64 back)
{
	struct cpu *c = bpf_map_lookup_elem(&cpus, &log_cpu);

	if (c)
		charge_segment(&c->log, &c->rest, back);
	return 0;
}

__noinline int cut_block(__u32 log_cpu, __u64 back)
{
	struct cpu *c = bpf_map_lookup_elem(&cpus, &log_cpu);

	if (c)
		charge_block(&c->log, &c->rest, back);
	return 0;
}

__noinline int charge(__u32 log_cpu, __u32 slot, __u64 victim, __u64 from, __u64 to)
{
	struct cpu *c = bpf_map_lookup_elem(&cpus, &log_cpu);

	if (!c)
		return 0;
	cut_begin(log_cpu, slot, victim, from, to);
	for (__u64 back = 0; back < INTRUSIONS && c->rest.known_from > c->rest.from; back++)
		cut_intrusion(log_cpu, back);
	for (__u32 level = 0; level < OLDER_LEVELS; level++)
		for (__u64 back = 0; back < LOG_BLOCKS && c->rest.known_from > c->rest.from; back++) {
			if (back >= c->interrupts.older[level].begun)
				break;
			cut_older(log_cpu, level, back);
		}
	if (c->rest.known_from > c->rest.from || c->rest.taker_ns)
		cut_taken(log_cpu);
	for (__u64 back = 0; back < LOG_SEGMENTS && c->rest.from < c->rest.to && back < c->log.pushed; back++)
		cut_segment(log_cpu, back);
	for (__u64 back = 0; back < LOG_BLOCKS && c->rest.from < c->rest.to && back < c->log.blocks_begun; back++)
		cut_block(log_cpu, back);
	if (c->rest.left)
		log_sink(slot, victim, what(KIND_UNATTRIBUTED, 0), c->rest.left);
	if (c->rest.left || c->rest.unknown == ~0ull)
		count_lost(LOST_LOG_SHORT, 1);
	return 0;
}

__noinline __u64 since_intrusion(__u32 cpu, __u64 back, __u64 time)
{
	struct cpu *c = bpf_map_lookup_elem(&cpus, &cpu);

	return c ? intrusion_after(&c->interrupts, c->interrupts.pushed - 1 - back, time) : 0;
}

__noinline __u64 taken_since(__u32 cpu, __u64 time)
{
	struct cpu *c = bpf_map_lookup_elem(&cpus, &cpu);
	__u64 sum = 0;

	if (!c)
		return 0;
	for (__u64 back = 0; back < INTRUSIONS && back < c->interrupts.pushed; back++) {
		__u64 ns = since_intrusion(cpu, back, time);

		if (!ns)
			break;
		sum += ns;
	}
	return sum;
}
