// SPDX-License-Identifier: Apache-2.0
#include "requests.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "address.h"
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

/*
 * What no single thread did, as all threads of the cgroup did in this interval; to the nanosecond. each() gets every share,
 * in the order of r->runnable, then the small ones as one, and what is left by rounding, or by nothing being known.
 */
static void share_out(struct requests *r, uint64_t cgroup, uint64_t ns,
		      void (*each)(void *context, uint64_t what, uint64_t ns), void *context)
{
	uint64_t all = 0, left = ns, other = 0;

	for (size_t i = 0; i < r->runnable.used; i++)
		if (r->runnable.rows[i]->a == cgroup)
			all += r->runnable.rows[i]->ns;
	for (size_t i = 0; all && i < r->runnable.used; i++) {
		const struct sum_row *row = r->runnable.rows[i];
		uint64_t part;

		if (row->a != cgroup)
			continue;
		part = (unsigned __int128)ns * row->ns / all;
		left -= part;
		if (part_is_small(row->b, part, cgroup, ns)) {
			other += part;
			continue;
		}
		each(context, what_kind(row->b) == KIND_CPU ? what(PART_WORK, 0) : row->b, part);
	}
	each(context, what(KIND_OTHER, 0), other);
	each(context, all ? what(PART_WORK, 0) : what(PART_UNATTRIBUTED, 0), left);
}

struct anatomy_share {
	struct requests *requests;
	uint64_t sequence;
	const struct anatomy_key *key;
};

static void add_share(void *context, uint64_t what, uint64_t ns)
{
	struct anatomy_share *share = context;

	add_part(share->requests, share->sequence, share->key, what, ns);
}

void requests_add_part(struct requests *r, uint64_t sequence, const struct anatomy_key *key, uint64_t ns)
{
	struct anatomy_share share = { r, sequence, key };

	if (key->role != ROLE_SERVER && key->role != ROLE_CLIENT)
		return;
	if (key->what == what(PART_SHARED, 0))
		share_out(r, key->cgroup, ns, add_share, &share);
	else
		add_part(r, sequence, key, key->what, ns);
}

/* Parts of one worst case; what is shared out may be of any number of culprits, of which the largest few are kept. */
#define PARTS_KEPT 32

struct worst {
	uint64_t cgroup;
	uint32_t role; /* ROLE_NONE: a wait */
	bool estimated, parts_estimated;
	uint64_t ns, ended;
	char address[ADDRESS_LENGTH]; /* of the peer; empty if it is not known */
	uint16_t port;
	size_t parts;
	struct worst_part part[PARTS_KEPT];
};

/* Equal ones are added up. Where there is no room, the smallest goes, as what is not known. */
static void add_worst_part(void *context, uint64_t what, uint64_t ns)
{
	struct worst *w = context;
	size_t smallest = 1;

	if (!ns)
		return;
	for (size_t i = 0; i < w->parts; i++) {
		if (w->part[i].what == what) {
			w->part[i].ns += ns;
			return;
		}
	}
	if (w->parts < PARTS_KEPT) {
		w->part[w->parts++] = (struct worst_part){ what, ns };
		return;
	}
	/* The first place is then that of the unknown. */
	if (w->part[0].what != what(PART_UNATTRIBUTED, 0)) {
		for (size_t i = 2; i < PARTS_KEPT; i++)
			if (w->part[i].ns < w->part[smallest].ns)
				smallest = i;
		uint64_t lost = w->part[smallest].ns;

		w->part[smallest] = w->part[0];
		w->part[0] = (struct worst_part){ what(PART_UNATTRIBUTED, 0), lost };
	}
	for (size_t i = 1; i < PARTS_KEPT; i++)
		if (w->part[i].ns < w->part[smallest].ns)
			smallest = i;
	if (ns > w->part[smallest].ns) {
		w->part[0].ns += w->part[smallest].ns;
		w->part[smallest] = (struct worst_part){ what, ns };
	} else {
		w->part[0].ns += ns;
	}
}

/* A new worst case with nothing in it. NULL without memory. */
static struct worst *new_worst(struct requests *r)
{
	struct worst *w;

	if (r->worst_used == r->worst_room) {
		size_t room = r->worst_room ? 2 * r->worst_room : 64;
		struct worst *more = realloc(r->worst, room * sizeof(*more));

		if (!more)
			return NULL;
		r->worst = more;
		r->worst_room = room;
	}
	w = &r->worst[r->worst_used++];
	memset(w, 0, sizeof(*w));
	return w;
}

void requests_add_slowest(struct requests *r, const struct slowest_key *key, const struct slowest *request)
{
	struct worst *w = key->role == ROLE_SERVER || key->role == ROLE_CLIENT ? new_worst(r) : NULL;

	if (!w)
		return;
	w->cgroup = key->cgroup;
	w->role = key->role;
	w->estimated = request->estimated;
	w->parts_estimated = request->parts_estimated;
	w->ns = request->ns;
	w->ended = request->ended;
	w->port = ntohs(request->port);
	address_name(w->address, request->family, request->address);
	for (size_t i = 0; i < SLOWEST_PARTS; i++) {
		const struct worst_part *part = &request->part[i];

		if (part->ns && part->what == what(PART_SHARED, 0))
			share_out(r, key->cgroup, part->ns, add_worst_part, w);
		else
			add_worst_part(w, part->what, part->ns);
	}
}

void requests_add_longest(struct requests *r, uint64_t cgroup, const struct long_wait *wait)
{
	struct worst *w = new_worst(r);

	if (!w)
		return;
	w->cgroup = cgroup;
	w->ns = wait->ns;
	w->ended = wait->ended;
	for (size_t i = 0; i < wait->parts && i < LONG_WAIT_PARTS; i++)
		add_worst_part(w, wait->part[i].what, wait->part[i].ns);
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
		[PART_RETRANSMISSION] = "retransmission",
	};
	uint32_t kind = what_kind(what);

	if (kind >= PART_QUEUE)
		fprintf(out, "\"part\":\"queue\",\"kind\":\"%s\"", kind_name(kind - PART_QUEUE));
	else if (kind >= PART_UPSTREAM)
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

static void print_worst(const struct requests *r, FILE *out)
{
	fputs(",\"worst\":[", out);
	for (size_t i = 0; i < r->worst_used; i++) {
		const struct worst *w = &r->worst[i];

		fprintf(out, "%s{\"of\":\"%s\",\"cgroup\":\"%" PRIu64 "\",", i ? "," : "", w->role ? "request" : "wait",
			w->cgroup);
		if (w->role)
			fprintf(out, "\"role\":\"%s\",\"estimated\":%s,\"partsEstimated\":%s,", role_names[w->role],
				w->estimated ? "true" : "false", w->parts_estimated ? "true" : "false");
		fprintf(out, "\"durationNs\":\"%" PRIu64 "\",\"endMonotonicNs\":\"%" PRIu64 "\",", w->ns, w->ended);
		if (w->address[0])
			fprintf(out, "\"peer\":{\"address\":\"%s\",\"port\":%u},", w->address, w->port);
		fputs("\"parts\":[", out);
		for (size_t j = 0; j < w->parts; j++) {
			fputs(j ? ",{" : "{", out);
			print_part(w->part[j].what, out);
			fprintf(out, ",\"ns\":\"%llu\"}", w->part[j].ns);
		}
		fputs("]}", out);
	}
	fputc(']', out);
}

void requests_print(struct requests *r, FILE *out)
{
	print_durations(&r->durations, out);
	print_anatomy(&r->anatomy, out);
	print_worst(r, out);
	r->worst_used = 0;
	sums_forget(&r->runnable, always, NULL);
}
