/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes of packets by whose socket they are for or from, headers of IP included. Of a connection of TCP they are counted in its own
 * memory, and added up when it ends, when another uses it, once an interval, and long before the counter is full: a packet costs one
 * addition. Of other sockets each packet is looked up.
 */
#pragma once

#include "connections.h"
#include "net_memory.h"
#include "results.h"

/* A counter: packets are in these, bytes below. A packet has fewer than 2^20 bytes, so those of IO_FULL fit four times. */
#define IO_PACKET (1ull << 42)
#define IO_FULL (IO_PACKET << 20)

static __noinline int io_add(__u64 owner, __u32 direction, __u64 bytes, __u64 packets)
{
	struct net_io_key key = { .owner = owner, .direction = direction, .epoch = epoch & 1 };

	if (!sum_add(sum_at(&net_io, &key), bytes, packets))
		count_lost(LOST_NET, packets);
	return 0;
}

/* As owner_of_socket(), from where the cgroup hooks are. */
static __always_inline __u64 io_owner(struct __sk_buff *skb, const struct connection *connection)
{
	if (unified)
		return bpf_skb_cgroup_id(skb);
	return connection && connection->cgroup ? connection->cgroup : OWNER_SOCKET(bpf_skb_cgroup_id(skb));
}

/* Adds up what has been counted on an owner's connection, and not yet. Each byte once, whoever comes. */
static __noinline int io_fold(struct connection *connection, __u64 owner)
{
	__u64 *counted = connection->io.counted;
	__u64 received, sent;

	if (!counted[NET_RECEIVE] && !counted[NET_TRANSMIT])
		return 0;
	bpf_spin_lock(&connection->lock);
	received = counted[NET_RECEIVE];
	sent = counted[NET_TRANSMIT];
	/* Packets come meanwhile. */
	__sync_fetch_and_add(&counted[NET_RECEIVE], -received);
	__sync_fetch_and_add(&counted[NET_TRANSMIT], -sent);
	bpf_spin_unlock(&connection->lock);
	if (received)
		io_add(owner, NET_RECEIVE, received % IO_PACKET, received / IO_PACKET);
	if (sent)
		io_add(owner, NET_TRANSMIT, sent % IO_PACKET, sent / IO_PACKET);
	return 0;
}

/* The connection has ended: what still comes is counted by itself. */
static __always_inline void io_ends(struct connection *connection)
{
	__u64 owner = connection->io.owner;

	connection->over = 1;
	connection->io.owner = 0;
	io_fold(connection, owner);
}

/* A thread of the cgroup uses the connection: what comes from now on is counted as its. */
static __noinline int io_turns(struct connection *connection, __u64 cgroup)
{
	__u64 owner = connection->io.owner;

	connection->io.owner = 0;
	connection->cgroup = cgroup;
	if (owner)
		io_fold(connection, owner);
	return 0;
}

/* A packet of a socket that has no connection, or whose connection has no owner yet. */
static __noinline int count_bytes_of(struct __sk_buff *skb, struct connection *connection, __u32 direction)
{
	__u64 owner = io_owner(skb, connection);

	if (connection && !connection->over)
		connection->io.owner = owner;
	io_add(owner, direction, skb->len, 1);
	return 0;
}

static __always_inline void count_bytes(struct __sk_buff *skb, struct connection *connection, enum net_direction direction)
{
	struct io *io = &connection->io;

	if (unlikely(!io->owner)) {
		count_bytes_of(skb, connection, direction);
		return;
	}
	/* Asked for before: nothing then waits for the addition. */
	if (unlikely(io->counted[direction] >= IO_FULL))
		io_fold(connection, io->owner);
	__sync_fetch_and_add(&io->counted[direction], IO_PACKET + skb->len);
}
