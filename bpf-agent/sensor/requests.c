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

void requests_note(struct requests *r, uint64_t cgroup, uint64_t what, uint64_t ns)
{
	struct sum_row *row = NULL;

	if (what_kind(what) < KIND_WAIT || what_kind(what) == KIND_CPU)
		row = sums_at(&r->runnable, cgroup, what, 0);
	if (row)
		row->ns += ns;
}

/* The third part of a key: which band of which series. */
#define BAND_ZERO 128
#define BAND(band, role, estimated) ((uint64_t)(BAND_ZERO + (band)) << 8 | SERIES(role, estimated))

static void add_part(struct requests *r, uint64_t sequence, const struct anatomy_key *key, uint64_t what, uint64_t ns)
{
	if (ns)
		touch(sums_at(&r->anatomy, key->cgroup, what, BAND(key->band, key->role, key->estimated)), sequence, ns, 1);
}

/* What no single thread did, as all threads of the container did in this interval; to the nanosecond. */
static void share_out(struct requests *r, uint64_t sequence, const struct anatomy_key *key, uint64_t ns)
{
	uint64_t all = 0, left = ns;

	for (size_t i = 0; i < r->runnable.used; i++)
		if (r->runnable.rows[i]->a == key->cgroup)
			all += r->runnable.rows[i]->ns;
	for (size_t i = 0; all && i < r->runnable.used; i++) {
		const struct sum_row *row = r->runnable.rows[i];
		uint64_t part;

		if (row->a != key->cgroup)
			continue;
		part = (unsigned __int128)ns * row->ns / all;
		left -= part;
		add_part(r, sequence, key, what_kind(row->b) == KIND_CPU ? what(PART_WORK, 0) : row->b, part);
	}
	add_part(r, sequence, key, all ? what(PART_WORK, 0) : what(PART_UNATTRIBUTED, 0), left);
}

void requests_add_part(struct requests *r, uint64_t sequence, const struct anatomy_key *key, uint64_t ns)
{
	if (key->role != ROLE_SERVER && key->role != ROLE_CLIENT)
		return;
	if (key->what == what(PART_SHARED, 0))
		share_out(r, sequence, key, ns);
	else
		add_part(r, sequence, key, key->what, ns);
}

static bool always(const struct sum_row *row, void *context)
{
	(void)row;
	(void)context;
	return true;
}

void requests_forget(struct requests *r, bool (*gone)(const struct sum_row *row, void *context), void *context)
{
	sums_forget(&r->durations, gone, context);
	sums_forget(&r->anatomy, gone, context);
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

/* The members that say which part a code is: `part`, and where it has them `kind` and `culprit`. */
static void print_part(uint64_t what, FILE *out)
{
	static const char *const names[] = {
		[PART_UPSTREAM] = "upstream",
		[PART_UNREAD] = "unread",
		[PART_WORK] = "work",
		[PART_UNATTRIBUTED] = "unattributed",
	};
	uint32_t kind = what_kind(what);

	if (kind >= PART_UPSTREAM)
		fprintf(out, "\"part\":\"%s\"", names[kind]);
	else if (kind == KIND_THROTTLED)
		fputs("\"part\":\"throttled\"", out);
	else
		fprintf(out, "\"part\":\"wait\",\"kind\":\"%s\"", kind_name(kind));
	if (what & WHAT_ID)
		fprintf(out, ",\"culprit\":\"%" PRIu64 "\"", (uint64_t)(what & WHAT_ID));
}

static void print_anatomy(struct sums *anatomy, FILE *out)
{
	sums_sort(anatomy);
	fputs(",\"anatomy\":[", out);
	for (size_t i = 0; i < anatomy->used; i++) {
		const struct sum_row *row = anatomy->rows[i];

		fprintf(out, "%s{\"cgroup\":\"%" PRIu64 "\",\"role\":\"%s\",\"estimated\":%s,\"band\":%d,",
			i ? "," : "", row->a, role_names[row->c >> 1 & 3], row->c & 1 ? "true" : "false",
			(int)(row->c >> 8) - BAND_ZERO);
		print_part(row->b, out);
		fprintf(out, ",\"ns\":\"%" PRIu64 "\"}", row->ns);
	}
	fputc(']', out);
}

void requests_print(struct requests *r, FILE *out)
{
	print_durations(&r->durations, out);
	print_anatomy(&r->anatomy, out);
	sums_forget(&r->runnable, always, NULL);
}
