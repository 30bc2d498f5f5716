// SPDX-License-Identifier: Apache-2.0
/*
 * The target of libFuzzer: its bytes are the machine's choices, so that its search for new paths through the headers is a search
 * for schedules. What the headers count has to equal the oracle, to the nanosecond.
 */
#include <stdio.h>
#include <stdlib.h>

#include "compare.h"
#include "schedule.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	schedule_play(0, bytes, size);
	if (compare(0)) {
		fflush(stdout);
		abort();
	}
	return 0;
}
