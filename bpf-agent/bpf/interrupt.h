/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The life of an interrupt: what its hooks mean for the intrusions of a CPU. Arithmetic only.
 *
 * A hard interrupt in a soft one ends the soft one's intrusion, and its end begins the next. `now` is the hooks' clock, as in
 * intrusions.h. `waited`: somebody waits for the CPU; else nobody will ask for this stretch, and it is not kept. `stolen`:
 * the kernel's books of time that the hypervisor took from this CPU, ns.
 *
 * A hook of a hard interrupt runs with interrupts off; that of a soft one may be interrupted while it writes (`busy`). The
 * hard interrupt then leaves its length in `late`, for the hook that it came in to push.
 *
 * Whoever includes this defines intrude(): interrupts_push() on the CPU of that number.
 */
#pragma once

#include "intrusions.h"

static __always_inline int intrude(__u32 cpu, __u64 end, __u64 ns, __u64 taker);

/*
 * What the kernel's books of steal have grown by since the last look. It learns of steal when it refreshes the queue's clock,
 * so the stretch ended at most a tick ago.
 */
static __always_inline __u64 interrupts_stolen(struct interrupts *i, __u64 stolen)
{
	__u64 grown = i->stolen_known ? stolen - i->stolen : 0;

	i->stolen = stolen;
	i->stolen_known = 1;
	return grown;
}

/* Steal that is noticed at a switch: the newest stretch that no other intrusion has. */
static __always_inline void interrupts_steal(struct interrupts *i, __u32 cpu, __u64 clock, __u64 stolen)
{
	__u64 grown = interrupts_stolen(i, stolen);
	__u64 free = clock > i->end ? clock - i->end : 0;

	if (grown)
		intrude(cpu, clock, grown < free ? grown : free, what(KIND_STEAL, 0));
}

/*
 * An interrupt had the CPU from `since` to `now`. The hypervisor's share, which is noticed with it, was before it: that is
 * what delayed it. What does not fit there was inside.
 */
static __always_inline void interrupts_took(struct interrupts *i, __u32 cpu, __u64 since, __u64 now, __u64 taker,
					    __u64 grown)
{
	__u64 ns = now > since ? now - since : 0;
	__u64 end = interrupts_clock(i, now);

	if (grown) {
		__u64 free = end - ns > i->end ? end - ns - i->end : 0;
		__u64 before = grown < free ? grown : free;
		__u64 inside = grown - before < ns ? grown - before : ns;

		intrude(cpu, end - ns, before, what(KIND_STEAL, 0));
		intrude(cpu, end - ns + inside, inside, what(KIND_STEAL, 0));
		ns -= inside;
	}
	intrude(cpu, end, ns, taker);
}

/* A soft interrupt's hook has changed what goes on at `now`: the hard ones that came meanwhile are after it. */
static __always_inline void soft_done(struct interrupts *i, __u32 cpu, __u64 now)
{
	__u64 late;

	barrier();
	late = i->late;
	if (late) {
		i->late = 0;
		intrude(cpu, interrupts_clock(i, now) + late, late, what(KIND_INTERRUPT, 0));
		if (i->soft_since)
			i->soft_since += late;
	}
	barrier();
	i->busy = 0;
}

/* A soft interrupt begins. Its time is nobody's until a packet names an owner. */
static __always_inline void soft_begin(struct interrupts *i, __u32 cpu, __u64 now, bool receives)
{
	i->busy = 1;
	barrier();
	i->soft_since = now;
	i->soft_taker = what(KIND_INTERRUPT, 0);
	i->receives = receives;
	soft_done(i, cpu, now);
}

/* `now` only counts if somebody waited. */
static __always_inline void soft_end(struct interrupts *i, __u32 cpu, __u64 now, bool waited, __u64 stolen)
{
	__u64 since = i->soft_since;
	__u64 grown;

	if (!since)
		return;
	/* A hard interrupt finds the soft one as it was, or over. */
	if (!waited) {
		i->soft_since = 0;
		barrier();
		i->receives = 0;
		interrupts_stolen(i, stolen);
		return;
	}
	i->busy = 1;
	barrier();
	i->soft_since = 0;
	i->receives = 0;
	grown = interrupts_stolen(i, stolen);
	interrupts_took(i, cpu, since, now, i->soft_taker, grown);
	soft_done(i, cpu, now);
}

/*
 * The first packet that a soft interrupt receives, if it is that: the time since it began is its owner's. One word is written, which a
 * hard interrupt finds as it was or as it is, so no time is needed.
 */
static __always_inline bool soft_named(struct interrupts *i, __u64 owner)
{
	if (what_kind(i->soft_taker) == KIND_SOFTIRQ)
		return false;
	i->soft_taker = what(KIND_SOFTIRQ, owner & WHAT_ID);
	return true;
}

/* Whether soft_packet() would change anything. */
static __always_inline bool soft_news(const struct interrupts *i, __u64 owner)
{
	return i->receives && i->soft_taker != what(KIND_SOFTIRQ, owner & WHAT_ID);
}

/* A later packet for a socket of the cgroup is received: from here on the time is that cgroup's. */
static __always_inline void soft_packet(struct interrupts *i, __u32 cpu, __u64 now, __u64 owner)
{
	__u64 taker = i->soft_taker;

	i->busy = 1;
	barrier();
	interrupts_took(i, cpu, i->soft_since, now, taker, 0);
	i->soft_since = now;
	i->soft_taker = what(KIND_SOFTIRQ, owner & WHAT_ID);
	soft_done(i, cpu, now);
}

/* A hard interrupt begins. If another one goes on, by what we were shown, that one's end was not. */
static __always_inline void hard_begin(struct interrupts *i, __u32 cpu, __u64 now, bool waited, __u64 stolen)
{
	if (i->soft_since && !i->hard_since && !i->busy && waited)
		interrupts_took(i, cpu, i->soft_since, now, i->soft_taker, interrupts_stolen(i, stolen));
	i->hard_since = now;
}

static __always_inline void hard_end(struct interrupts *i, __u32 cpu, __u64 now, bool waited, __u64 stolen)
{
	__u64 since = i->hard_since;
	__u64 grown;

	if (!since)
		return;
	i->hard_since = 0;
	if (i->busy) {
		i->late += now - since;
		return;
	}
	grown = interrupts_stolen(i, stolen);
	if (waited)
		interrupts_took(i, cpu, since, now, what(KIND_INTERRUPT, 0), grown);
	if (i->soft_since)
		i->soft_since = now;
}

/* A switch: no interrupt goes on, whatever we were not shown. */
static __always_inline void interrupts_none(struct interrupts *i)
{
	i->soft_since = 0;
	i->receives = 0;
	i->hard_since = 0;
	i->busy = 0;
	i->late = 0;
}
