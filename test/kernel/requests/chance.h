/* SPDX-License-Identifier: Apache-2.0 */
/* Cases made at random from a seed (xorshift64), and what is said of one that breaks a promise. */
#pragma once

#include <linux/types.h>
#include <stdio.h>
#include <stdlib.h>

static __u64 state;

static void seed_chance(__u64 seed)
{
	state = 88172645463325252ull + seed * 7919;
}

static __u64 random_below(__u64 n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state % n;
}

static void fail(const char *promise, __u64 got, __u64 wanted)
{
	printf("%s: %llu, not %llu\n", promise, got, wanted);
	exit(1);
}
