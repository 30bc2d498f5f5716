/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes of packets by whose socket they are for or from, headers of IP included. Of a connection of TCP they are counted in its own
 * memory, and added up when it ends, when another uses it, and once an interval: a packet costs two additions. Of other sockets each
 * packet is looked up.
 */
#pragma once

#include "connections.h"
#include "net_memory.h"
#include "results.h"

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
	struct io *io = &connection->io;
	__u64 received, received_in, sent, sent_in;

	if (!io->of[NET_RECEIVE].packets && !io->of[NET_TRANSMIT].packets)
		return 0;
	bpf_spin_lock(&connection->lock);
	received = io->of[NET_RECEIVE].bytes;
	received_in = io->of[NET_RECEIVE].packets;
	sent = io->of[NET_TRANSMIT].bytes;
	sent_in = io->of[NET_TRANSMIT].packets;
	/* Packets come meanwhile. */
	__sync_fetch_and_add(&io->of[NET_RECEIVE].bytes, -received);
	__sync_fetch_and_add(&io->of[NET_RECEIVE].packets, -received_in);
	__sync_fetch_and_add(&io->of[NET_TRANSMIT].bytes, -sent);
	__sync_fetch_and_add(&io->of[NET_TRANSMIT].packets, -sent_in);
	bpf_spin_unlock(&connection->lock);
	if (received)
		io_add(owner, NET_RECEIVE, received, received_in);
	if (sent)
		io_add(owner, NET_TRANSMIT, sent, sent_in);
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

/* A packet of a socket that has no connection, or whose connection has another owner than before. */
static __noinline int count_bytes_of(struct __sk_buff *skb, struct connection *connection, __u32 direction)
{
	__u64 owner = io_owner(skb, connection);

	if (connection && !connection->over) {
		io_fold(connection, connection->io.owner);
		connection->io.user = connection->cgroup;
		connection->io.owner = owner;
	}
	io_add(owner, direction, skb->len, 1);
	return 0;
}

static __always_inline void count_bytes(struct __sk_buff *skb, struct connection *connection, enum net_direction direction)
{
	struct io *io = &connection->io;

	if (unlikely(!io->owner || io->user != connection->cgroup)) {
		count_bytes_of(skb, connection, direction);
		return;
	}
	__sync_fetch_and_add(&io->of[direction].bytes, skb->len);
	__sync_fetch_and_add(&io->of[direction].packets, 1);
}
