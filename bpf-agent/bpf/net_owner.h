/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whose a packet is. Its socket says so, where it has one: on its way through the host's own and a pod's own devices. Beyond
 * the pod's device (a bridge, routing, translation of addresses, a tunnel) it has none; what was noted of it there tells, if it is the
 * same packet still: same memory, and same bytes of the same stream. If neither does, its flow tells, if it is known.
 */
#pragma once

#include "connections.h"
#include "net_memory.h"
#include "packets.h"

#define TCP_TIME_WAIT_STATE 6
#define TCP_NEW_SYN_RECV_STATE 12

/* By the cgroup of who made the socket: 0 before 5.15. */
static __always_inline __u64 owner_by_cgroup(struct sock *sk)
{
	__u64 id = 0;

	if (bpf_core_field_exists(struct sock_cgroup_data, cgroup))
		id = BPF_CORE_READ(sk, sk_cgrp_data.cgroup, kn, id);
	return !id ? 0 : unified ? id : OWNER_SOCKET(id);
}

/* What is remembered of the connection that a socket is an end of; NULL: nothing, or it is no such socket. */
static __always_inline struct connection *connection_of_socket(struct sock *sk)
{
	__u8 state = sk->__sk_common.skc_state;

	if (sk->sk_protocol != IPPROTO_TCP || state == TCP_TIME_WAIT_STATE || state == TCP_NEW_SYN_RECV_STATE)
		return NULL;
	return bpf_sk_storage_get(&connections, sk, 0, 0);
}

/* Of a socket that is an end of this connection, or of none: as the programs that time requests say it; else by who made the socket. */
static __always_inline __u64 owner_of_end(struct sock *sk, const struct connection *connection)
{
	__u8 state = sk->__sk_common.skc_state;

	if (connection && connection->cgroup)
		return connection->cgroup;
	if (state == TCP_TIME_WAIT_STATE)
		return 0;
	if (state == TCP_NEW_SYN_RECV_STATE)
		return owner_by_cgroup(sk->__sk_common.skc_listener);
	return owner_by_cgroup(sk);
}

/* 0 if it is not known. */
static __always_inline __u64 owner_of_socket(struct sock *sk)
{
	return owner_of_end(sk, connection_of_socket(sk));
}

static __always_inline __u64 tag_check(const struct tag *tag)
{
	return mix(mix(mix(mix(mix(tag->packet, tag->invariant), tag->flow), tag->owner), tag->request), tag->time);
}

/* The open request that a packet of this connection is of, if its container waits for the answer; else 0. */
static __always_inline __u64 request_of_end(const struct connection *connection)
{
	if (!connection || connection->exchange.role != ROLE_CLIENT || !connection->exchange.open || is_shed(SHED_ANATOMY))
		return 0;
	return connection->socket;
}

static __always_inline struct tag *tag_of(__u64 packet)
{
	__u32 at = (packet * 0x9e3779b97f4a7c15ull >> 40) & (TAGS - 1);

	return bpf_map_lookup_elem(&tags, &at);
}

/* Notes whose a packet is, and of which request. */
static __always_inline void tag_packet(__u64 packet, const struct packet *p, __u64 owner, __u64 request, __u64 now)
{
	struct tag *tag = tag_of(packet);

	if (!tag || !p->invariant)
		return;
	tag->packet = packet;
	tag->invariant = p->invariant;
	tag->flow = p->flow;
	tag->owner = owner;
	tag->request = request;
	tag->time = now;
	tag->check = tag_check(tag);
}

/* Whose it is by what was noted, if that was about this very packet, and just now; else 0. Leaves of which request it is. */
static __always_inline __u64 owner_by_tag(__u64 packet, const struct packet *p, __u64 now, __u64 *request)
{
	const struct tag *tag = tag_of(packet);
	struct tag found;

	if (!tag || tag->packet != packet || tag->invariant != p->invariant)
		return 0;
	found = *tag;
	if (found.packet != packet || found.invariant != p->invariant || now - found.time > TAG_NS ||
	    found.check != tag_check(&found))
		return 0;
	*request = found.request;
	return found.owner;
}

static __always_inline __u64 flow_check(__u64 flow, __u64 owner, __u64 time)
{
	return mix(mix(flow, owner), time);
}

static __always_inline struct flow *flow_at(__u64 flow)
{
	__u32 at = flow >> 20 & (FLOWS - 1);

	return bpf_map_lookup_elem(&flows, &at);
}

/* Remembers whose a flow is. Where several say so of the same one, as in networks with the same addresses, it is nobody's. */
static __always_inline void learn_flow(__u64 flow, __u64 owner, __u64 now)
{
	struct flow *known = flow_at(flow);

	if (!known)
		return;
	if (known->flow == flow && known->owner == owner && now - known->time < FLOW_NS / 8)
		return;
	if (known->flow == flow && known->owner != owner && now - known->time < FLOW_NS)
		owner = 0;
	known->flow = flow;
	known->owner = owner;
	known->time = now;
	known->newest = 0;
	known->queued = 0;
	known->check = flow_check(flow, owner, now);
}

static __always_inline __u64 owner_by_flow(__u64 flow, __u64 now)
{
	const struct flow *known = flow_at(flow);
	struct flow found;

	if (!known || known->flow != flow)
		return 0;
	found = *known;
	if (found.flow != flow || now - found.time > FLOW_NS || found.check != flow_check(flow, found.owner, found.time))
		return 0;
	return found.owner;
}

/* The flow's packet that came to a queue before this one, which is the newest now; 0 if that is not known. */
static __always_inline __u64 flow_before(__u64 flow, __u64 packet)
{
	struct flow *known = flow_at(flow);
	__u64 before;

	if (!known || known->flow != flow)
		return 0;
	before = known->newest;
	known->newest = packet;
	return before;
}

/* Of a packet without a socket; never 0. Leaves of which request it is, if that is known. */
static __always_inline __u64 owner_of_stray(struct sk_buff *skb, __u64 packet, const struct packet *p, __u64 now,
					    __u64 *request)
{
	__u64 owner = 0;

	if (p->invariant)
		owner = owner_by_tag(packet, p, now, request);
	if (!owner && p->flow)
		owner = owner_by_flow(p->flow, now);
	if (owner)
		return owner;
	return skb->protocol == bpf_htons(ETH_P_ARP) ? OWNER_KERNEL : OWNER_UNKNOWN;
}
