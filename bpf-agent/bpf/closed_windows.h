/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Windows that close: whoever says so has no room for more bytes, and the other end has to wait. Told from segments that say
 * zero. While a window is closed no byte is taken, so all that say so acknowledge the same byte, and count once.
 */
#pragma once

#include "connections.h"
#include "peers.h"

/* The other end of a socket, as the hooks of packets see it. */
static __always_inline void peer_of_socket(struct peer_key *key, const struct bpf_sock *sk)
{
	__u32 address;

	if (sk->family == AF_INET) {
		address = sk->dst_ip4;
		/* Else clang makes one load of either word of both families, which the verifier does not let pass. */
		barrier_var(address);
		peer_address4(key, address);
		return;
	}
	key->address[0] = sk->dst_ip6[0];
	key->address[1] = sk->dst_ip6[1];
	key->address[2] = sk->dst_ip6[2];
	key->address[3] = sk->dst_ip6[3];
}

static __noinline int window_closed(struct bpf_sock *sk, __u32 acknowledged, enum direction direction)
{
	struct connection *connection = bpf_sk_storage_get(&connections, sk, 0, 0);
	struct peer_counts *sums;
	struct peer_key key = {};
	struct health *health;

	if (!connection || !connection->exchange.role)
		return 0;
	health = &connection->health;
	if (direction == TRANSMIT) {
		if (health->knows_closed_out && health->closed_out == acknowledged)
			return 0;
		health->knows_closed_out = true;
		health->closed_out = acknowledged;
	} else {
		if (health->knows_closed_in && health->closed_in == acknowledged)
			return 0;
		health->knows_closed_in = true;
		health->closed_in = acknowledged;
	}
	key.cgroup = connection->cgroup ? connection->cgroup : 1;
	key.role = connection->exchange.role;
	if (key.role == ROLE_CLIENT)
		key.port = __builtin_bswap16(sk->dst_port);
	peer_of_socket(&key, sk);
	sums = peer_counts(&key, true);
	if (sums)
		__sync_fetch_and_add(&sums->zero_windows[direction & (DIRECTIONS - 1)], 1);
	return 0;
}
