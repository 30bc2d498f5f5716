// SPDX-License-Identifier: Apache-2.0
/*
 * oracle-test [SCHEDULES [SEED]]: generates schedules, shows them to the kernel program's headers, and compares what they
 * counted with the oracle, to the nanosecond. Then cases with a name, every boundary of the histogram, and a table that
 * overflows.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "cases.h"
#include "compare.h"
#include "schedule.h"

/* Every boundary at -1, 0 and +1 ns, by the definition. */
static int boundaries(void)
{
	int bad = 0;

	for (int i = BUCKET_ORIGIN; i < 112; i++) {
		uint64_t bound = histogram_bound(i - BUCKET_ORIGIN);

		for (uint64_t ns = bound - 1; ns <= bound + 1; ns++)
			if ((int64_t)ns > 0 && (int)histogram_bucket(ns) + BUCKET_ORIGIN != oracle_bucket(ns))
				bad += wrong(i, "bucket of", ns, 0, histogram_bucket(ns), oracle_bucket(ns) - BUCKET_ORIGIN);
	}
	for (int k = 0; k <= 13; k++)
		if ((int)histogram_bucket((1ull << k) * 1000000000) + BUCKET_ORIGIN != 8 * k - 1)
			bad += wrong(k, "bucket of 2^k s", k, 0, histogram_bucket((1ull << k) * 1000000000), 0);
	return bad;
}

/* A full table: what it takes is summed under its own key and in one cell; what it refuses leaves no trace. */
static int crowded_table(void)
{
	static uint64_t sum[64][64];
	int bad = 0, refused = 0;

	cell_clear();
	machine_begin(&machine, 1, NULL, 0);
	for (int i = 0; i < 100000; i++) {
		int victim = pick(&machine, 64), code = pick(&machine, 64);

		if (cell_add(CONTAINER_ID(victim), CONTAINER_ID(code), i))
			sum[victim][code] += i;
		else
			refused++;
	}
	for (int victim = 0; victim < 64; victim++)
		for (int code = 0; code < 64; code++) {
			int cells;
			uint64_t ns = cell_read(CONTAINER_ID(victim), CONTAINER_ID(code), &cells);

			if (ns != sum[victim][code] || cells > 1)
				bad += wrong(0, "cell", victim, code, ns, sum[victim][code]);
		}
	return bad + !refused;
}

int main(int argc, char **argv)
{
	uint64_t schedules = argc > 1 ? strtoull(argv[1], NULL, 10) : 20000;
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
	int bad = 0;

	for (uint64_t i = 0; i < schedules && bad < 20; i++) {
		schedule_play(seed + i, NULL, 0);
		bad += compare(seed + i);
	}
	bad += named_cases();
	bad += boundaries();
	bad += crowded_table();
	printf("%" PRIu64 " schedules from seed %" PRIu64 ", %d wrong\n", schedules, seed, bad);
	return bad != 0;
}
