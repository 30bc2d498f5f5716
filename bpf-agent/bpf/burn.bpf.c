// SPDX-License-Identifier: Apache-2.0
/*
 * Who burned a quota's budget: sees each period of a quota end, and books what was used in those in which it ran out. Where
 * that time comes from, burning.h says.
 */
#include "kernel.h"
#include "results.h"
#include "burn.h"

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct burns);
} burns SEC(".maps");

/* By cgroup. Written by the timer of that quota only. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 2048);
	__type(key, __u64);
	__type(value, struct periods);
} quotas SEC(".maps");

static const struct periods no_periods = {};

static __always_inline void burn_sink(__u32 slot, __u64 cgroup, __u64 quota, __u64 ns)
{
	account(slot, cgroup, what(KIND_BURN, quota), ns, 1);
}

static __always_inline struct burn *burn_at(__u32 place)
{
	__u32 zero = 0;
	struct burns *mine = bpf_map_lookup_elem(&burns, &zero);

	return mine ? &mine->burn[place & (BURNS - 1)] : NULL;
}

/*
 * Books what is kept back in that place if its period has ended; if it must not stay, because its period has ended or the
 * place is needed, what cannot be booked is lost. A quota without any periods is gone, or had no room, which is counted.
 */
__noinline int settle(__u32 slot, __u32 place, __u32 stays)
{
	struct burn *burn = burn_at(place);
	struct periods *periods;
	enum settled settled;

	if (!burn || !burn->ns)
		return 0;
	periods = bpf_map_lookup_elem(&quotas, &burn->quota);
	settled = burn_settle(slot, burn, periods);
	if (periods && (settled == SETTLED_NEVER || (settled == SETTLED_LATER && !stays)))
		count_lost(LOST_BURN, 1);
	return 0;
}

__noinline int burn_add(__u32 slot, __u64 quota, __u64 cgroup, __u32 period)
{
	__u32 zero = 0, cpu = bpf_get_smp_processor_id();
	struct burns *mine = bpf_map_lookup_elem(&burns, &zero);
	struct cpu *c = bpf_map_lookup_elem(&cpus, &cpu);
	struct piece piece;
	struct burn *burn;
	__u32 place;

	if (!mine || !c)
		return 0;
	place = burn_place(mine, cgroup, quota);
	burn = &mine->burn[place & (BURNS - 1)];
	burn->used = ++mine->uses;
	if (burn_more(burn, cgroup, quota, period, c->burning.ns))
		return 0;
	settle(slot, place, 0);
	burn->cgroup = cgroup;
	burn->quota = quota;
	piece.to = bpf_ktime_get_ns();
	piece.from = piece.to - c->burning.ns;
	if (!burn_split(slot, burn, bpf_map_lookup_elem(&quotas, &quota), period, &piece))
		count_lost(LOST_BURN, 1);
	return 0;
}

__noinline int burn_sweep(__u32 slot)
{
	__u32 zero = 0;
	struct burns *mine = bpf_map_lookup_elem(&burns, &zero);

	for (__u32 place = 0; mine && place < BURNS; place++)
		if (mine->burn[place].ns)
			settle(slot, place, 1);
	return slot;
}

/* The cgroup has been removed. */
__noinline int burn_forget(__u64 quota)
{
	bpf_map_delete_elem(&quotas, &quota);
	return 0;
}

/* The period of this quota ends: as the kernel, which will now count it, we ask whether anybody is stopped by it. */
static __always_inline void period_ends(struct hrtimer *timer, __u64 now)
{
	__u64 bandwidth = (__u64)timer - bpf_core_field_offset(struct cfs_bandwidth, period_timer);
	struct task_group *tg = (void *)(bandwidth - bpf_core_field_offset(struct task_group, cfs_bandwidth));
	__u64 stopped = bandwidth + bpf_core_field_offset(struct cfs_bandwidth, throttled_cfs_rq);
	bool throttled = (__u64)BPF_CORE_READ(tg, cfs_bandwidth.throttled_cfs_rq.next) != stopped;
	__u64 quota = BPF_CORE_READ(tg, css.cgroup, kn, id);
	struct periods *periods = bpf_map_lookup_elem(&quotas, &quota);

	if (!periods) {
		bpf_map_update_elem(&quotas, &quota, &no_periods, BPF_NOEXIST);
		periods = bpf_map_lookup_elem(&quotas, &quota);
	}
	if (periods)
		periods_end(periods, BPF_CORE_READ(tg, cfs_bandwidth.nr_periods), throttled, now);
	else
		count_lost(LOST_BURN, 1);
}

/* Any timer of any CPU: most are not a quota's. */
static __always_inline void expires(struct hrtimer *timer)
{
	if ((__u64)timer->function == period_timer)
		period_ends(timer, bpf_ktime_get_ns());
}

SEC("tp_btf/hrtimer_expire_entry")
int BPF_PROG(on_timer, struct hrtimer *timer)
{
	__u32 cpu = bpf_get_smp_processor_id();
	struct cpu *c;

	if (!period_timer || is_shed(SHED_BURN))
		return 0;
	c = bpf_map_lookup_elem(&cpus, &cpu);
	if (c)
		TIMED(c, PROGRAM_TIMER, expires(timer));
	return 0;
}
