// SPDX-License-Identifier: Apache-2.0
#include "peers.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include "address.h"

/* An exponential histogram: of a peer mostly a few buckets, in ascending order. */
struct durations {
	uint64_t ns, count;
	size_t used;
	struct bucket {
		uint32_t bucket;
		uint64_t count;
	} *buckets;
};

#define HISTOGRAMS (PEER_REQUEST - PEER_RTT + 1)

/* Of each cgroup in each role one row has no address: its other peers. */
struct peer {
	struct peer_key key; /* cgroup, address, port, role; what is PEER_COUNTS or PEER_LISTENER */
	uint64_t touched; /* sequence number of the frame that last added to it */
	bool connected; /* a connection has stood with it */
	uint64_t segments[DIRECTIONS], retransmits[RETRANSMITS], resets[DIRECTIONS], zero_windows[DIRECTIONS];
	uint64_t failures[CONNECT_FAILURES], overflows;
	struct durations durations[HISTOGRAMS];
};

static bool has_address(const struct peer_key *key)
{
	return key->address[0] || key->address[1] || key->address[2] || key->address[3];
}

static uint64_t hash_of(const struct peer_key *key)
{
	uint64_t words[sizeof(*key) / 8], hash = 0;

	memcpy(words, key, sizeof(words));
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		hash = (hash ^ words[i]) * 0x9e3779b97f4a7c15ull;
		hash ^= hash >> 29;
	}
	return hash;
}

/* Where the index has the key, or has room for it. NULL only without memory. */
static struct sum_row *index_of(struct peers *p, const struct peer_key *key)
{
	uint64_t hash = hash_of(key);

	for (uint64_t probe = 0;; probe++) {
		struct sum_row *entry = sums_at(&p->index, hash, probe, 0);

		if (!entry || !entry->count || !memcmp(&p->rows[entry->count - 1]->key, key, sizeof(*key)))
			return entry;
	}
}

/* Notes where a row is, and that it takes room if it has a name. False without memory. */
static bool enter(struct peers *p, size_t place)
{
	const struct peer_key *key = &p->rows[place]->key;
	struct sum_row *entry = index_of(p, key);
	struct sum_row *named = sums_at(&p->named_of, key->cgroup, key->role, 0);

	if (!entry || !named)
		return false;
	entry->count = place + 1;
	named->count += has_address(key);
	named->ns += has_address(key) && !p->rows[place]->connected;
	p->named += has_address(key);
	return true;
}

static struct peer *append(struct peers *p, const struct peer_key *key, bool connected)
{
	struct peer *row;

	if (p->used == p->room) {
		size_t room = p->room ? 2 * p->room : 64;
		struct peer **rows = realloc(p->rows, room * sizeof(*rows));

		if (!rows)
			return NULL;
		p->rows = rows;
		p->room = room;
	}
	row = calloc(1, sizeof(*row));
	if (!row)
		return NULL;
	row->key = *key;
	row->connected = connected;
	p->rows[p->used] = row;
	if (!enter(p, p->used)) {
		free(row);
		return NULL;
	}
	p->used++;
	return row;
}

static bool has_room(const struct peers *p, const struct sum_row *named, bool connected)
{
	return p->named < PEERS_KEPT && named->count < PEERS_KEPT_OF_CGROUP && (connected || named->ns < PEERS_KEPT_TRIED);
}

/* The row of a key, or of the others where there is no room for one more. NULL only without memory. */
static struct peer *row_of(struct peers *p, const struct peer_key *key, bool connected)
{
	const struct sum_row *entry = index_of(p, key);
	struct sum_row *named = sums_at(&p->named_of, key->cgroup, key->role, 0);
	struct peer_key other = *key;
	struct peer *row;

	if (!entry || !named)
		return NULL;
	if (entry->count) {
		row = p->rows[entry->count - 1];
		if (connected && !row->connected) {
			named->ns -= has_address(key);
			row->connected = true;
		}
		return row;
	}
	if (!has_address(key) || has_room(p, named, connected))
		return append(p, key, connected);
	memset(other.address, 0, sizeof(other.address));
	other.port = 0;
	return row_of(p, &other, connected);
}

static void add_counts(struct peer *row, const struct peer_counts *counts)
{
	for (int i = 0; i < DIRECTIONS; i++) {
		row->segments[i] += counts->segments[i];
		row->resets[i] += counts->resets[i];
		row->zero_windows[i] += counts->zero_windows[i];
	}
	for (int i = 0; i < RETRANSMITS; i++)
		row->retransmits[i] += counts->retransmits[i];
	for (int i = 0; i < CONNECT_FAILURES; i++)
		row->failures[i] += counts->failures[i];
	row->overflows += counts->overflows;
}

/* False without memory. */
static bool add_bucket(struct durations *d, uint32_t bucket, uint64_t count)
{
	struct bucket *buckets;
	size_t i = 0;

	while (i < d->used && d->buckets[i].bucket < bucket)
		i++;
	if (i == d->used || d->buckets[i].bucket != bucket) {
		buckets = realloc(d->buckets, (d->used + 1) * sizeof(*buckets));
		if (!buckets)
			return false;
		memmove(&buckets[i + 1], &buckets[i], (d->used - i) * sizeof(*buckets));
		buckets[i] = (struct bucket){ bucket, 0 };
		d->buckets = buckets;
		d->used++;
	}
	d->buckets[i].count += count;
	d->count += count;
	return true;
}

void peers_add(struct peers *p, uint64_t sequence, const struct peer_key *key, const struct peer_sums *sums)
{
	bool is_listener = key->what == PEER_LISTENER;
	struct peer_key of_row = *key;
	struct peer *row;

	if (!is_listener && (key->what > PEER_REQUEST || (key->role != ROLE_SERVER && key->role != ROLE_CLIENT)))
		return;
	of_row.what = is_listener ? PEER_LISTENER : PEER_COUNTS;
	of_row.bucket = of_row.epoch = of_row.unused = 0;
	/* Of what is no count there is only something where a connection stood. */
	row = row_of(p, &of_row, key->what != of_row.what || sums->counts.segments[RECEIVE]);
	if (!row)
		return;
	row->touched = sequence;
	if (key->what == of_row.what) {
		add_counts(row, &sums->counts);
		return;
	}
	row->durations[key->what - PEER_RTT].ns += sums->durations.ns;
	for (int i = 0; i < OCTAVE_BUCKETS; i++)
		if (sums->durations.count[i])
			add_bucket(&row->durations[key->what - PEER_RTT], key->bucket + i, sums->durations.count[i]);
}

static void free_row(struct peer *row)
{
	for (int i = 0; i < HISTOGRAMS; i++)
		free(row->durations[i].buckets);
	free(row);
}

static bool always(const struct sum_row *row, void *context)
{
	(void)row;
	(void)context;
	return true;
}

void peers_forget(struct peers *p, uint64_t sequence, bool (*gone)(uint64_t cgroup, uint64_t touched, void *context),
		  void *context)
{
	size_t kept = 0;

	for (size_t i = 0; i < p->used; i++) {
		struct peer *row = p->rows[i];

		if (row->touched + PEERS_REST < sequence || gone(row->key.cgroup, row->touched, context))
			free_row(row);
		else
			p->rows[kept++] = row;
	}
	if (kept == p->used)
		return;
	/* The index speaks of places. */
	p->used = kept;
	p->named = 0;
	sums_forget(&p->index, always, NULL);
	sums_forget(&p->named_of, always, NULL);
	for (size_t i = 0; i < kept; i++)
		enter(p, i);
}

void peers_cgroups(const struct peers *p, void (*each)(uint64_t cgroup, void *context), void *context)
{
	for (size_t i = 0; i < p->used; i++)
		each(p->rows[i]->key.cgroup, context);
}

static void print_durations(const char *name, const struct durations *d, FILE *out)
{
	const char *comma = "";
	uint64_t zeros = 0;

	if (!d->count)
		return;
	for (size_t i = 0; i < d->used; i++)
		if (d->buckets[i].bucket == WAIT_ZERO)
			zeros = d->buckets[i].count;
	fprintf(out,
		",\"%s\":{\"sumNs\":\"%" PRIu64 "\",\"count\":\"%" PRIu64 "\",\"zeroCount\":\"%" PRIu64 "\",\"buckets\":[", name,
		d->ns, d->count, zeros);
	for (size_t i = 0; i < d->used; i++) {
		if (d->buckets[i].bucket == WAIT_ZERO)
			continue;
		fprintf(out, "%s[%" PRId64 ",\"%" PRIu64 "\"]", comma, (int64_t)d->buckets[i].bucket + BUCKET_FIRST,
			d->buckets[i].count);
		comma = ",";
	}
	fputs("]}", out);
}

/* A member that is an object of counts; nothing if all are zero. */
static void print_counts(const char *name, const uint64_t *counts, const char *const *names, int n, FILE *out)
{
	const char *comma = "";
	uint64_t any = 0;

	for (int i = 0; i < n; i++)
		any |= counts[i];
	if (!any)
		return;
	fprintf(out, ",\"%s\":{", name);
	for (int i = 0; i < n; i++) {
		if (!counts[i])
			continue;
		fprintf(out, "%s\"%s\":\"%" PRIu64 "\"", comma, names[i], counts[i]);
		comma = ",";
	}
	fputc('}', out);
}

static void print_peer(const struct peer *row, FILE *out)
{
	static const char *const directions[] = { [TRANSMIT] = "transmit", [RECEIVE] = "receive" };
	static const char *const causes[] = {
		[RETRANSMIT_TIMEOUT] = "timeout",
		[RETRANSMIT_FAST] = "fast",
		[RETRANSMIT_PROBE] = "probe",
		[RETRANSMIT_SYN] = "syn",
	};
	static const char *const failures[] = {
		[CONNECT_REFUSED] = "refused",
		[CONNECT_TIMEOUT] = "timeout",
		[CONNECT_UNREACHABLE] = "unreachable",
		[CONNECT_OTHER] = "other",
	};
	char address[ADDRESS_LENGTH];

	fprintf(out, "{\"cgroup\":\"%" PRIu64 "\",\"role\":\"%s\"", (uint64_t)row->key.cgroup,
		row->key.role == ROLE_SERVER ? "server" : "client");
	if (has_address(&row->key)) {
		address_name(address, AF_INET6, row->key.address);
		fprintf(out, ",\"address\":\"%s\"", address);
		if (row->key.role == ROLE_CLIENT)
			fprintf(out, ",\"port\":%u", row->key.port);
	}
	print_durations("rtt", &row->durations[PEER_RTT - PEER_RTT], out);
	print_durations("connect", &row->durations[PEER_CONNECT - PEER_RTT], out);
	print_durations("requests", &row->durations[PEER_REQUEST - PEER_RTT], out);
	print_counts("connectFailures", row->failures, failures, CONNECT_FAILURES, out);
	print_counts("segments", row->segments, directions, DIRECTIONS, out);
	print_counts("retransmits", row->retransmits, causes, RETRANSMITS, out);
	print_counts("resets", row->resets, directions, DIRECTIONS, out);
	print_counts("zeroWindows", row->zero_windows, directions, DIRECTIONS, out);
	fputc('}', out);
}

void peers_print(const struct peers *p, FILE *out)
{
	const char *comma = "";

	fputs(",\"peers\":[", out);
	for (size_t i = 0; i < p->used; i++) {
		if (p->rows[i]->key.what == PEER_LISTENER)
			continue;
		fputs(comma, out);
		print_peer(p->rows[i], out);
		comma = ",";
	}
	fputs("],\"listeners\":[", out);
	comma = "";
	for (size_t i = 0; i < p->used; i++) {
		const struct peer *row = p->rows[i];

		if (row->key.what != PEER_LISTENER)
			continue;
		fprintf(out, "%s{\"cgroup\":\"%" PRIu64 "\",\"port\":%u,\"overflows\":\"%" PRIu64 "\"}", comma,
			(uint64_t)row->key.cgroup, row->key.port, row->overflows);
		comma = ",";
	}
	fputc(']', out);
}
