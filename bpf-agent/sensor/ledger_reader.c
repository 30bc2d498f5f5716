// SPDX-License-Identifier: Apache-2.0
/* What the programs tell, added to the rows that it is of. */
#include "ledger_parts.h"

/* Of the cgroup at the top of every hierarchy, which is the machine itself. */
#define ROOT_ID 1

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
	ledger_touch(l, row, ns, count);
	ledger_touch(l, life, 0, 1);
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
		ledger_touch(l, row, ns, count);
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
		ledger_touch(l, row, ns, count);
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

static void arrival(void *context, uint64_t code, uint64_t packets, uint64_t bytes)
{
	struct ledger *l = context;

	packets_add_arrival(&l->packets, l->sequence, owner(l, code), packets, bytes);
}

static void pressure(void *context, uint64_t pressed_ns, uint64_t watched_ns, bool watching)
{
	struct ledger *l = context;

	l->packets.pressed_ns = pressed_ns;
	l->packets.watched_ns = watched_ns;
	l->packets.watching = watching;
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
		.arrival = arrival,
		.pressure = pressure,
		.packet_balance = packet_balance,
		.open_wait = open_wait,
		.running = running,
		.cgroup_came = cgroup_came,
		.cgroup_went = cgroup_went,
	};
}
