// SPDX-License-Identifier: Apache-2.0
/*
 * The governor and what it is fed with, in user space: one line "kept" or "broken" for each promise. Generated loads are
 * the same every time.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "governor.h"
#include "overhead.h"

/* The clock of the programs. */
static __u64 bpf_ktime_get_ns(void)
{
	static __u64 now;

	return ++now;
}

#include "../bpf/timed.h"

#define SECOND 1000000000ull
#define ALL (shed_bit(SHEDS) - 1)

static int broken;

static void promise(const char *words, bool kept)
{
	printf("%s: %s\n", kept ? "kept" : "broken", words);
	broken += !kept;
}

static uint64_t seed;

static uint64_t draw(uint64_t below)
{
	seed = seed * 6364136223846793005ull + 1442695040888963407ull;
	return (seed >> 33) % below;
}

/* An interval of 10 s with so many switches a second that cost so many ns each. */
static struct spending interval(uint64_t per_second, uint64_t ns_each)
{
	return (struct spending){
		.elapsed_ns = 10 * SECOND,
		.switches = 10 * per_second,
		.overhead_ns = 10 * per_second * ns_each,
	};
}

static struct governor after(struct governor g, int intervals, struct spending each)
{
	for (int i = 0; i < intervals; i++)
		g = governor_next(g, &each);
	return g;
}

static int steps(uint32_t set)
{
	return __builtin_popcount(set);
}

/* What is off is always the least valuable of what exists. */
static bool in_order(const struct governor *g)
{
	uint32_t on = g->exists & ~g->shed;

	return !(g->shed & ~g->exists) && (!on || g->shed < (on & -on));
}

/* Runs of two kinds that take turns: how many of each are timed. */
static void sampling(void)
{
	static struct cpu cpu;
	__u64 timed[2] = {};

	for (int run = 0; run < 1000 * 2 * SAMPLE_EVERY; run++)
		timed[run % 2] += timed_begin(&cpu, PROGRAM_INTERRUPT) != 0;
	promise("of runs of two kinds that take turns both are timed", timed[0] == 1000 && timed[1] == 1000);
	memset(&cpu, 0, sizeof(cpu));
	timed[0] = timed[1] = 0;
	for (int run = 0; run < 1000 * 2 * SAMPLE_RARE_EVERY; run++)
		timed[run % 2] += timed_begin(&cpu, PROGRAM_CGROUP) != 0;
	promise("of rare ones, too", timed[0] == 1000 && timed[1] == 1000);
}

static void budget(void)
{
	struct spending busy = interval(50000, 1), quiet = interval(100, 1), edge = interval(20000, 1000);
	struct spending packets = { .elapsed_ns = 10 * SECOND, .switches = 100000, .packets = 2000000 };
	struct governor g = governor_start(0.01, ALL);

	promise("1 % of a core for 10,000 switches a second is 1 us a switch, and 1 % of one core on a quiet node",
		governor_allowed_ns(0.01, &busy) == 500000 * 1000ull &&
			governor_allowed_ns(0.01, &quiet) == SECOND / 10);
	promise("packets have a share of their own, a quarter of a switch each",
		governor_allowed_ns(0.01, &packets) == 100000 * 1000ull + 2000000 * 250ull);
	promise("exactly the budget is within the budget", !after(g, 100, edge).shed);
	promise("one costly interval alone switches nothing off",
		!after(after(g, 1, interval(20000, 5000)), 100, edge).shed);
	promise("a costly run on a quiet node is not worth switching anything off",
		!after(g, 100, interval(400, 20000)).shed);
	promise("a budget of 0 never switches anything off",
		!after(governor_start(0, ALL), 100, interval(20000, 50000)).shed);
}

static void order(void)
{
	struct governor g = governor_start(0.01, ALL);
	struct spending costly = interval(20000, 5000), free = interval(20000, 100);
	bool one_by_one = true, back = true;

	for (int off = 1; off <= SHEDS; off++) {
		g = after(g, GOVERNOR_OVER, costly);
		one_by_one &= g.shed == shed_bit(off) - 1;
	}
	promise("steps go one by one, the least valuable first", one_by_one);
	promise("what is left when all steps are off goes on, whatever it costs", after(g, 100, costly).shed == ALL);
	for (int off = SHEDS - 1; off >= 0; off--) {
		g = after(g, GOVERNOR_CALM, free);
		back &= g.shed == shed_bit(off) - 1;
	}
	promise("they come back one by one, the most valuable first", back && !g.shed);

	g = after(governor_start(0.01, shed_bit(1) | shed_bit(3)), GOVERNOR_OVER, costly);
	promise("a step of which nothing exists is passed over",
		g.shed == shed_bit(1) && after(g, 100, costly).shed == (shed_bit(1) | shed_bit(3)));
	promise("between three quarters and all of the budget nothing changes",
		after(g, 1000, interval(20000, 999)).shed == g.shed && after(g, 1000, interval(20000, 751)).shed == g.shed);
	promise("at three quarters of it a step comes back",
		after(g, GOVERNOR_CALM, interval(20000, 750)).shed != g.shed);
}

/* A load that is over budget with a step on, and far below with it off: the worst that can happen to a thermostat. */
static void flapping(void)
{
	struct governor g = governor_start(0.01, ALL);
	int changes = 0, previous = -1000, closest = 1000;

	for (int i = 0; i < 10000; i++) {
		struct spending each = interval(20000, g.shed ? 100 : 5000);
		uint32_t before = g.shed;

		g = governor_next(g, &each);
		if (g.shed == before)
			continue;
		changes++;
		if (i - previous < closest)
			closest = i - previous;
		previous = i;
	}
	promise("a step that has to go again each time it comes back is tried ever more seldom",
		closest >= GOVERNOR_OVER && changes < 2 * (8 + 10000 / GOVERNOR_CALM_LONGEST));
	g = after(g, GOVERNOR_CALM_LONGEST, interval(20000, 100));
	g = after(g, 5 * GOVERNOR_CALM_LONGEST, interval(20000, 900));
	g = after(g, GOVERNOR_OVER, interval(20000, 5000));
	promise("after it has held for long, that is forgotten",
		steps(g.shed) == 1 && !after(g, GOVERNOR_CALM, interval(20000, 100)).shed);
}

static void any_load(void)
{
	bool ordered = true, single = true, apart = true, recovers = true;

	for (seed = 1; seed <= 2000;) {
		uint64_t number = seed;
		struct governor g = governor_start((1 + draw(1000)) / 10000.0, draw(ALL + 1));
		int change[SHEDS];

		for (int i = 0; i < SHEDS; i++)
			change[i] = -1000;
		for (int i = 0; i < 300; i++) {
			struct spending each = {
				.elapsed_ns = 1 + draw(10 * SECOND),
				.switches = draw(1000000),
				.packets = draw(1000000) >> draw(20),
				.overhead_ns = draw(2 * SECOND) >> draw(20),
			};
			struct governor next = governor_next(g, &each);
			uint32_t changed = g.shed ^ next.shed;

			single &= steps(changed) <= 1;
			ordered &= in_order(&next);
			for (int step = 0; step < SHEDS; step++) {
				if (!(changed & shed_bit(step)))
					continue;
				apart &= i - change[step] >= GOVERNOR_OVER;
				change[step] = i;
			}
			g = next;
		}
		recovers &= !after(g, SHEDS * GOVERNOR_CALM_LONGEST, interval(20000, 0)).shed;
		seed = number + 1;
	}
	promise("under any load, what is off is the least valuable of what exists", ordered);
	promise("under any load, at most one step changes in an interval", single);
	promise("under any load, no step goes and comes in neighbouring intervals", apart);
	promise("from any state, all comes back when the load ends", recovers);
}

static void costs(void)
{
	struct overhead o = {};
	struct program_runs total = { 1000 * SAMPLE_EVERY, 1000, 1000 * 120, 1000 * 20 };
	uint64_t first = overhead_add(&o, 0, &total), second, third;

	promise("a run costs what it took less the clock read in it; clock reads come on top",
		first == 100ull * total.runs + 3 * total.clock_ns);
	total.runs += 100 * SAMPLE_EVERY;
	total.sampled_runs += 100;
	total.sampled_ns += 100 * 520;
	total.clock_ns += 100 * 20;
	second = overhead_add(&o, 0, &total);
	promise("an interval is worth its own samples", second == 500ull * 100 * SAMPLE_EVERY + 3 * 100 * 20);
	total.runs += 10;
	third = overhead_add(&o, 0, &total);
	promise("without enough of them it is worth the mean of all time",
		third == (uint64_t)(10 * (1000 * 100 + 100 * 500) / 1100.0));
	promise("the total is the sum of the intervals, so it never falls", o.ns[0] == first + second + third);
	promise("programs that never ran cost nothing", !overhead_add(&o, 1, &(struct program_runs){}));
}

int main(void)
{
	sampling();
	budget();
	order();
	flapping();
	any_load();
	costs();
	return broken != 0;
}
