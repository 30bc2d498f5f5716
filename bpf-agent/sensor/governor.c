// SPDX-License-Identifier: Apache-2.0
#include "governor.h"

/* A core's share belongs to so many switches or packets a second: 10,000 switches have what that share of 1 s is. */
#define NS_PER_SWITCH (1000000000ull / 10000)
#define NS_PER_PACKET (1000000000ull / 40000)

struct governor governor_start(double share, uint32_t exists)
{
	return (struct governor){ .share = share, .exists = exists, .patience = GOVERNOR_CALM };
}

uint64_t governor_allowed_ns(double share, const struct spending *interval)
{
	uint64_t by_work = interval->switches * NS_PER_SWITCH + interval->packets * NS_PER_PACKET;

	return share * (by_work > interval->elapsed_ns ? by_work : interval->elapsed_ns);
}

static uint32_t lowest(uint32_t set)
{
	return set & -set;
}

static uint32_t highest(uint32_t set)
{
	return set ? 1u << (31 - __builtin_clz(set)) : 0;
}

static struct governor switch_off(struct governor g)
{
	uint32_t step = lowest(g.exists & ~g.shed);

	g.over = 0;
	if (!step)
		return g;
	if (step == g.came_back) {
		/* It came back too early: wait longer the next time, unless it held for long. */
		g.patience = g.held > 4 * g.patience ? GOVERNOR_CALM : 2 * g.patience;
		if (g.patience > GOVERNOR_CALM_LONGEST)
			g.patience = GOVERNOR_CALM_LONGEST;
		g.came_back = 0;
	}
	g.shed |= step;
	return g;
}

static struct governor switch_on(struct governor g)
{
	g.calm = 0;
	g.came_back = highest(g.shed);
	g.held = 0;
	g.shed &= ~g.came_back;
	return g;
}

struct governor governor_next(struct governor g, const struct spending *interval)
{
	uint64_t allowed_ns = governor_allowed_ns(g.share, interval);

	if (!g.share)
		return g;
	g.held++;
	g.over = interval->overhead_ns > allowed_ns ? g.over + 1 : 0;
	g.calm = g.shed && interval->overhead_ns <= GOVERNOR_ROOM * allowed_ns ? g.calm + 1 : 0;
	if (g.over >= GOVERNOR_OVER)
		return switch_off(g);
	if (g.calm >= g.patience)
		return switch_on(g);
	return g;
}
