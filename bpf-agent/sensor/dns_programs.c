// SPDX-License-Identifier: Apache-2.0
#include "dns_programs.h"

#include <time.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include "programs.skel.h"

/* Entries of dns_open that were removed here; and those that went by themselves, as far as is known. */
static uint64_t removed, evicted;

static void read_results(const struct bpf_map *map, uint32_t epoch, const struct programs_reader *reader,
			 struct map_use *use)
{
	int fd = bpf_map__fd(map);
	struct dns_sums_key key, next;
	struct dns_sums sums;
	bool more = !bpf_map_get_next_key(fd, NULL, &next);

	while (more) {
		key = next;
		more = !bpf_map_get_next_key(fd, &key, &next);
		if (key.epoch != epoch || bpf_map_lookup_elem(fd, &key, &sums))
			continue;
		bpf_map_delete_elem(fd, &key);
		use->used++;
		reader->dns(reader->context, &key, &sums);
	}
}

/* The last that was sent of a query. */
static uint64_t newest(const struct dns_query *query)
{
	uint64_t time = 0;

	for (int i = 0; i < DNS_SERVERS; i++)
		if (query->to[i].sent > time)
			time = query->to[i].sent;
	return time;
}

static void time_out(const struct programs_reader *reader, const struct dns_key *key, const struct dns_query *query,
		     uint64_t since)
{
	const struct dns_sums sums = { .failures[DNS_TIMEOUT] = 1 };

	for (int i = 0; i < DNS_SERVERS; i++) {
		struct dns_sums_key to = { .cgroup = query->cgroup, .server = query->to[i].server, .tcp = key->tcp };

		if (query->to[i].sent > since)
			reader->dns(reader->context, &to, &sums);
	}
}

/*
 * Those that are open for too long have failed; while nobody looked, they may have been answered. Whoever answers one just now finds
 * it, or finds it gone: it is counted once either way, as the kernel counts a late answer as none.
 */
static void read_open(struct programs_bpf *s, const struct programs_reader *reader, struct map_use *use)
{
	uint64_t opened = s->bss->dns_opened, gone, looked = 0;
	int fd = bpf_map__fd(s->maps.dns_open);
	struct dns_key key, next;
	struct dns_query query;
	struct timespec time;
	uint64_t now;
	bool more;

	*use = (struct map_use){ "dnsOpen", 0, bpf_map__max_entries(s->maps.dns_open) };
	clock_gettime(CLOCK_MONOTONIC, &time);
	now = time.tv_sec * 1000000000ull + time.tv_nsec;
	more = !bpf_map_get_next_key(fd, NULL, &next);
	/* An entry that goes while we look sends us back to the beginning. */
	while (more && looked++ < 4 * DNS_OPEN) {
		key = next;
		more = !bpf_map_get_next_key(fd, &key, &next);
		if (bpf_map_lookup_elem(fd, &key, &query))
			continue;
		if (now < newest(&query) + DNS_TIMEOUT_NS) {
			use->used++;
			continue;
		}
		if (bpf_map_delete_elem(fd, &key))
			continue;
		removed++;
		if (!(s->bss->shed & shed_bit(SHED_ALL_BUT_WAITS)))
			time_out(reader, &key, &query, s->bss->requests_since);
	}
	gone = s->bss->dns_closed + removed + use->used;
	if (opened > gone + evicted)
		evicted = opened - gone;
}

void dns_programs_read(struct programs_bpf *s, uint32_t epoch, const struct programs_reader *reader,
		       struct map_use use[DNS_MAPS])
{
	use[1] = (struct map_use){ "dns", 0,
				   bpf_map__max_entries(s->maps.dns_results) + bpf_map__max_entries(s->maps.dns_folded) };
	read_open(s, reader, &use[0]);
	read_results(s->maps.dns_results, epoch, reader, &use[1]);
	read_results(s->maps.dns_folded, epoch, reader, &use[1]);
}

uint64_t dns_programs_evicted(void)
{
	return evicted;
}
