// SPDX-License-Identifier: Apache-2.0
#include "dns_programs.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include "clock.h"
#include "programs.skel.h"
#include "walk.h"

/* Entries of dns_open that were removed here; and those that went by themselves, as far as is known. */
static uint64_t removed, evicted;

static struct map_use read_results(const struct bpf_map *map, uint32_t epoch, const struct programs_reader *reader)
{
	struct dns_sums_key key;
	struct dns_sums sums;
	struct walk walk = walk_over(map, &key);

	while (walk_on(&walk))
		if (key.epoch == epoch && walk_take(&walk, &sums))
			reader->dns(reader->context, &key, &sums);
	return walk_use(&walk, "dns");
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
static struct map_use read_open(struct programs_bpf *s, const struct programs_reader *reader)
{
	struct map_use use = { "dnsOpen", 0, bpf_map__max_entries(s->maps.dns_open) };
	uint64_t opened = s->bss->dns_opened, now = clock_ns(CLOCK_MONOTONIC), gone;
	struct dns_query query;
	struct dns_key key;
	struct walk walk = walk_over(s->maps.dns_open, &key);

	while (walk_on(&walk)) {
		if (!walk_look(&walk, &query))
			continue;
		if (now < newest(&query) + DNS_TIMEOUT_NS) {
			use.used++;
			continue;
		}
		if (!walk_remove(&walk))
			continue;
		removed++;
		if (!(s->bss->shed & shed_bit(SHED_ALL_BUT_WAITS)))
			time_out(reader, &key, &query, s->bss->requests_since);
	}
	gone = s->bss->dns_closed + removed + use.used;
	if (opened > gone + evicted)
		evicted = opened - gone;
	return use;
}

void dns_programs_read(struct programs_bpf *s, uint32_t epoch, const struct programs_reader *reader,
		       struct map_use use[DNS_MAPS])
{
	struct map_use folded;

	use[0] = read_open(s, reader);
	use[1] = read_results(s->maps.dns_results, epoch, reader);
	folded = read_results(s->maps.dns_folded, epoch, reader);
	use[1].used += folded.used;
	use[1].capacity += folded.capacity;
}

uint64_t dns_programs_evicted(void)
{
	return evicted;
}
