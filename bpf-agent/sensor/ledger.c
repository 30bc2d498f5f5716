// SPDX-License-Identifier: Apache-2.0
#include "ledger.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "print.h"

/* Of the cgroup at the top of every hierarchy, which is the machine itself. */
#define ROOT_ID 1

/* Frames for which a removed cgroup, and what was counted about it, is still shown; a wait of it may still close. */
#define KEEP_REMOVED 5

/*
 * Pairs of victim and culprit that an interval can add to, and of each victim those that are among them in any case. A node
 * has more only where a thousand containers crowd the same CPUs: then a line of all pairs would be of no use to anybody.
 */
#define PAIRS 32768
#define PAIRS_OF_VICTIM 8

static void touch(struct ledger *l, struct sum_row *row, uint64_t ns, uint64_t count)
{
	row->ns += ns;
	row->count += count;
	row->touched = l->sequence;
}

/* Whose packets they are: a cgroup of the hierarchy, or a kind of nobody in particular. */
static uint64_t owner(struct ledger *l, uint64_t code)
{
	uint64_t id;

	if (what_kind(code) != KIND_SOCKET)
		return code;
	if ((code & WHAT_ID) == ROOT_ID)
		return ROOT_ID;
	id = owners_id(&l->owners, &l->hierarchy, code & WHAT_ID, l->sequence);
	return id ? id : what(KIND_UNATTRIBUTED, 0);
}

/* What is printed for a code of the programs: a cgroup that owns packets is one of the hierarchy, or nobody. */
static uint64_t printed(struct ledger *l, uint64_t code)
{
	uint64_t id;

	if (what_kind(code) >= PART_QUEUE)
		return PART_OF_QUEUE(owner(l, code - PART_OF_QUEUE(0)));
	if (what_kind(code) != KIND_SOFTIRQ)
		return code;
	id = owners_id(&l->owners, &l->hierarchy, code & WHAT_ID, l->sequence);
	return id ? what(KIND_SOFTIRQ, id) : what(KIND_INTERRUPT, 0);
}

static void cell(void *context, uint64_t victim, uint64_t code, uint64_t ns, uint64_t count)
{
	struct ledger *l = context;
	struct sum_row *balance = sums_at(&l->balance, victim, 0, 0);
	struct sum_row *life = sums_at(&l->lives, victim, 0, 0);
	struct sum_row *row;

	code = printed(l, code);
	row = sums_at(what_is_culprit(code) ? &l->arrived : &l->cells, victim, code, 0);
	if (!row || !balance || !life)
		return;
	touch(l, row, ns, count);
	touch(l, life, 0, 1);
	requests_note(&l->requests, victim, code, ns);
	if (what_kind(code) == KIND_WAIT)
		balance->ns += ns;
	else if (what_kind(code) < KIND_WAIT)
		balance->count += ns;
}

static void stall(void *context, uint64_t cgroup, uint64_t quota, uint32_t bucket, uint64_t ns, uint64_t count)
{
	struct ledger *l = context;
	struct sum_row *row = sums_at(&l->stalls, cgroup, quota, bucket);

	if (row)
		touch(l, row, ns, count);
}

static void request(void *context, const struct request_key *key, uint64_t ns, uint64_t count)
{
	struct ledger *l = context;

	requests_add(&l->requests, l->sequence, key, ns, count);
}

static void anatomy(void *context, const struct anatomy_key *key, uint64_t ns)
{
	struct ledger *l = context;
	struct anatomy_key shown = *key;

	shown.what = printed(l, key->what);
	requests_add_part(&l->requests, l->sequence, &shown, ns);
}

/* Parts of a worst case, as they are printed. */
static void print_as(struct ledger *l, struct worst_part *parts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (parts[i].ns)
			parts[i].what = printed(l, parts[i].what);
}

static void slowest(void *context, const struct slowest_key *key, const struct slowest *request)
{
	struct ledger *l = context;
	struct slowest shown = *request;

	print_as(l, shown.part, SLOWEST_PARTS);
	requests_add_slowest(&l->requests, key, &shown);
}

static void longest(void *context, uint64_t cgroup, const struct long_wait *wait)
{
	struct ledger *l = context;
	struct long_wait shown = *wait;

	print_as(l, shown.part, shown.parts < LONG_WAIT_PARTS ? shown.parts : LONG_WAIT_PARTS);
	requests_add_longest(&l->requests, cgroup, &shown);
}

static void dns(void *context, const struct dns_sums_key *key, const struct dns_sums *sums)
{
	struct ledger *l = context;

	dns_add(&l->dns, l->sequence, key, sums);
}

static void peer(void *context, const struct peer_key *key, const struct peer_sums *sums)
{
	struct ledger *l = context;

	peers_add(&l->peers, l->sequence, key, sums);
}

static void unread(void *context, uint64_t cgroup, uint32_t bucket, uint64_t ns, uint64_t count)
{
	struct ledger *l = context;
	struct sum_row *row = sums_at(&l->unread, cgroup, 0, bucket);

	if (row)
		touch(l, row, ns, count);
}

/* The same where only a cgroup will do: who is not known is part of the machine. */
static uint64_t somebody(struct ledger *l, uint64_t code)
{
	uint64_t id = owner(l, code);

	return id && what_kind(id) == KIND_CGROUP ? id : ROOT_ID;
}

static void packet_wait(void *context, uint64_t victim, const char *device, uint32_t bucket, uint64_t ns, uint64_t count)
{
	struct ledger *l = context;

	packets_add_wait(&l->packets, l->sequence, somebody(l, victim), device, bucket, ns, count);
}

static void packet_blame(void *context, uint64_t victim, const char *device, uint64_t culprit, uint64_t ns)
{
	struct ledger *l = context;

	packets_add_blame(&l->packets, l->sequence, somebody(l, victim), device, owner(l, culprit), ns);
}

static void packet_bytes(void *context, uint64_t code, enum net_direction direction, uint64_t bytes, uint64_t packets)
{
	struct ledger *l = context;

	packets_add_bytes(&l->packets, l->sequence, somebody(l, code), direction, bytes, packets);
}

static void packet_drop(void *context, uint64_t code, const char *reason, enum drop_place place, uint64_t packets)
{
	struct ledger *l = context;

	packets_add_drop(&l->packets, l->sequence, somebody(l, code), reason, place, packets);
}

static void packet_balance(void *context, uint64_t compared, uint64_t unequal, uint64_t difference_ns)
{
	struct ledger *l = context;

	l->compared += compared;
	l->unequal += unequal;
	l->difference_ns += difference_ns;
}

static void open_wait(void *context, uint64_t cgroup, uint64_t age_ns)
{
	struct ledger *l = context;
	struct sum_row *row = sums_at(&l->open, cgroup, 0, 0);

	if (!row)
		return;
	row->count++;
	if (age_ns > row->ns)
		row->ns = age_ns;
}

static void running(void *context, uint64_t occupant, uint64_t ns)
{
	struct ledger *l = context;
	struct sum_row *row = what_kind(occupant) == KIND_CGROUP ? sums_at(&l->running, occupant, 0, 0) : NULL;

	if (row && sums_at(&l->cells, occupant, what(KIND_CPU, 0), 0))
		row->ns += ns;
	requests_note(&l->requests, occupant, what(KIND_CPU, 0), ns);
}

static void cgroup_came(void *context, uint64_t id, uint64_t parent, const char *name)
{
	struct ledger *l = context;

	if (!hierarchy_add(&l->hierarchy, id, parent, name))
		l->walk_again = true;
}

static void cgroup_went(void *context, uint64_t id, uint64_t parent, const char *name)
{
	struct ledger *l = context;

	/* One that went while we began was not there any more when we looked, but its last threads may still end. */
	if (!hierarchy_name(&l->hierarchy, id))
		hierarchy_add(&l->hierarchy, id, parent, name);
	hierarchy_remove(&l->hierarchy, id, l->sequence);
}

struct programs_reader ledger_reader(struct ledger *ledger)
{
	return (struct programs_reader){
		.context = ledger,
		.cell = cell,
		.stall = stall,
		.request = request,
		.anatomy = anatomy,
		.slowest = slowest,
		.longest = longest,
		.dns = dns,
		.peer = peer,
		.unread = unread,
		.packet_wait = packet_wait,
		.packet_blame = packet_blame,
		.packet_bytes = packet_bytes,
		.packet_drop = packet_drop,
		.packet_balance = packet_balance,
		.open_wait = open_wait,
		.running = running,
		.cgroup_came = cgroup_came,
		.cgroup_went = cgroup_went,
	};
}

void ledger_govern(struct ledger *l, const struct program_runs runs[PROGRAMS])
{
	struct spending *spending = &l->spending;

	spending->elapsed_ns = l->monotonic_ns - (l->governed_ns ? l->governed_ns : l->start_monotonic_ns);
	spending->switches = runs[PROGRAM_SWITCH].runs - l->overhead.seen[PROGRAM_SWITCH].runs;
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

static bool always(const struct sum_row *row, void *context)
{
	(void)row;
	(void)context;
	return true;
}

static bool long_gone(const struct ledger *l, uint64_t id)
{
	const struct cgroup_name *name = hierarchy_name((struct hierarchy *)&l->hierarchy, id);

	return name && name->removed_in && name->removed_in + KEEP_REMOVED < l->sequence;
}

/* The cgroup that a row speaks of besides its victim: who ran, or whose quota it was; 0 if there is none. */
static uint64_t culprit_of(const struct sum_row *row)
{
	return what_is_culprit(row->b) || what_kind(row->b) == KIND_BURN || what_kind(row->b) >= PART_QUEUE ?
		       row->b & WHAT_ID :
		       0;
}

static bool quiet(const struct ledger *l, const struct sum_row *row)
{
	return row->touched + KEEP_REMOVED < l->sequence;
}

/* A cgroup that is gone, and nothing of it has been counted any more. */
static bool life_gone(const struct sum_row *row, void *context)
{
	return quiet(context, row) && long_gone(context, row->a);
}

/*
 * Of a cgroup that is gone, all at once: the rows of a histogram are one figure, which must not shrink. Or quiet, of a culprit
 * that is gone or one of too many pairs: that starts anew at zero.
 */
static bool row_gone(const struct sum_row *row, void *context)
{
	struct ledger *l = context;
	const struct sum_row *life = sums_at(&l->lives, row->a, 0, 0);

	if (life && life_gone(life, l))
		return true;
	return quiet(l, row) && ((l->crowded && what_is_culprit(row->b)) || long_gone(l, culprit_of(row)));
}

static bool packets_gone(const struct sum_row *row, uint64_t culprit, void *context)
{
	const struct ledger *l = context;

	if (row->touched + KEEP_REMOVED >= l->sequence)
		return false;
	return long_gone(l, row->a) || long_gone(l, culprit);
}

static bool requests_gone(const struct sum_row *row, void *context)
{
	const struct ledger *l = context;

	return quiet(l, row) && (long_gone(l, row->a) || long_gone(l, culprit_of(row)));
}

/* Quiet, and of a cgroup that is gone. */
static bool quiet_and_gone(const struct sum_row *row, void *context)
{
	const struct ledger *l = context;

	return row->touched + KEEP_REMOVED < l->sequence && long_gone(l, row->a);
}

static bool peer_gone(uint64_t cgroup, uint64_t touched, void *context)
{
	const struct ledger *l = context;

	return touched + KEEP_REMOVED < l->sequence && long_gone(l, cgroup);
}

static void need(struct ledger *l, uint64_t id)
{
	struct cgroup_name *name = hierarchy_name(&l->hierarchy, id);

	if (name)
		name->needed_in = l->sequence;
}

/* Notes which names the rows speak of. */
static void need_names(struct ledger *l, const struct sums *sums)
{
	for (size_t i = 0; i < sums->used; i++) {
		need(l, sums->rows[i]->a);
		need(l, culprit_of(sums->rows[i]));
	}
}

static void need_peer(uint64_t cgroup, void *context)
{
	need(context, cgroup);
}

static void need_packets(uint64_t cgroup, void *context)
{
	need(context, cgroup);
}

/* The same where nothing but a cgroup is spoken of. */
static void need_victims(struct ledger *l, const struct sums *sums)
{
	for (size_t i = 0; i < sums->used; i++)
		need(l, sums->rows[i]->a);
}

static bool overdue(const struct ledger *l, const struct cgroup_name *name)
{
	return name->removed_in && name->removed_in + KEEP_REMOVED + 1 < l->sequence;
}

static bool name_gone(const struct cgroup_name *name, void *context)
{
	const struct ledger *l = context;

	return overdue(l, name) && name->needed_in != l->sequence;
}

/* A name outlives the rows that speak of it: without it nobody would know that they may go. */
static void forget_names(struct ledger *l)
{
	size_t i = 0;

	while (i < l->hierarchy.used && !overdue(l, &l->hierarchy.names[i]))
		i++;
	if (i == l->hierarchy.used)
		return;
	need_names(l, &l->cells);
	need_names(l, &l->stalls);
	need_names(l, &l->requests.durations);
	need_names(l, &l->requests.anatomy);
	peers_cgroups(&l->peers, need_peer, l);
	need_victims(l, &l->dns.durations);
	need_victims(l, &l->unread);
	packets_need(&l->packets, need_packets, l);
	hierarchy_forget(&l->hierarchy, name_gone, l);
}

static bool has_too_many_pairs(const struct ledger *l)
{
	size_t pairs = 0;

	for (size_t i = 0; i < l->cells.used; i++)
		pairs += what_is_culprit(l->cells.rows[i]->b);
	return pairs > PAIRS;
}

void ledger_next(struct ledger *l)
{
	l->sequence++;
	sums_forget(&l->open, always, NULL);
	sums_forget(&l->running, always, NULL);
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

static int by_size(const void *left, const void *right)
{
	const struct sum_row *l = *(struct sum_row *const *)left;
	const struct sum_row *r = *(struct sum_row *const *)right;

	if (l->rank != r->rank)
		return l->rank < r->rank ? -1 : 1;
	return l->ns > r->ns ? -1 : l->ns < r->ns;
}

static int by_victim_and_size(const void *left, const void *right)
{
	const struct sum_row *l = *(struct sum_row *const *)left;
	const struct sum_row *r = *(struct sum_row *const *)right;

	if (l->a != r->a)
		return l->a < r->a ? -1 : 1;
	return l->ns > r->ns ? -1 : l->ns < r->ns;
}

/* Brings those that stay to the front: the largest of each victim, then the largest. Leaves the table without order. */
static void rank(struct sums *pairs)
{
	uint64_t of_victim = 0;

	qsort(pairs->rows, pairs->used, sizeof(*pairs->rows), by_victim_and_size);
	for (size_t i = 0; i < pairs->used; i++) {
		of_victim = i && pairs->rows[i]->a == pairs->rows[i - 1]->a ? of_victim + 1 : 0;
		pairs->rows[i]->rank = of_victim < PAIRS_OF_VICTIM ? of_victim : PAIRS_OF_VICTIM;
	}
	qsort(pairs->rows, pairs->used, sizeof(*pairs->rows), by_size);
	pairs->sorted = false;
}

/* Adds this interval's pairs to what was counted before: the largest to their own rows, the rest to "other" of their victims. */
static void settle(struct ledger *l)
{
	struct sums *arrived = &l->arrived;

	if (arrived->used > PAIRS)
		rank(arrived);
	for (size_t i = 0; i < arrived->used; i++) {
		const struct sum_row *pair = arrived->rows[i];
		uint64_t code = i < PAIRS ? pair->b : what(KIND_OTHER, 0);
		struct sum_row *row = sums_at(&l->cells, pair->a, code, 0);

		l->folded += i >= PAIRS;
		if (row)
			touch(l, row, pair->ns, pair->count);
	}
	sums_forget(arrived, always, NULL);
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

/*
 * Forgets what is long gone, once this interval is added: a row that begins anew was absent from a frame, so that nobody takes it
 * for the old one.
 */
static void forget(struct ledger *l)
{
	l->crowded = has_too_many_pairs(l);
	sums_forget(&l->cells, row_gone, l);
	sums_forget(&l->stalls, row_gone, l);
	sums_forget(&l->lives, life_gone, l);
	requests_forget(&l->requests, requests_gone, l);
	peers_forget(&l->peers, l->sequence, peer_gone, l);
	dns_forget(&l->dns, quiet_and_gone, l);
	sums_forget(&l->unread, quiet_and_gone, l);
	packets_forget(&l->packets, packets_gone, l);
	forget_names(l);
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
	sums_forget(&l->balance, always, NULL);
}

static void print_budget(const struct ledger *l, FILE *out)
{
	static const char *const names[] = NAMES_OF_SHEDS;
	const char *comma = "";

	fputs(",\"shed\":[", out);
	for (int i = 0; i < SHEDS; i++) {
		if (!((l->governor.shed | l->without) & shed_bit(i)))
			continue;
		fprintf(out, "%s\"%s\"", comma, names[i]);
		comma = ",";
	}
	fputs("],\"shedNs\":{", out);
	comma = "";
	for (int i = 0; i < SHEDS; i++) {
		if (!((l->governor.exists | l->without) & shed_bit(i)))
			continue;
		fprintf(out, "%s\"%s\":\"%" PRIu64 "\"", comma, names[i], l->shed_ns[i]);
		comma = ",";
	}
	fprintf(out, "},\"budget\":{\"share\":%g,\"spentNs\":\"%" PRIu64 "\",\"allowedNs\":\"%" PRIu64 "\"}",
		l->governor.share, l->spending.overhead_ns, governor_allowed_ns(l->governor.share, &l->spending));
}

static void print_health(struct ledger *l, FILE *out)
{
	static const char *const programs[] = NAMES_OF_PROGRAMS;
	static const char *const reasons[] = LOST_NAMES_OF_REASONS;

	fputs(",\"health\":{\"events\":{", out);
	for (int i = 0; i < PROGRAMS; i++)
		fprintf(out, "%s\"%s\":\"%" PRIu64 "\"", i ? "," : "", programs[i],
			(uint64_t)l->overhead.seen[i].runs);
	fputs("},\"lost\":{", out);
	for (int i = 0; i < LOST_REASONS; i++)
		fprintf(out, "%s\"%s\":\"%" PRIu64 "\"", i ? "," : "", reasons[i], l->lost[i]);
	fprintf(out, ",\"culprits\":\"%" PRIu64 "\"", l->folded);
	fputs("},\"overheadNs\":{", out);
	for (int i = 0; i < PROGRAMS; i++)
		fprintf(out, "\"%s\":\"%" PRIu64 "\",", programs[i], l->overhead.ns[i]);
	fprintf(out, "\"sensor\":\"%" PRIu64 "\"},\"maps\":[", l->sensor_ns);
	for (int i = 0; i < MAPS && l->maps[i].name; i++)
		fprintf(out, "%s{\"name\":\"%s\",\"used\":%" PRIu64 ",\"capacity\":%" PRIu64 "}", i ? "," : "",
			l->maps[i].name, l->maps[i].used, l->maps[i].capacity);
	fprintf(out,
		"],\"conservation\":{\"victims\":%" PRIu64 ",\"unequal\":%" PRIu64 ",\"differenceNs\":\"%" PRIu64
		"\"},\"missing\":[",
		l->compared, l->unequal, l->difference_ns);
	for (size_t i = 0; l->missing[i]; i++)
		fprintf(out, "%s\"%s\"", i ? "," : "", l->missing[i]);
	fputc(']', out);
	print_budget(l, out);
	fputc('}', out);
}

void ledger_print(struct ledger *l, FILE *out)
{
	settle(l);
	forget(l);
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
	print_health(l, out);
	fputs("}\n", out);
}
