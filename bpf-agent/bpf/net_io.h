/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes of packets by whose socket they are for or from, headers of IP included. One look-up a packet, and nothing else. */
#pragma once

#include "connections.h"
#include "net_memory.h"
#include "results.h"

/* As owner_of_socket(), from where the cgroup hooks are. */
static __always_inline __u64 io_owner(struct __sk_buff *skb, struct bpf_sock *sk)
{
	const struct connection *connection;

	if (unified)
		return bpf_skb_cgroup_id(skb);
	connection = sk ? bpf_sk_storage_get(&connections, sk, 0, 0) : NULL;
	return connection && connection->cgroup ? connection->cgroup : OWNER_SOCKET(bpf_skb_cgroup_id(skb));
}

static __always_inline void count_bytes(struct __sk_buff *skb, struct bpf_sock *sk, enum net_direction direction)
{
	struct net_io_key key = { .owner = io_owner(skb, sk), .direction = direction, .epoch = epoch & 1 };

	if (!sum_add(sum_at(&net_io, &key), skb->len, 1))
		count_lost(LOST_NET, 1);
}
