// SPDX-License-Identifier: Apache-2.0
/* The interval, from its begin to the line that says it. */
#include <inttypes.h>
#include "ledger_parts.h"
#include "print.h"

/* Runs of a program in the interval. */
static uint64_t new_runs(const struct ledger *l, const struct program_runs runs[PROGRAMS], enum program program)
{
	return runs[program].runs - l->overhead.seen[program].runs;
}

void ledger_govern(struct ledger *l, const struct program_runs runs[PROGRAMS])
{
	struct spending *spending = &l->spending;

	spending->elapsed_ns = l->monotonic_ns - (l->governed_ns ? l->governed_ns : l->start_monotonic_ns);
	spending->switches = new_runs(l, runs, PROGRAM_SWITCH);
	spending->packets = new_runs(l, runs, PROGRAM_IN) + new_runs(l, runs, PROGRAM_OUT);
	spending->overhead_ns = 0;
	for (int i = 0; i < PROGRAMS; i++)
		spending->overhead_ns += overhead_add(&l->overhead, i, &runs[i]);
	for (int i = 0; i < SHEDS; i++)
		if ((l->governor.shed | l->without) & shed_bit(i))
			l->shed_ns[i] += spending->elapsed_ns;
	/* The first interval is the moment after attaching, when nothing is in any cache. */
	if (l->governed_ns)
		l->governor = governor_next(l->governor, spending);
	l->governed_ns = l->monotonic_ns;
}

void ledger_next(struct ledger *l)
{
	l->sequence++;
	sums_forget(&l->open, ledger_every_row, NULL);
	sums_forget(&l->running, ledger_every_row, NULL);
}

/* Adds this interval's balances to the totals, each once. */
static void compare(struct ledger *l)
{
	for (size_t i = 0; i < l->balance.used; i++) {
		uint64_t wait = l->balance.rows[i]->ns, parts = l->balance.rows[i]->count;

		l->compared++;
		l->unequal += wait != parts;
		l->difference_ns += wait > parts ? wait - parts : parts - wait;
	}
	sums_forget(&l->balance, ledger_every_row, NULL);
}

static void print_cgroups(struct ledger *l, FILE *out)
{
	const struct hierarchy *h = &l->hierarchy;

	fputs(",\"cgroups\":[", out);
	for (size_t i = 0; i < h->used; i++) {
		fprintf(out, "%s{\"id\":\"%" PRIu64 "\",\"path\":", i ? "," : "", h->names[i].id);
		print_string(out, h->names[i].path);
		fputs(h->names[i].removed_in ? ",\"removed\":true}" : "}", out);
	}
	fputc(']', out);
}

static void print_waits(struct ledger *l, FILE *out)
{
	const char *comma = "";

	fputs(",\"waits\":[", out);
	for (size_t i = 0; i < l->cells.used;) {
		if (what_kind(l->cells.rows[i]->b) != KIND_WAIT) {
			i++;
			continue;
		}
		fprintf(out, "%s{\"cgroup\":\"%" PRIu64 "\",", comma, l->cells.rows[i]->a);
		i = print_histogram(&l->cells, i, BUCKET_IN_B, out);
		fputc('}', out);
		comma = ",";
	}
	fputc(']', out);
}

static void print_blame(struct ledger *l, FILE *out)
{
	const char *comma = "";

	fputs(",\"blame\":[", out);
	for (size_t i = 0; i < l->cells.used; i++) {
		const struct sum_row *row = l->cells.rows[i];
		uint64_t culprit = row->b & WHAT_ID;

		if (what_kind(row->b) > KIND_UNATTRIBUTED)
			continue;
		fprintf(out, "%s{\"victim\":\"%" PRIu64 "\",\"kind\":\"%s\",", comma, row->a,
			kind_name(what_kind(row->b)));
		if (culprit)
			fprintf(out, "\"culprit\":\"%" PRIu64 "\",", culprit);
		fprintf(out, "\"ns\":\"%" PRIu64 "\"}", row->ns);
		comma = ",";
	}
	fputc(']', out);
}

static void print_open(struct ledger *l, FILE *out)
{
	fputs(",\"open\":[", out);
	for (size_t i = 0; i < l->open.used; i++)
		fprintf(out, "%s{\"cgroup\":\"%" PRIu64 "\",\"count\":%" PRIu64 ",\"oldestNs\":\"%" PRIu64 "\"}",
			i ? "," : "", l->open.rows[i]->a, l->open.rows[i]->count, l->open.rows[i]->ns);
	fputc(']', out);
}

static void print_cpu(struct ledger *l, FILE *out)
{
	const char *comma = "";

	fputs(",\"cpu\":[", out);
	for (size_t i = 0; i < l->cells.used; i++) {
		struct sum_row *row = l->cells.rows[i];
		uint64_t ns = row->ns;

		if (row->b != what(KIND_CPU, 0))
			continue;
		/* With what the tasks that run now have used so far: a thread that never stops is seen, too. */
		ns += sums_at(&l->running, row->a, 0, 0)->ns;
		if (ns > row->shown_ns)
			row->shown_ns = ns;
		fprintf(out, "%s{\"cgroup\":\"%" PRIu64 "\",\"ns\":\"%" PRIu64 "\"}", comma, row->a, row->shown_ns);
		comma = ",";
	}
	fputc(']', out);
}

static void print_stalls(struct ledger *l, FILE *out)
{
	fputs(",\"stalls\":[", out);
	for (size_t i = 0; i < l->stalls.used;) {
		fprintf(out, "%s{\"cgroup\":\"%" PRIu64 "\",\"quota\":\"%" PRIu64 "\",", i ? "," : "",
			l->stalls.rows[i]->a, l->stalls.rows[i]->b);
		i = print_histogram(&l->stalls, i, BUCKET_IN_C, out);
		fputc('}', out);
	}
	fputc(']', out);
}

static void print_unread(struct ledger *l, FILE *out)
{
	sums_sort(&l->unread);
	fputs(",\"unread\":[", out);
	for (size_t i = 0; i < l->unread.used;) {
		fprintf(out, "%s{\"cgroup\":\"%" PRIu64 "\",", i ? "," : "", l->unread.rows[i]->a);
		i = print_histogram(&l->unread, i, BUCKET_IN_C, out);
		fputc('}', out);
	}
	fputc(']', out);
}

static void print_burn(struct ledger *l, FILE *out)
{
	const char *comma = "";

	fputs(",\"burn\":[", out);
	for (size_t i = 0; i < l->cells.used; i++) {
		const struct sum_row *row = l->cells.rows[i];

		if (what_kind(row->b) != KIND_BURN)
			continue;
		fprintf(out, "%s{\"quota\":\"%" PRIu64 "\",\"cgroup\":\"%" PRIu64 "\",\"ns\":\"%" PRIu64 "\"}", comma,
			(uint64_t)(row->b & WHAT_ID), row->a, row->ns);
		comma = ",";
	}
	fputc(']', out);
}

void ledger_print(struct ledger *l, FILE *out)
{
	ledger_add_pairs(l);
	ledger_forget(l);
	compare(l);
	sums_sort(&l->cells);
	sums_sort(&l->stalls);
	fprintf(out, "{\"version\":1,\"sequence\":%" PRIu64, l->sequence);
	fprintf(out, ",\"monotonicNs\":\"%" PRIu64 "\",\"realtimeNs\":\"%" PRIu64 "\"", l->monotonic_ns, l->realtime_ns);
	fprintf(out, ",\"startMonotonicNs\":\"%" PRIu64 "\",\"startRealtimeNs\":\"%" PRIu64 "\"", l->start_monotonic_ns,
		l->start_realtime_ns);
	fprintf(out, ",\"cpus\":{\"possible\":%d,\"online\":%d}", l->possible_cpus, l->online_cpus);
	fprintf(out, ",\"hierarchy\":{\"version\":%d,\"mount\":", l->hierarchy.unified ? 2 : 1);
	print_string(out, l->hierarchy.mount);
	fputc('}', out);
	print_cgroups(l, out);
	print_waits(l, out);
	print_blame(l, out);
	print_open(l, out);
	print_cpu(l, out);
	print_stalls(l, out);
	print_burn(l, out);
	requests_print(&l->requests, out);
	dns_print(&l->dns, out);
	peers_print(&l->peers, out);
	print_unread(l, out);
	packets_print(&l->packets, out);
	ledger_print_health(l, out);
	fputs("}\n", out);
}
