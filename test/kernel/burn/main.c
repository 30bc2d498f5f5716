// SPDX-License-Identifier: Apache-2.0
/*
 * burn-test [SCHEDULES [SEED]]: CPUs on which cgroups take turns under two quotas, whose periods end early, late, several at
 * once or not for a long time. Shows them to the kernel program's burn.h, and compares what it calls burned with what an
 * oracle finds that looks at every piece and every period anew: to the nanosecond, unless something was lost, and said to be.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/types.h>

#define BURN_PERIODS 16
#define BURN_LEFT_OUT 8
#define BURNS 16
#define BURN_WAYS 4
#include "burn.h"

#define CPUS 3
#define CGROUPS 12
#define QUOTAS 2
#define PIECES 4096
#define MAX_PERIODS 4096

/* What happened, for the oracle. */
static struct {
	int cgroup, quota;
	uint64_t from, to;
} pieces[PIECES];
static struct {
	uint64_t start, end;
	bool throttled;
} ended[QUOTAS][MAX_PERIODS];
static int piece_count, ended_count[QUOTAS];

/* The subject, and what it said. */
static struct burns burns[CPUS];
static struct periods periods[QUOTAS];
static bool known[QUOTAS]; /* a period of the quota has ended since we look */
static uint64_t burned[CGROUPS][QUOTAS];
static int lost;

static uint32_t number[QUOTAS]; /* of the period that goes on, as the kernel counts */
static uint64_t now, random_state;

static void burn_sink(__u32 slot, __u64 cgroup, __u64 quota, __u64 ns)
{
	(void)slot;
	burned[cgroup - 1][quota - 1] += ns;
}

static uint64_t pick(uint64_t n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (random_state >> 11) % n;
}

static const struct periods *periods_of(uint64_t quota)
{
	return quota && known[quota - 1] ? &periods[quota - 1] : NULL;
}

/* As settle() and burn_add() in burn.bpf.c, on plain memory. */
static void settle(struct burn *burn, bool stays)
{
	enum settled settled = burn_settle(0, burn, periods_of(burn->quota));

	lost += settled == SETTLED_NEVER || (settled == SETTLED_LATER && !stays);
}

static void used(int cpu, int cgroup, int quota, uint64_t from, uint64_t to)
{
	uint64_t cgroup_id = cgroup + 1, quota_id = quota + 1;
	struct burn *burn = &burns[cpu].burn[burn_place(&burns[cpu], cgroup_id, quota_id)];
	struct piece piece = { from, to };

	if (piece_count == PIECES)
		abort();
	pieces[piece_count].cgroup = cgroup;
	pieces[piece_count].quota = quota;
	pieces[piece_count].from = from;
	pieces[piece_count++].to = to;
	burn->used = ++burns[cpu].uses;
	if (burn_more(burn, cgroup_id, quota_id, number[quota], to - from))
		return;
	settle(burn, false);
	burn->cgroup = cgroup_id;
	burn->quota = quota_id;
	lost += !burn_split(0, burn, periods_of(quota_id), number[quota], &piece);
}

static void sweep(int cpu)
{
	for (int place = 0; place < BURNS; place++)
		settle(&burns[cpu].burn[place], true);
}

/* The period of the quota ends; the kernel then counts `overrun` of them. */
static void end_period(int quota, bool throttled, uint32_t overrun)
{
	int i = ended_count[quota]++;

	if (i == MAX_PERIODS)
		abort();
	ended[quota][i].start = i ? ended[quota][i - 1].end : 0;
	ended[quota][i].end = now;
	ended[quota][i].throttled = throttled;
	periods_end(&periods[quota], number[quota], throttled, now);
	known[quota] = true;
	number[quota] += overrun;
}

/* Nanoseconds of the pieces of a cgroup in the throttled periods of a quota. */
static uint64_t expected(int cgroup, int quota)
{
	uint64_t sum = 0;

	for (int i = 0; i < piece_count; i++) {
		if (pieces[i].cgroup != cgroup || pieces[i].quota != quota)
			continue;
		for (int p = 0; p < ended_count[quota]; p++) {
			uint64_t from = pieces[i].from, to = pieces[i].to;

			if (from < ended[quota][p].start)
				from = ended[quota][p].start;
			if (to > ended[quota][p].end)
				to = ended[quota][p].end;
			if (ended[quota][p].throttled && from < to)
				sum += to - from;
		}
	}
	return sum;
}

/* One schedule. Returns the number of sums that are wrong. */
static int schedule(uint64_t seed)
{
	uint64_t since[CPUS];
	int occupant[CPUS], wrong = 0, steps, cgroups, often;
	bool crowded, jumps;

	random_state = seed * 0x9e3779b97f4a7c15ull + 1;
	for (int i = 0; i < 4; i++)
		pick(2);
	memset(burns, 0, sizeof(burns));
	memset(periods, 0, sizeof(periods));
	memset(known, 0, sizeof(known));
	memset(burned, 0, sizeof(burned));
	memset(ended_count, 0, sizeof(ended_count));
	piece_count = lost = 0;
	now = 1000 + pick(1000);
	/* Near the end of the numbers, too. */
	for (int quota = 0; quota < QUOTAS; quota++)
		number[quota] = pick(2) ? pick(100) : -pick(30);
	crowded = !pick(8);
	jumps = !pick(8);
	cgroups = crowded ? CGROUPS : 2;
	often = 1 + pick(12);
	steps = 20 + pick(300);
	for (int cpu = 0; cpu < CPUS; cpu++) {
		since[cpu] = now;
		occupant[cpu] = pick(cgroups);
	}
	for (int step = 0; step < steps; step++) {
		int cpu = pick(CPUS), quota = pick(QUOTAS);

		now += 1 + pick(1000);
		if (!pick(often)) {
			end_period(quota, pick(2), jumps && !pick(10) ? 1 + pick(20) : 1 + (pick(10) ? 0 : pick(4)));
		} else if (!pick(20)) {
			sweep(cpu);
		} else {
			/* The newer part of its turn, or all of it: the kernel may charge less than there was time. */
			uint64_t length = now - since[cpu];
			uint64_t ns = pick(5) ? length : pick(length + 1);

			/* The last cgroup, if any, is under one quota only. */
			for (quota = 0; ns && quota < (occupant[cpu] == cgroups - 1 ? 1 : QUOTAS); quota++)
				used(cpu, occupant[cpu], quota, now - ns, now);
			since[cpu] = now;
			occupant[cpu] = pick(cgroups);
		}
	}
	for (int quota = 0; quota < QUOTAS; quota++)
		end_period(quota, pick(2), 1);
	for (int cpu = 0; cpu < CPUS; cpu++)
		sweep(cpu);
	for (int cgroup = 0; cgroup < cgroups; cgroup++) {
		for (int quota = 0; quota < QUOTAS; quota++) {
			uint64_t want = expected(cgroup, quota), got = burned[cgroup][quota];

			if (got == want || (lost && got < want))
				continue;
			if (!wrong++)
				printf("schedule %" PRIu64 ": cgroup %d burned %" PRIu64 " ns of quota %d, not %" PRIu64 "\n",
				       seed, cgroup, got, quota, want);
		}
	}
	return wrong;
}

int main(int argc, char **argv)
{
	uint64_t schedules = argc > 1 ? strtoull(argv[1], NULL, 10) : 20000;
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
	uint64_t bad = 0, lossy = 0, total = 0;

	for (uint64_t i = 0; i < schedules && bad < 10; i++) {
		bad += schedule(seed + i) > 0;
		lossy += lost > 0;
		for (int quota = 0; quota < QUOTAS; quota++)
			for (int cgroup = 0; cgroup < CGROUPS; cgroup++)
				total += burned[cgroup][quota];
	}
	printf("%" PRIu64 " schedules from seed %" PRIu64 ", %" PRIu64 " with losses, %" PRIu64 " ns burned, %" PRIu64 " wrong\n",
	       schedules, seed, lossy, total, bad);
	return bad || !total;
}
