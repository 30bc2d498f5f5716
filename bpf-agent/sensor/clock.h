/* SPDX-License-Identifier: Apache-2.0 */
/* What a clock says. */
#pragma once

#include <stdint.h>
#include <time.h>

/* ns of that clock; CLOCK_MONOTONIC is the programs' own. */
static inline uint64_t clock_ns(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return time.tv_sec * 1000000000ull + time.tv_nsec;
}
