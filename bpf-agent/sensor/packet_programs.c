// SPDX-License-Identifier: Apache-2.0
#include "packet_programs.h"

#include <stdlib.h>
#include <string.h>
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include "clock.h"
#include "drop_reasons.h"
#include "programs.skel.h"
#include "walk.h"

#define REASON_PREFIX "SKB_DROP_REASON_"

/* A queue in which nothing happened for so long is forgotten: its device may be gone. */
#define QUEUE_FORGOTTEN_NS 60000000000ull

/* Arguments of a tracepoint; 0 if there is none of that name. */
static int arguments_of(const struct btf *kernel, const char *hook)
{
	int id = btf__find_by_name_kind(kernel, hook, BTF_KIND_TYPEDEF);
	const struct btf_type *type = id > 0 ? btf__type_by_id(kernel, id) : NULL;

	while (type && (btf_is_typedef(type) || btf_is_ptr(type)))
		type = btf__type_by_id(kernel, type->type);
	/* The first one is the tracepoint's own. */
	return type && btf_is_func_proto(type) && btf_vlen(type) ? btf_vlen(type) - 1 : 0;
}

static bool read_reasons(struct programs_bpf *s, struct packet_programs *p, const struct btf *kernel, bool refusals)
{
	int id = btf__find_by_name_kind(kernel, "skb_drop_reason", BTF_KIND_ENUM);
	const struct btf_type *type = id > 0 ? btf__type_by_id(kernel, id) : NULL;

	for (int i = 0; type && i < btf_vlen(type); i++) {
		uint32_t reason = btf_enum(type)[i].val;
		const char *name = btf__name_by_offset(kernel, btf_enum(type)[i].name_off);

		if (reason >= DROP_REASONS)
			continue;
		if (!strncmp(name, REASON_PREFIX, strlen(REASON_PREFIX)))
			name += strlen(REASON_PREFIX);
		snprintf(p->reasons[reason], DROP_REASON_LENGTH, "%s", name);
		s->rodata->drop_places[reason] = drop_place_of(name);
		if (!strcmp(name, "NETFILTER_DROP"))
			s->rodata->netfilter_drop = reason;
		else if (refusals && !strcmp(name, "SOCKET_RCVBUFF"))
			s->rodata->socket_full_drop = reason;
		else if (refusals && !strcmp(name, "PROTO_MEM"))
			s->rodata->memory_full_drop = reason;
	}
	return type;
}

bool packet_programs_choose(struct programs_bpf *s, struct packet_programs *p, const struct btf *kernel)
{
	int arguments = arguments_of(kernel, "btf_trace_kfree_skb");
	bool refusals = arguments == 3 && arguments_of(kernel, "btf_trace_udp_fail_queue_rcv_skb") >= 2;
	bool chosen = read_reasons(s, p, kernel, refusals) && arguments >= 3;

	bpf_program__set_autoload(s->progs.on_packet_queued, chosen);
	bpf_program__set_autoload(s->progs.on_packet_leaves, chosen);
	bpf_program__set_autoload(s->progs.on_packet_asked_for, chosen);
	bpf_program__set_autoload(s->progs.on_packet_arrives, chosen);
	bpf_program__set_autoload(s->progs.on_packet_looped, chosen);
	bpf_program__set_autoload(s->progs.on_packet_dropped, chosen && arguments == 3);
	bpf_program__set_autoload(s->progs.on_packet_dropped_by, chosen && arguments > 3);
	bpf_program__set_autoload(s->progs.on_socket_refuses, chosen && refusals);
	return chosen;
}

bool packet_programs_attach(struct programs_bpf *s)
{
	if (!bpf_program__autoload(s->progs.on_packet_queued))
		return true;
	/* Whoever enters a queue is seen to leave it. */
	s->links.on_packet_leaves = bpf_program__attach(s->progs.on_packet_leaves);
	s->links.on_packet_asked_for = bpf_program__attach(s->progs.on_packet_asked_for);
	if (bpf_program__autoload(s->progs.on_packet_dropped))
		s->links.on_packet_dropped = bpf_program__attach(s->progs.on_packet_dropped);
	else
		s->links.on_packet_dropped_by = bpf_program__attach(s->progs.on_packet_dropped_by);
	if (bpf_program__autoload(s->progs.on_socket_refuses))
		s->links.on_socket_refuses = bpf_program__attach(s->progs.on_socket_refuses);
	s->links.on_packet_queued = bpf_program__attach(s->progs.on_packet_queued);
	return !libbpf_get_error(s->links.on_packet_leaves) && !libbpf_get_error(s->links.on_packet_asked_for) &&
	       (s->links.on_packet_dropped ? !libbpf_get_error(s->links.on_packet_dropped) :
					     !libbpf_get_error(s->links.on_packet_dropped_by)) &&
	       (!bpf_program__autoload(s->progs.on_socket_refuses) || !libbpf_get_error(s->links.on_socket_refuses)) &&
	       !libbpf_get_error(s->links.on_packet_queued);
}

static struct map_use read_sums(const struct bpf_map *map, const char *name, uint32_t epoch,
			       const struct programs_reader *reader)
{
	struct net_queue_key key;
	struct sum sum;
	struct walk walk = walk_over(map, &key);

	while (walk_on(&walk)) {
		char device[sizeof(key.device) + 1] = "";

		if (key.epoch != epoch || !walk_take(&walk, &sum))
			continue;
		memcpy(device, key.device, sizeof(key.device));
		if (what_kind(key.what) == KIND_WAIT)
			reader->packet_wait(reader->context, key.victim, device, key.what & WHAT_ID, sum.ns, sum.count);
		else
			reader->packet_blame(reader->context, key.victim, device, key.what, sum.ns);
	}
	return walk_use(&walk, name);
}

static struct map_use read_bytes(const struct bpf_map *map, uint32_t epoch, const struct programs_reader *reader)
{
	struct net_io_key key;
	struct sum sum;
	struct walk walk = walk_over(map, &key);

	while (walk_on(&walk))
		if (key.epoch == epoch && walk_take(&walk, &sum))
			reader->packet_bytes(reader->context, key.owner, key.direction, sum.ns, sum.count);
	return walk_use(&walk, "netIo");
}

static struct map_use read_drops(const struct programs_bpf *s, const struct packet_programs *p, uint32_t epoch,
				const struct programs_reader *reader)
{
	struct net_drop_key key;
	uint64_t packets;
	struct walk walk = walk_over(s->maps.net_drops, &key);

	while (walk_on(&walk)) {
		enum drop_place place = DROP_OTHER;
		bool known;

		if (key.epoch != epoch || !walk_take(&walk, &packets))
			continue;
		known = key.reason < DROP_REASONS && p->reasons[key.reason][0];
		if (key.conntrack)
			place = DROP_CONNTRACK;
		else if (key.reason < DROP_REASONS)
			place = s->rodata->drop_places[key.reason];
		reader->packet_drop(reader->context, key.owner, known ? p->reasons[key.reason] : "SUBSYSTEM", place, packets);
	}
	return walk_use(&walk, "netDrops");
}

/* Compares, for everybody who has packets in a queue now and for those who had, what they waited with what was charged for it. */
static struct map_use read_queues(const struct programs_bpf *s, struct packet_programs *p,
				 const struct programs_reader *reader)
{
	uint64_t compared = 0, unequal = 0, difference_ns = 0;
	struct packet_balance standing = {}, gone = {};
	struct map_use use = { "netQueues", 0, bpf_map__max_entries(s->maps.net_queues) };
	uint64_t now = clock_ns(CLOCK_MONOTONIC);
	struct net_queue queue;
	struct net_queue_id id;
	struct walk walk = walk_over(s->maps.net_queues, &id);

	while (walk_on(&walk)) {
		if (bpf_map_lookup_elem_flags(walk.fd, &id, &queue, BPF_F_LOCK))
			continue;
		use.used++;
		for (int i = 0; i < QUEUE_OWNERS && (__u32)i < queue.used; i++) {
			uint64_t difference = standing_difference(&queue.standing[i]);

			if (!queue.standing[i].owner)
				continue;
			standing.compared++;
			standing.unequal += difference != 0;
			standing.difference_ns += difference >> 63 ? -difference : difference;
		}
		compared += queue.compared;
		unequal += queue.unequal;
		difference_ns += queue.difference_ns;
		if (!queue.packets && now > queue.now + QUEUE_FORGOTTEN_NS && walk_remove(&walk)) {
			gone.compared += queue.compared;
			gone.unequal += queue.unequal;
			gone.difference_ns += queue.difference_ns;
		}
	}
	reader->packet_balance(reader->context, compared - p->seen.compared + standing.compared,
			       unequal - p->seen.unequal + standing.unequal,
			       difference_ns - p->seen.difference_ns + standing.difference_ns);
	p->seen = (struct packet_balance){ compared - gone.compared, unequal - gone.unequal,
					   difference_ns - gone.difference_ns };
	return use;
}

void packet_programs_read(struct programs_bpf *s, struct packet_programs *p, uint32_t epoch,
			  const struct programs_reader *reader, struct map_use use[PACKET_MAPS])
{
	if (s->bss->watching)
		s->bss->watching--;
	use[0] = read_sums(s->maps.net_blame, "netBlame", epoch, reader);
	use[1] = read_sums(s->maps.net_waits, "netWaits", epoch, reader);
	use[2] = read_bytes(s->maps.net_io, epoch, reader);
	use[3] = read_drops(s, p, epoch, reader);
	use[4] = read_queues(s, p, reader);
	use[5] = (struct map_use){ "followed", s->bss->followed_packets, bpf_map__max_entries(s->maps.followed) };
}
