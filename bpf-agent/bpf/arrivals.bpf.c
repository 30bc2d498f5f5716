// SPDX-License-Identifier: Apache-2.0
/*
 * Whose packets a CPU's receive side takes up, while more come than it can take. Hook glue: whose a packet is, net_owner.h knows. The
 * sensor attaches these programs when the kernel's books show such a time, and takes them away after it: else no packet meets them.
 *
 * Looked at is one in `arrivals_every`, at random distances with that mean, and counts for all of them: what a flood costs here does
 * not grow with it. A packet is what the kernel queues as one: parts of a stream that it has put together are one.
 */
#include "net_owner.h"
#include "results.h"
#include "timed.h"

enum meeting {
	ARRIVING,
	LOOPED,
};

static __always_inline bool passed_over(struct cpu *c, enum meeting meeting, __u32 every)
{
	__u32 *left = &c->arrivals_passed[meeting];

	if (*left) {
		--*left;
		return true;
	}
	if (every > 1)
		*left = bpf_get_prandom_u32() % (2 * every - 1);
	return false;
}

/* The headers of a packet that arrives begin where its data does; its sender's socket is still known, but not over a loopback. */
static __always_inline void packet_arrives(struct cpu *c, struct sk_buff *skb, __u32 every)
{
	struct arrival_key key = { .cpu = bpf_get_smp_processor_id(), .slot = arrivals_slot };
	__u64 now, packet, request;
	struct sock *sk = skb->sk;
	struct packet p;

	if (!every || passed_over(c, ARRIVING, every))
		return;
	now = bpf_ktime_get_ns();
	packet = number_of(&c->packets[3], skb);
	read_packet_at(skb, skb->data - skb->head, &p);
	if (sk)
		key.owner = owner_of_socket(sk);
	if (!key.owner)
		key.owner = owner_of_stray(skb, packet, &p, now, &request);
	else if (p.flow)
		learn_flow(p.flow, key.owner, now);
	if (!sum_add(sum_at(&arrivals, &key), (__u64)skb->len * every, every))
		count_lost(LOST_NET, every);
}

/* The receive side takes a packet up: from the backlog of this CPU, or from a device. */
SEC("tp_btf/netif_receive_skb")
int BPF_PROG(on_packet_arrives, struct sk_buff *skb)
{
	struct cpu *c = this_cpu();

	if (c && c->arrivals_watched)
		TIMED(c, PROGRAM_PACKET_ARRIVAL, packet_arrives(c, skb, arrivals_every));
	return 0;
}

static __always_inline void packet_looped(struct cpu *c, struct sk_buff *skb, __u32 every)
{
	struct sock *sk = skb->sk;
	struct packet p;
	__u64 owner;

	if (!every || !sk || passed_over(c, LOOPED, every))
		return;
	owner = owner_of_socket(sk);
	read_packet(skb, &p);
	if (owner && p.flow)
		learn_flow(p.flow, owner, bpf_ktime_get_ns());
}

/* A loopback takes a packet's socket away: its flow is remembered, for when it arrives. */
SEC("tp_btf/net_dev_start_xmit")
int BPF_PROG(on_packet_looped, struct sk_buff *skb, struct net_device *dev)
{
	struct cpu *c;

	if (!(dev->flags & IFF_LOOPBACK))
		return 0;
	c = this_cpu();
	if (c)
		TIMED(c, PROGRAM_PACKET_ARRIVAL, packet_looped(c, skb, arrivals_every));
	return 0;
}
