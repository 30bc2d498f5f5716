// SPDX-License-Identifier: Apache-2.0
/*
 * The ledger without a kernel: one interval in which packets of two cgroups delayed a thread, as the programs tell it, and the
 * frame that is printed of it. The owner 77 of the unified hierarchy is cgroup 42 here; 78 is nobody that is known.
 */
#include <stdio.h>
#include "ledger.h"

#define VICTIM 7
#define KNOWN 77
#define HERE 42
#define UNKNOWN 78

int main(void)
{
	static const char *const nothing[] = { NULL };
	static struct ledger ledger = { .missing = nothing };
	const uint64_t known = what(KIND_SOFTIRQ, KNOWN), unknown = what(KIND_SOFTIRQ, UNKNOWN);
	struct programs_reader reader = ledger_reader(&ledger);
	struct anatomy_key key = { .cgroup = VICTIM, .band = -3, .role = ROLE_SERVER };
	struct slowest_key slowest_key = { .cgroup = VICTIM, .role = ROLE_SERVER };
	struct slowest slowest = { .ns = 1100, .ended = 5000, .part = { { known, 1000 }, { unknown, 100 } } };
	struct long_wait wait = { .ns = 1100, .ended = 5000, .parts = 2, .part = { { known, 1000 }, { unknown, 100 } } };
	struct sum_row *owner = sums_at(&ledger.owners.known, KNOWN, 0, 0);

	if (!owner)
		return 1;
	owner->ns = HERE;
	ledger_next(&ledger);
	reader.cell(&ledger, VICTIM, known, 1000, 1);
	reader.cell(&ledger, VICTIM, unknown, 100, 1);
	key.what = known;
	reader.anatomy(&ledger, &key, 1000);
	key.what = unknown;
	reader.anatomy(&ledger, &key, 100);
	reader.slowest(&ledger, &slowest_key, &slowest);
	reader.longest(&ledger, VICTIM, &wait);
	ledger_print(&ledger, stdout);
	return 0;
}
