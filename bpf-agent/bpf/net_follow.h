/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Following packets through queues: the glue between maps, the lock of a queue, and net_queue.h. A packet is what its sender gave
 * to the device: one that the kernel divides, in the queue or after it, stands there until its last piece is gone.
 */
#pragma once

#include "kernel.h"
#include "net_memory.h"
#include "packets.h"
#include "results.h"

/* The bucket of a duration; a function of its own, which the verifier of 6.1 follows only so. */
int packet_bucket(__u64 ns);

static __always_inline __u64 net_epoch(void)
{
	return epoch & 1;
}

static __always_inline void book_packets(void *map, const struct net_queue_key *key, __u64 ns)
{
	if (!sum_add(sum_at(map, key), ns, 1))
		count_lost(LOST_NET, 1);
}

/* How long a packet stood. */
static __always_inline void book_packet(const struct net_queue *queue, __u64 owner, __u64 ns)
{
	struct net_queue_key key = { .victim = owner, .device = { queue->name[0], queue->name[1] }, .epoch = net_epoch() };

	key.what = what(KIND_WAIT, packet_bucket(ns) & 0xffff);
	book_packets(&net_waits, &key, ns);
}

/* Whose packet left while others stood. What finds no room is told as "other". */
static __always_inline void book_charge(const struct net_queue *queue, const struct charge *charge, __u64 culprit)
{
	struct net_queue_key key = { .victim = charge->owner, .device = { queue->name[0], queue->name[1] },
				     .epoch = net_epoch() };

	key.what = culprit;
	if (sum_add(sum_at(&net_blame, &key), charge->ns, 1))
		return;
	key.what = what(KIND_OTHER, 0);
	book_packets(&net_waits, &key, charge->ns);
}

static __always_inline void forget_last_piece(const struct followed *f)
{
	struct last_piece piece = { .queue = f->queue, .flow = f->flow, .end = f->end };

	if (f->first != f->end)
		bpf_map_delete_elem(&last_pieces, &piece);
}

/* The packet is not followed any more. */
static __always_inline void unfollow(__u64 packet, const struct followed *f)
{
	if (bpf_map_delete_elem(&followed, &packet))
		return;
	__sync_fetch_and_add(&followed_packets, -1);
	if (f->request)
		__sync_fetch_and_add(&requests_in_queues, -1);
	forget_last_piece(f);
}

/* A packet leaves its queue without having departed. If it was `refused`, it has not stood there. */
static __always_inline void packet_removed(__u64 packet, const struct followed *f, bool refused)
{
	struct net_queue *queue = bpf_map_lookup_elem(&net_queues, &f->queue);
	__u64 now = bpf_ktime_get_ns();
	__u64 ns = 0;

	unfollow(packet, f);
	if (!queue)
		return;
	bpf_spin_lock(&queue->lock);
	if (f->generation == queue->generation)
		ns = refused ? queue_refuse(queue, f->place, f->entered, now) : queue_leave(queue, f->place, f->entered, now);
	bpf_spin_unlock(&queue->lock);
	if (ns)
		book_packet(queue, f->owner, ns);
}
