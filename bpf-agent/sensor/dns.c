// SPDX-License-Identifier: Apache-2.0
#include "dns.h"

#include <inttypes.h>
#include <arpa/inet.h>
#include <string.h>
#include "print.h"

/* The middle part of a key. */
#define SERIES(server, tcp) ((uint64_t)(server) << 1 | !!(tcp))

static const char *const error_names[] = {
	[DNS_TIMEOUT] = "timeout",
	[DNS_NAME_ERROR] = "name_error",
	[DNS_SERVER_FAILURE] = "server_failure",
	[DNS_REFUSED] = "refused",
	[DNS_OTHER] = "other",
};

static void touch(struct sum_row *row, uint64_t sequence, uint64_t ns, uint64_t count)
{
	if (!row)
		return;
	row->ns += ns;
	row->count += count;
	row->touched = sequence;
}

/* Whether a cgroup has rows of a server, or room for those of one more. */
static bool has_room(const struct dns *d, uint64_t cgroup, uint64_t server)
{
	bool known[DNS_SERVERS_IN_ALL] = {};
	size_t count = 0;

	for (size_t i = 0; i < d->durations.used; i++) {
		const struct sum_row *row = d->durations.rows[i];
		uint64_t other = row->b >> 1;

		if (row->a != cgroup || !other || known[other])
			continue;
		if (other == server)
			return true;
		known[other] = true;
		count++;
	}
	return count < DNS_SERVERS_OF_CGROUP;
}

/* The number of a cgroup's name server; 0 for those that there is no room for. */
static uint64_t number_of(struct dns *d, uint64_t cgroup, const struct dns_address *address)
{
	uint64_t number = 1;

	if (!d->servers)
		d->servers = 1;
	if (dns_same(address, &d->server[0]))
		return 0;
	while (number < d->servers && !dns_same(address, &d->server[number]))
		number++;
	if (number == DNS_SERVERS_IN_ALL || !has_room(d, cgroup, number))
		return 0;
	if (number == d->servers)
		d->server[d->servers++] = *address;
	return number;
}

void dns_add(struct dns *d, uint64_t sequence, const struct dns_sums_key *key, const struct dns_sums *sums)
{
	uint64_t series = SERIES(number_of(d, key->cgroup, &key->server), key->tcp);
	uint64_t ns = sums->ns;

	/* Also where there is nothing but failures: the row that a series begins with. */
	touch(sums_at(&d->durations, key->cgroup, series, WAIT_ZERO), sequence, 0, 0);
	for (int i = 0; i < DNS_OCTAVE; i++) {
		if (!sums->count[i])
			continue;
		/* The sum is one of all buckets, and told with the first. */
		touch(sums_at(&d->durations, key->cgroup, series, key->bucket + i), sequence, ns, sums->count[i]);
		ns = 0;
	}
	for (int i = 0; i < DNS_ERRORS; i++)
		if (sums->failures[i])
			touch(sums_at(&d->failures, key->cgroup, series, i), sequence, 0, sums->failures[i]);
}

void dns_forget(struct dns *d, bool (*gone)(const struct sum_row *row, void *context), void *context)
{
	sums_forget(&d->durations, gone, context);
	sums_forget(&d->failures, gone, context);
}

static void print_server(const struct dns_address *address, FILE *out)
{
	static const struct dns_address mapped = { { 0, 0, 0xffff0000 } }; /* in network byte order on a little endian machine */
	char text[INET6_ADDRSTRLEN];

	if (!memcmp(address, &mapped, 12))
		inet_ntop(AF_INET, &address->word[3], text, sizeof(text));
	else
		inet_ntop(AF_INET6, address, text, sizeof(text));
	fprintf(out, "\"server\":\"%s\",", text);
}

static void print_failures(struct dns *d, uint64_t cgroup, uint64_t series, FILE *out)
{
	const char *comma = "";

	fputs(",\"failures\":{", out);
	for (int i = 0; i < DNS_ERRORS; i++) {
		const struct sum_row *row = sums_at(&d->failures, cgroup, series, i);

		if (!row || !row->count)
			continue;
		fprintf(out, "%s\"%s\":\"%" PRIu64 "\"", comma, error_names[i], row->count);
		comma = ",";
	}
	fputc('}', out);
}

void dns_print(struct dns *d, FILE *out)
{
	sums_sort(&d->durations);
	fputs(",\"dns\":[", out);
	for (size_t i = 0; i < d->durations.used;) {
		const struct sum_row *row = d->durations.rows[i];

		fprintf(out, "%s{\"cgroup\":\"%" PRIu64 "\",", i ? "," : "", row->a);
		if (row->b >> 1)
			print_server(&d->server[row->b >> 1], out);
		fprintf(out, "\"transport\":\"%s\",", row->b & 1 ? "tcp" : "udp");
		i = print_histogram(&d->durations, i, BUCKET_IN_C, out);
		print_failures(d, row->a, row->b, out);
		fputc('}', out);
	}
	fputc(']', out);
}
