// SPDX-License-Identifier: Apache-2.0
#include "packets.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "print.h"

static uint32_t number_of(struct names *names, const char *name)
{
	if (!names->name)
		names->name = calloc(NAMES, sizeof(*names->name));
	if (!names->name)
		return 0;
	for (uint32_t i = 1; i <= names->used; i++)
		if (!strcmp(names->name[i], name))
			return i;
	if (names->used + 1 >= NAMES)
		return 0;
	snprintf(names->name[++names->used], NAME_LENGTH, "%s", name);
	return names->used;
}

static void add(struct sums *sums, uint64_t sequence, uint64_t a, uint64_t b, uint64_t c, uint64_t ns, uint64_t count)
{
	struct sum_row *row = sums_at(sums, a, b, c);

	if (!row)
		return;
	row->ns += ns;
	row->count += count;
	row->touched = sequence;
}

void packets_add_wait(struct packets *p, uint64_t sequence, uint64_t victim, const char *device, uint32_t bucket, uint64_t ns,
		      uint64_t count)
{
	add(&p->waits, sequence, victim, number_of(&p->devices, device), bucket, ns, count);
}

void packets_add_blame(struct packets *p, uint64_t sequence, uint64_t victim, const char *device, uint64_t culprit, uint64_t ns)
{
	add(&p->blame, sequence, victim, culprit, number_of(&p->devices, device), ns, 0);
}

void packets_add_bytes(struct packets *p, uint64_t sequence, uint64_t cgroup, enum net_direction direction, uint64_t bytes,
		       uint64_t packets)
{
	add(&p->bytes, sequence, cgroup, direction, 0, bytes, packets);
}

void packets_add_drop(struct packets *p, uint64_t sequence, uint64_t cgroup, const char *reason, enum drop_place place,
		      uint64_t packets)
{
	add(&p->drops, sequence, cgroup, number_of(&p->reasons, reason), place, 0, packets);
}

void packets_add_arrival(struct packets *p, uint64_t sequence, uint64_t sender, uint64_t packets, uint64_t bytes)
{
	add(&p->arrivals, sequence, sender, 0, 0, bytes, packets);
}

struct asked {
	bool (*gone)(const struct sum_row *row, uint64_t culprit, void *context);
	void *context;
};

static bool row_gone(const struct sum_row *row, void *context)
{
	const struct asked *asked = context;

	return asked->gone(row, 0, asked->context);
}

static bool blame_gone(const struct sum_row *row, void *context)
{
	const struct asked *asked = context;

	return asked->gone(row, what_kind(row->b) == KIND_CGROUP ? row->b : 0, asked->context);
}

void packets_forget(struct packets *p, bool (*gone)(const struct sum_row *row, uint64_t culprit, void *context), void *context)
{
	struct asked asked = { gone, context };

	sums_forget(&p->waits, row_gone, &asked);
	sums_forget(&p->blame, blame_gone, &asked);
	sums_forget(&p->bytes, row_gone, &asked);
	sums_forget(&p->drops, row_gone, &asked);
	sums_forget(&p->arrivals, row_gone, &asked);
}

static void need_rows(const struct sums *sums, void (*need)(uint64_t cgroup, void *context), void *context)
{
	for (size_t i = 0; i < sums->used; i++)
		need(sums->rows[i]->a, context);
}

void packets_need(const struct packets *p, void (*need)(uint64_t cgroup, void *context), void *context)
{
	need_rows(&p->waits, need, context);
	need_rows(&p->blame, need, context);
	need_rows(&p->bytes, need, context);
	need_rows(&p->drops, need, context);
	need_rows(&p->arrivals, need, context);
	for (size_t i = 0; i < p->blame.used; i++)
		if (what_kind(p->blame.rows[i]->b) == KIND_CGROUP)
			need(p->blame.rows[i]->b, context);
}

/* A member with the name of that number, if it is one. */
static void print_name(const struct names *names, uint64_t number, const char *member, FILE *out)
{
	if (!number || number > names->used)
		return;
	fprintf(out, "\"%s\":", member);
	print_string(out, names->name[number]);
	fputc(',', out);
}

static void print_waits(struct packets *p, FILE *out)
{
	sums_sort(&p->waits);
	fputs(",\"netQueues\":[", out);
	for (size_t i = 0; i < p->waits.used;) {
		const struct sum_row *row = p->waits.rows[i];

		fprintf(out, "%s{\"cgroup\":\"%" PRIu64 "\",", i ? "," : "", row->a);
		print_name(&p->devices, row->b, "device", out);
		i = print_histogram(&p->waits, i, BUCKET_IN_C, out);
		fputc('}', out);
	}
	fputc(']', out);
}

static void print_blame(struct packets *p, FILE *out)
{
	sums_sort(&p->blame);
	fputs(",\"netBlame\":[", out);
	for (size_t i = 0; i < p->blame.used; i++) {
		const struct sum_row *row = p->blame.rows[i];

		fprintf(out, "%s{\"victim\":\"%" PRIu64 "\",", i ? "," : "", row->a);
		print_name(&p->devices, row->c, "device", out);
		fprintf(out, "\"kind\":\"%s\",", kind_name(what_kind(row->b)));
		if (row->b & WHAT_ID)
			fprintf(out, "\"culprit\":\"%" PRIu64 "\",", (uint64_t)(row->b & WHAT_ID));
		fprintf(out, "\"ns\":\"%" PRIu64 "\"}", row->ns);
	}
	fputc(']', out);
}

static void print_bytes(struct packets *p, FILE *out)
{
	sums_sort(&p->bytes);
	fputs(",\"netIo\":[", out);
	for (size_t i = 0; i < p->bytes.used; i++) {
		const struct sum_row *row = p->bytes.rows[i];

		fprintf(out,
			"%s{\"cgroup\":\"%" PRIu64 "\",\"direction\":\"%s\",\"bytes\":\"%" PRIu64 "\",\"packets\":\"%" PRIu64 "\"}",
			i ? "," : "", row->a, row->b == NET_TRANSMIT ? "transmit" : "receive", row->ns, row->count);
	}
	fputc(']', out);
}

static void print_drops(struct packets *p, FILE *out)
{
	static const char *const places[] = NAMES_OF_DROP_PLACES;

	sums_sort(&p->drops);
	fputs(",\"netDrops\":[", out);
	for (size_t i = 0; i < p->drops.used; i++) {
		const struct sum_row *row = p->drops.rows[i];

		fprintf(out, "%s{\"cgroup\":\"%" PRIu64 "\",", i ? "," : "", row->a);
		print_name(&p->reasons, row->b, "reason", out);
		fprintf(out, "\"place\":\"%s\",\"packets\":\"%" PRIu64 "\"}", places[row->c], row->count);
	}
	fputc(']', out);
}

static void print_arrivals(struct packets *p, FILE *out)
{
	sums_sort(&p->arrivals);
	fputs(",\"arrivals\":[", out);
	for (size_t i = 0; i < p->arrivals.used; i++) {
		const struct sum_row *row = p->arrivals.rows[i];

		fprintf(out, "%s{\"kind\":\"%s\",", i ? "," : "", kind_name(what_kind(row->a)));
		if (row->a & WHAT_ID)
			fprintf(out, "\"culprit\":\"%" PRIu64 "\",", (uint64_t)(row->a & WHAT_ID));
		fprintf(out, "\"packets\":\"%" PRIu64 "\",\"bytes\":\"%" PRIu64 "\"}", row->count, row->ns);
	}
	fprintf(out, "],\"pressure\":{\"pressedNs\":\"%" PRIu64 "\",\"watchedNs\":\"%" PRIu64 "\",\"watching\":%s}",
		p->pressed_ns, p->watched_ns, p->watching ? "true" : "false");
}

void packets_print(struct packets *p, FILE *out)
{
	print_waits(p, out);
	print_blame(p, out);
	print_bytes(p, out);
	print_drops(p, out);
	print_arrivals(p, out);
}
