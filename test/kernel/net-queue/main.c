// SPDX-License-Identifier: Apache-2.0
/*
 * bpf/net_queue.h over queues made at random, held against an oracle that knows every packet and adds up every stretch of time
 * for each of them. Queues keep any order, drop, refuse, hold packets back while their device is idle, and tell of events late.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/bpf.h>
#include "net_queue.h"
#include "what.h"

#define OWNERS 6
#define PACKETS 64
#define HELD what(KIND_HELD, 0)

struct packet {
	bool stands;
	__u64 owner, entered, came;
	__u32 place;
};

struct oracle {
	struct packet packet[PACKETS];
	__u64 last, before; /* time and owner of the last departure */
	__u64 now;
	__u64 charged[OWNERS + 1][OWNERS + 1], waited[OWNERS + 1];
};

static __u64 seed;

/* What the programs do with charges. */
static void book(__u64 charged[OWNERS + 1][OWNERS + 1], const struct charge *charges, __u32 count, __u64 culprit)
{
	for (__u32 i = 0; i < count; i++)
		if (charges[i].ns)
			charged[charges[i].owner][what_for(culprit, charges[i].owner)] += charges[i].ns;
}

static __u64 any(__u64 n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed % n;
}

static int wrong(const char *what, __u64 is, __u64 should)
{
	printf("%s: %llu, should be %llu\n", what, is, should);
	return 1;
}

/* Everything since the last departure, packet by packet. */
static void oracle_charge(struct oracle *o, __u64 culprit, __u64 gone[OWNERS + 1])
{
	for (int i = 0; i < PACKETS; i++) {
		struct packet *p = &o->packet[i];
		__u64 from = p->came > o->last ? p->came : o->last;

		if (p->stands)
			o->charged[p->owner][culprit == HELD ? p->owner : culprit] += o->now - from;
	}
	/* And those that were dropped meanwhile. */
	for (int v = 1; v <= OWNERS; v++) {
		o->charged[v][culprit == HELD ? (__u64)v : culprit] += gone[v];
		gone[v] = 0;
	}
	o->last = o->now;
}

static int compare(const __u64 charged[OWNERS + 1][OWNERS + 1], const __u64 waited[OWNERS + 1], const struct oracle *o)
{
	for (int v = 1; v <= OWNERS; v++) {
		if (waited[v] != o->waited[v])
			return wrong("waited", waited[v], o->waited[v]);
		for (int c = 1; c <= OWNERS; c++)
			if (charged[v][c] != o->charged[v][c])
				return wrong("charged", charged[v][c], o->charged[v][c]);
	}
	return 0;
}

static int round_of(__u64 number)
{
	static struct net_queue queue;
	static struct oracle o;
	__u64 charged[OWNERS + 1][OWNERS + 1] = {}, waited[OWNERS + 1] = {}, gone[OWNERS + 1] = {};

	seed = number * 0x9e3779b97f4a7c15ull + 1;
	memset(&queue, 0, sizeof(queue));
	memset(&o, 0, sizeof(o));
	queue.prepaid = any(2);
	o.now = 1000;
	for (int step = 0; step < 400; step++) {
		struct charge charges[QUEUE_OWNERS];
		struct packet *p = &o.packet[any(PACKETS)];
		__u64 told;

		o.now += any(4) ? any(50) : 0;
		if (!queue.prepaid && !any(7)) {
			/* Asked for a packet, it lets none go: what stands there stands for itself until the next one departs. */
			__u32 count = queue_depart(&queue, o.now, charges);

			book(charged, charges, count, queue_culprit(&queue, HELD));
			o.now = queue.now;
			oracle_charge(&o, o.before ? o.before : HELD, gone);
			o.before = HELD;
			continue;
		}
		/* Late: as if it were now. */
		told = any(8) ? o.now : o.now - any(20);
		if (!p->stands) {
			p->owner = 1 + any(OWNERS);
			p->place = queue_enter(&queue, p->owner, told, &p->entered);
			if (p->place >= QUEUE_OWNERS)
				return wrong("place", p->place, 0);
			p->came = queue.now;
			o.now = queue.now;
			p->stands = true;
			if (p->entered != p->came)
				return wrong("entered", p->entered, p->came);
			if (!any(6)) {
				/* Not let in, a moment later: nothing of it remains. */
				__u64 ns;

				o.now += any(5);
				ns = queue_refuse(&queue, p->place, p->entered, o.now);
				if (ns)
					return wrong("refused", ns, 0);
				p->stands = false;
			}
			continue;
		}
		if (!any(5)) {
			waited[p->owner] += queue_leave(&queue, p->place, p->entered, told);
			o.now = queue.now;
			o.waited[p->owner] += o.now - p->came;
			gone[p->owner] += o.now - (p->came > o.last ? p->came : o.last);
			p->stands = false;
			continue;
		}
		if (!any(9)) {
			/* Let in for a moment in which another departed, and refused after it: that moment is its wait. */
			__u64 owner = 1 + any(OWNERS), culprit;
			__u32 count = queue_depart(&queue, told, charges);
			__u64 ns;

			culprit = queue_culprit(&queue, owner);
			book(charged, charges, count, culprit);
			o.now = queue.now;
			oracle_charge(&o, queue.prepaid || !o.before ? owner : o.before, gone);
			o.before = owner;
			if (o.now == p->came)
				continue;
			ns = queue_refuse(&queue, p->place, p->entered, o.now);
			if (ns != o.now - p->came)
				return wrong("paid for", ns, o.now - p->came);
			waited[p->owner] += ns;
			o.waited[p->owner] += ns;
			p->stands = false;
			continue;
		}
		{
			__u32 count = queue_depart(&queue, told, charges);
			__u64 culprit = queue_culprit(&queue, p->owner);

			book(charged, charges, count, culprit);
			waited[p->owner] += queue_leave(&queue, p->place, p->entered, told);
		}
		o.now = queue.now;
		oracle_charge(&o, queue.prepaid || !o.before ? p->owner : o.before, gone);
		o.before = p->owner;
		o.waited[p->owner] += o.now - p->came;
		p->stands = false;
		for (int i = 0; i < QUEUE_OWNERS; i++)
			if (queue.standing[i].owner && standing_difference(&queue.standing[i]))
				return wrong("difference", standing_difference(&queue.standing[i]), 0);
	}
	if (queue.unequal)
		return wrong("unequal", queue.unequal, 0);
	return compare(charged, waited, &o);
}

/* Packets that departed unseen from a queue that is empty now: nobody is charged for them once that is noticed, and not before it is sure. */
static int forgets(void)
{
	static struct net_queue queue;
	struct charge charges[QUEUE_OWNERS];
	__u64 entered, now = 1000, charged = 0;
	__u32 place, count;

	queue_enter(&queue, 1, now, &entered);
	queue_enter(&queue, 2, now, &entered);
	now += QUEUE_LOST_NS - 1;
	if (queue_forget(&queue, now))
		return wrong("forgotten too early", 1, 0);
	now++;
	if (queue_forget(&queue, now) != 2)
		return wrong("not forgotten", queue.packets, 0);
	if (queue.generation != 1)
		return wrong("generation", queue.generation, 1);
	place = queue_enter(&queue, 3, now, &entered);
	now += 7;
	count = queue_depart(&queue, now, charges);
	for (__u32 i = 0; i < count; i++)
		charged += charges[i].ns;
	if (queue_leave(&queue, place, entered, now) != 7 || charged != 7)
		return wrong("charged", charged, 7);
	if (queue.packets || queue.unequal)
		return wrong("left", queue.packets, 0);
	return 0;
}

int main(int argc, char **argv)
{
	long rounds = argc > 1 ? atol(argv[1]) : 3000;

	if (forgets())
		return 1;
	for (long i = 0; i < rounds; i++)
		if (round_of(i)) {
			printf("in round %ld\n", i);
			return 1;
		}
	printf("%ld rounds\n", rounds);
	return 0;
}
