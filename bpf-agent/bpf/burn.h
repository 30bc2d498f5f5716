/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who burned a quota's budget: CPU time of cgroups under a quota, kept back until the period that it was used in has ended and
 * it is known whether the quota ran out in it. Pure arithmetic; a period is the number that the kernel itself counts.
 *
 * One CPU writes its own `struct burns`; one program writes a quota's `struct periods`, at the end of each. No atomics.
 * Whoever includes this defines burn_sink(): what becomes of time that turned out to be burned.
 */
#pragma once

#ifndef BURNS /* tests run with a table that is soon full */
#define BURN_PERIODS 128 /* a power of two: periods of a quota that ended lately */
#define BURN_LEFT_OUT 8 /* numbers in a row that may be left out; after more the older periods are forgotten */
#define BURNS 256 /* a power of two */
#define BURN_WAYS 4 /* places where a key may be */
#endif

#define PERIOD_THROTTLED 1u
#define PERIOD_SEEN 2u
#define PERIOD_START 2 /* bits above are its start, ns of CLOCK_MONOTONIC; 0 if it began before we looked */

/* The periods of a quota that ended lately, by number. The one that goes on began where the newest of these ended. */
struct periods {
	__u64 start; /* of the one that goes on */
	__u32 known; /* how many there are in past[] */
	__u32 newest; /* number of the one that ended last */
	__u64 past[BURN_PERIODS];
};

/* What a cgroup used on this CPU, in one period of one quota above it. */
struct burn {
	__u64 cgroup; /* 0 marks a free place */
	__u64 quota;
	__u64 ns;
	__u64 used; /* burns.uses when it was last added to */
	__u32 period;
	__u32 unused;
};

struct burns {
	__u64 uses;
	struct burn burn[BURNS];
};

/* CPU time that the kernel took from a quota without a break: [from, to), ns of CLOCK_MONOTONIC. */
struct piece {
	__u64 from, to;
};

/* Takes ns that were used in a period that was throttled. */
static __always_inline void burn_sink(__u32 slot, __u64 cgroup, __u64 quota, __u64 ns);

/*
 * The period of that number has ended at `end`. Numbers that were left out had no time of their own: the timer came late, and
 * the kernel counted several periods at once.
 */
static __always_inline void periods_end(struct periods *periods, __u32 number, bool throttled, __u64 end)
{
	__u32 left_out = number - periods->newest - 1;

	if (!periods->known || left_out > BURN_LEFT_OUT)
		periods->known = left_out = 0;
#pragma GCC unroll 8 /* a loop whose end the verifier sees */
	for (__u32 i = 0; i < BURN_LEFT_OUT; i++)
		if (i < left_out)
			periods->past[(number - 1 - i) & (BURN_PERIODS - 1)] = periods->start << PERIOD_START;
	periods->past[number & (BURN_PERIODS - 1)] =
		periods->start << PERIOD_START | PERIOD_SEEN | (throttled ? PERIOD_THROTTLED : 0);
	periods->start = end;
	periods->newest = number;
	periods->known += left_out + 1;
	if (periods->known > BURN_PERIODS)
		periods->known = BURN_PERIODS;
}

/* The period of that number is in past[]. */
static __always_inline bool periods_know(const struct periods *periods, __u32 number)
{
	return periods->newest - number < periods->known;
}

enum settled {
	SETTLED, /* known to be burned, or not to be */
	SETTLED_LATER, /* its period goes on */
	SETTLED_NEVER, /* its period is forgotten */
};

/* Books what is kept back if its period has ended. periods is NULL if no period of the quota has ended yet. */
static __always_inline enum settled burn_settle(__u32 slot, struct burn *burn, const struct periods *periods)
{
	__u64 period, ns;

	if (!burn->ns)
		return SETTLED;
	/* Of a number that was not seen to end yet the period goes on. */
	if (!periods || !periods->known || (__s32)(burn->period - periods->newest) > 0)
		return SETTLED_LATER;
	ns = burn->ns;
	burn->ns = 0;
	if (!periods_know(periods, burn->period))
		return SETTLED_NEVER;
	period = periods->past[burn->period & (BURN_PERIODS - 1)];
	if (!(period & PERIOD_SEEN))
		return SETTLED_NEVER;
	if (period & PERIOD_THROTTLED)
		burn_sink(slot, burn->cgroup, burn->quota, ns);
	return SETTLED;
}

/*
 * Adds a piece that ended in the period `number`, of which nothing is kept back yet. False if it began before the oldest
 * period that is known: that part is dropped.
 */
static __always_inline bool burn_split(__u32 slot, struct burn *burn, const struct periods *periods, __u32 number,
				       const struct piece *piece)
{
	__u64 start = periods ? periods->start : 0;
	__u64 end = piece->to;

	burn->period = number;
	/* The end of a period is noted a moment before the kernel counts it. */
	if (periods && periods_know(periods, number))
		start = periods->past[number & (BURN_PERIODS - 1)] >> PERIOD_START;
	else if (periods && periods->known)
		number = periods->newest + 1;
	if (start < piece->from)
		start = piece->from;
	burn->ns = end > start ? end - start : 0;
	for (__u32 i = 0; i < BURN_PERIODS && start > piece->from && periods && periods_know(periods, number - 1); i++) {
		__u64 period = periods->past[--number & (BURN_PERIODS - 1)];

		if (start < end)
			end = start;
		start = period >> PERIOD_START;
		if (start < piece->from)
			start = piece->from;
		if (start < end && period & PERIOD_THROTTLED)
			burn_sink(slot, burn->cgroup, burn->quota, end - start);
	}
	return start <= piece->from;
}

/* Adds to what is kept back, if that is of this cgroup, quota and period. */
static __always_inline bool burn_more(struct burn *burn, __u64 cgroup, __u64 quota, __u32 period, __u64 ns)
{
	if (burn->cgroup != cgroup || burn->quota != quota || burn->period != period)
		return false;
	burn->ns += ns;
	return true;
}

/*
 * Where the cgroup's time under the quota is or, if it is nowhere, where it may be put: of its places that which was used
 * longest ago.
 */
static __always_inline __u32 burn_place(const struct burns *burns, __u64 cgroup, __u64 quota)
{
	__u64 hash = (cgroup ^ quota * 0x9e3779b97f4a7c15ull) * 0xd6e8feb86659fd93ull;
	__u32 home = (__u32)(hash >> 40) & (BURNS - BURN_WAYS);
	__u32 oldest = home;

	for (__u32 way = 0; way < BURN_WAYS; way++) {
		const struct burn *burn = &burns->burn[(home + way) & (BURNS - 1)];

		if (burn->cgroup == cgroup && burn->quota == quota)
			return (home + way) & (BURNS - 1);
		if (burn->used < burns->burn[oldest & (BURNS - 1)].used)
			oldest = home + way;
	}
	return oldest & (BURNS - 1);
}
