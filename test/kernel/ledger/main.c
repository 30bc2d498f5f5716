// SPDX-License-Identifier: Apache-2.0
/*
 * The ledger without a kernel: what the programs tell it, and the frames that are printed of it.
 *
 * `packets`: one interval in which packets of two cgroups delayed a thread. The owner 77 of the unified hierarchy is cgroup 42
 * here; 78 is nobody that is known.
 * `end`: a cgroup waits, is removed, and its last thread waits once more; and frames until nothing is told of it any more.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "ledger.h"

#define VICTIM 7
#define KNOWN 77
#define HERE 42
#define UNKNOWN 78
#define END_FRAMES 12

static const char *const nothing[] = { NULL };
static struct ledger ledger = { .missing = nothing };

static void waited(const struct programs_reader *reader, uint64_t victim, uint64_t culprit, uint64_t bucket, uint64_t ns)
{
	reader->cell(&ledger, victim, what(KIND_WAIT, bucket), ns, 1);
	reader->cell(&ledger, victim, culprit, ns, 1);
}

/* A folder stands for the hierarchy, and one in it for the cgroup. */
static int end(void)
{
	struct programs_reader reader = ledger_reader(&ledger);
	struct hierarchy *h = &ledger.hierarchy;
	char victim[sizeof(h->mount) + 8];
	struct stat status;

	snprintf(h->mount, sizeof(h->mount), "/tmp/contention-ledger-XXXXXX");
	if (!mkdtemp(h->mount))
		return 1;
	snprintf(victim, sizeof(victim), "%s/victim", h->mount);
	if (mkdir(victim, 0755) || stat(victim, &status))
		return 1;
	hierarchy_walk(h, 1);
	if (rmdir(victim) || rmdir(h->mount))
		return 1;
	for (int i = 0; i < END_FRAMES; i++) {
		ledger_next(&ledger);
		if (i == 0)
			waited(&reader, status.st_ino, KNOWN, 3, 1000);
		if (i == 1)
			reader.cgroup_went(&ledger, status.st_ino, 0, "victim");
		if (i == 2)
			waited(&reader, status.st_ino, HERE, 5, 4000);
		ledger_print(&ledger, stdout);
	}
	return 0;
}

static int packets(void)
{
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

int main(int argc, char **argv)
{
	return argc > 1 && !strcmp(argv[1], "end") ? end() : packets();
}
