// SPDX-License-Identifier: Apache-2.0
#include "requests.h"

#include <inttypes.h>
#include "print.h"

/* The middle part of a key: which of the four histograms of a cgroup. */
#define SERIES(role, estimated) ((uint64_t)(role) << 1 | !!(estimated))

static const char *const role_names[] = { [ROLE_SERVER] = "server", [ROLE_CLIENT] = "client" };

static void touch(struct sum_row *row, uint64_t sequence, uint64_t ns, uint64_t count)
{
	if (!row)
		return;
	row->ns += ns;
	row->count += count;
	row->touched = sequence;
}

void requests_add(struct requests *r, uint64_t sequence, const struct request_key *key, uint64_t ns, uint64_t count)
{
	if (key->role == ROLE_SERVER || key->role == ROLE_CLIENT)
		touch(sums_at(&r->durations, key->cgroup, SERIES(key->role, key->estimated), key->bucket), sequence, ns,
		      count);
}

void requests_forget(struct requests *r, bool (*gone)(const struct sum_row *row, void *context), void *context)
{
	sums_forget(&r->durations, gone, context);
}

static void print_durations(struct sums *durations, FILE *out)
{
	sums_sort(durations);
	fputs(",\"requests\":[", out);
	for (size_t i = 0; i < durations->used;) {
		const struct sum_row *row = durations->rows[i];

		fprintf(out, "%s{\"cgroup\":\"%" PRIu64 "\",\"role\":\"%s\",\"estimated\":%s,", i ? "," : "", row->a,
			role_names[row->b >> 1], row->b & 1 ? "true" : "false");
		i = print_histogram(durations, i, BUCKET_IN_C, out);
		fputc('}', out);
	}
	fputc(']', out);
}

void requests_print(struct requests *r, FILE *out)
{
	print_durations(&r->durations, out);
	fputs(",\"anatomy\":[]", out);
}
