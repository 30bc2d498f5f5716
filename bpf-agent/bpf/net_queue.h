/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who stands in the queue of a device, how long, and whose packets left meanwhile. Pure arithmetic; knows no kernel structure and
 * no clock: it is told of events, and holds for any order in which a queue lets its packets go.
 *
 * Each stretch of time between two departures from a queue is charged to one of the two, once for each packet that stood there
 * meanwhile. To the one at its end where a packet waits until there is room for itself (tbf: then the time before it is as long as
 * it is); to the one at its beginning everywhere else, where a packet goes when there is any room and those after it wait until
 * the device is done with it (htb, fq, and hardware). To nobody but those who stand there, each for itself, where the queue keeps every
 * flow to a pace of its own (fq) or delays each packet (netem), from when it was asked for a packet and let none go: the device was idle. Kept by owner, not by packet: what an owner's n packets have stood for is the integral of
 * n over time, so a departure costs a step for each owner that has packets there, however many they are. The wait of
 * a packet is measured apart from that, from its own two times; of an owner that has no packets left, both are compared.
 *
 * All of it happens under a lock that the caller has. Events that CPUs tell in another order than they happened in count as
 * simultaneous.
 */
#pragma once

#define QUEUE_OWNERS 32 /* owners that have packets in a queue at once; packets of more are not followed, and counted as that */

/* What an owner has in a queue. */
struct standing {
	__u64 owner; /* 0 marks a free place */
	__u64 packets;
	__u64 since; /* up to when the integral goes */
	__u64 integral; /* of packets over time, since the last departure */
	__u64 entered; /* sum of the times at which its packets came */
	__u64 waited; /* of its packets that left, since it has this place */
	__u64 charged; /* of integrals, likewise */
};

struct net_queue {
	struct bpf_spin_lock lock;
	__u32 used; /* places that may be taken */
	__u64 name[2]; /* of the device, as the kernel has it */
	__u64 qdisc; /* the kernel's pointer to its discipline */
	__u64 prepaid; /* by that, the time before a departure is the departing one's; else the time after it */
	__u64 departed; /* owner of what departed last; what(KIND_HELD, 0) if the queue has let nothing go since */
	__u64 now; /* of the newest event */
	__u64 packets; /* of all owners */
	__u32 generation; /* goes up when packets are forgotten */
	__u32 paced; /* it holds packets back though the device is idle */
	__u64 compared, unequal, difference_ns; /* waited and charged, whenever somebody's last packet was gone */
	struct standing standing[QUEUE_OWNERS];
};

/* What somebody's packets are charged for at a departure. */
struct charge {
	__u64 owner;
	__u64 ns;
};

static __always_inline __u64 queue_time(struct net_queue *queue, __u64 now)
{
	if (now > queue->now)
		queue->now = now;
	return queue->now;
}

static __always_inline void standing_until(struct standing *standing, __u64 now)
{
	standing->integral += standing->packets * (now - standing->since);
	standing->since = now;
}

/*
 * How far charges and waits of an owner are apart: 0 at any time, with packets that still stand there or without.
 */
static __always_inline __u64 standing_difference(const struct standing *standing)
{
	return standing->charged + standing->integral + standing->entered - standing->waited -
	       standing->packets * standing->since;
}

/* The owner's place is free again: no packet is left, and all is charged. */
static __always_inline void standing_settle(struct net_queue *queue, struct standing *standing)
{
	__u64 difference = standing_difference(standing);

	queue->compared++;
	if (difference) {
		queue->unequal++;
		queue->difference_ns += difference >> 63 ? -difference : difference;
	}
	standing->owner = 0;
	standing->waited = standing->charged = standing->entered = 0;
}

/* A packet comes. Returns its owner's place, QUEUE_OWNERS if there is none for it, and leaves the time at which it came. */
static __always_inline __u32 queue_enter(struct net_queue *queue, __u64 owner, __u64 now, __u64 *entered)
{
	__u32 place = QUEUE_OWNERS;
	struct standing *standing;

	for (__u32 i = 0; i < QUEUE_OWNERS; i++) {
		__u64 other = i < queue->used ? queue->standing[i].owner : 0;

		if (other == owner) {
			place = i;
			break;
		}
		if (!other && place == QUEUE_OWNERS)
			place = i;
		if (i >= queue->used)
			break;
	}
	if (place >= QUEUE_OWNERS)
		return QUEUE_OWNERS;
	if (place >= queue->used)
		queue->used = place + 1;
	standing = &queue->standing[place];
	*entered = queue_time(queue, now);
	if (!standing->owner) {
		standing->owner = owner;
		standing->since = *entered;
	}
	standing_until(standing, *entered);
	standing->packets++;
	standing->entered += *entered;
	queue->packets++;
	return place;
}

/*
 * A packet departs, whether it is one of those that are followed or not: everybody's time since the last one is charged. Leaves what for, by
 * place; returns how many places that are, of which some may have nothing.
 */
static __always_inline __u32 queue_depart(struct net_queue *queue, __u64 now, struct charge charges[QUEUE_OWNERS])
{
	__u32 places = queue->used, used = 0;

	now = queue_time(queue, now);
	for (__u32 i = 0; i < QUEUE_OWNERS; i++) {
		struct standing *standing = &queue->standing[i];

		if (i >= places)
			break;
		standing_until(standing, now);
		charges[i].owner = standing->owner;
		charges[i].ns = standing->integral;
		standing->charged += standing->integral;
		standing->integral = 0;
		if (!standing->packets && standing->owner)
			standing_settle(queue, standing);
		if (standing->owner)
			used = i + 1;
	}
	queue->used = used;
	return places;
}

/*
 * Whose the time before a departure is, of a packet of that owner; or before a queue that is paced lets none go, then of
 * what(KIND_HELD, 0).
 */
static __always_inline __u64 queue_culprit(struct net_queue *queue, __u64 owner)
{
	__u64 before = queue->departed;

	queue->departed = owner;
	return queue->prepaid || !before ? owner : before;
}

/* A packet that is followed is gone, as it departed (after queue_depart()) or was dropped. Returns how long it stood there. */
static __always_inline __u64 queue_leave(struct net_queue *queue, __u32 place, __u64 entered, __u64 now)
{
	struct standing *standing = &queue->standing[place & (QUEUE_OWNERS - 1)];
	__u64 ns;

	now = queue_time(queue, now);
	ns = now - entered;
	standing_until(standing, now);
	standing->packets--;
	standing->entered -= entered;
	standing->waited += ns;
	queue->packets--;
	if (!standing->packets && !standing->integral)
		standing_settle(queue, standing);
	return ns;
}

/*
 * A packet that was not let in: as if it had never come. Returns how long it stood there all the same, which is nothing unless
 * others departed in that moment and have paid for it.
 */
static __always_inline __u64 queue_refuse(struct net_queue *queue, __u32 place, __u64 entered, __u64 now)
{
	struct standing *standing = &queue->standing[place & (QUEUE_OWNERS - 1)];

	now = queue_time(queue, now);
	standing_until(standing, now);
	if (standing->integral < now - entered)
		return queue_leave(queue, place, entered, now);
	standing->integral -= now - entered;
	standing->packets--;
	standing->entered -= entered;
	queue->packets--;
	if (!standing->packets && !standing->integral)
		standing_settle(queue, standing);
	return 0;
}

/* A packet that has been on its way from an empty queue to the device for this long is not on its way. */
#define QUEUE_LOST_NS 100000000ull

/*
 * The queue is known to be empty. Packets that are said to stand there all the same, and on average for that long, have departed
 * unseen: they are forgotten, or else would be charged for to whoever departs from now on. Returns how many.
 */
static __always_inline __u64 queue_forget(struct net_queue *queue, __u64 now)
{
	__u64 forgotten = queue->packets, entered = 0;

	now = queue_time(queue, now);
	for (__u32 i = 0; i < QUEUE_OWNERS; i++)
		entered += queue->standing[i].entered;
	if (!forgotten || forgotten * now - entered < forgotten * QUEUE_LOST_NS)
		return 0;
	for (__u32 i = 0; i < QUEUE_OWNERS; i++) {
		struct standing *standing = &queue->standing[i];

		standing->owner = standing->packets = standing->integral = 0;
		standing->entered = standing->waited = standing->charged = 0;
	}
	queue->packets = 0;
	queue->used = 0;
	queue->generation++;
	return forgotten;
}
