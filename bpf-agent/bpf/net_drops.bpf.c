// SPDX-License-Identifier: Apache-2.0
/*
 * Packets that the kernel frees without having done with them what it was asked to: those that stood in a queue do not any more,
 * and those that are a loss are counted, by the kernel's own reason. (Most are none: it frees acknowledgements that way.)
 */
#include "conntrack.h"
#include "net_follow.h"
#include "net_owner.h"
#include "timed.h"

/*
 * A piece of a packet that the queue divided is dropped: what is left of it ends before, or nothing is left. The kernel drops the
 * pieces that find no room from the last one on.
 */
static __always_inline __u64 piece_dropped(const struct packet *p, __u64 queueing)
{
	struct followed *whole = bpf_map_lookup_elem(&followed, &queueing);
	struct followed before;
	struct last_piece piece;

	if (!whole || whole->first == whole->end || whole->flow != p->flow || whole->end != p->end)
		return 0;
	before = *whole;
	if ((__s32)(p->first - before.first) <= 0) {
		packet_removed(queueing, &before, true);
		return before.owner;
	}
	forget_last_piece(&before);
	whole->end = p->first;
	piece = (struct last_piece){ .queue = before.queue, .flow = before.flow, .end = p->first };
	if (bpf_map_update_elem(&last_pieces, &piece, &queueing, BPF_ANY))
		count_lost(LOST_PACKETS, 1);
	return before.owner;
}

static __always_inline __u64 owner_of_dropped(struct sk_buff *skb, __u64 packet, struct sock *sk, __u64 queueing,
					      enum drop_place place)
{
	__u64 owner = 0, now = bpf_ktime_get_ns();
	struct packet p;
	__u64 request;

	if (sk)
		owner = owner_of_socket(sk);
	if (owner)
		return owner;
	if (!read_packet(skb, &p))
		return 0;
	if (place == DROP_QUEUE && followed_packets)
		owner = piece_dropped(&p, queueing);
	if (!owner)
		owner = owner_of_stray(skb, packet, &p, now, &request);
	return owner_is_somebody(owner) ? owner : 0;
}

static __always_inline void count_drop(const struct net_drop_key *key)
{
	__u64 one = 1, *count;

	if (!bpf_map_update_elem(&net_drops, key, &one, BPF_NOEXIST))
		return;
	count = bpf_map_lookup_elem(&net_drops, key);
	if (count)
		__sync_fetch_and_add(count, 1);
	else
		count_lost(LOST_NET, 1);
}

/* Whether a packet is dropped as its receiver has no room, and UDP is about to say who that is. Over IPv6 it does not. */
static __always_inline bool is_refused_by_udp(struct sk_buff *skb, __u32 reason)
{
	__u8 protocol = 0;

	if (!reason || (reason != socket_full_drop && reason != memory_full_drop) || skb->protocol != bpf_htons(ETH_P_IP))
		return false;
	bpf_probe_read_kernel(&protocol, sizeof(protocol), skb->head + skb->network_header + 9);
	return protocol == IPPROTO_UDP;
}

/*
 * While queues are shed, drops are not counted; but who stands in a queue since before is seen to leave it, as it is by
 * on_packet_leaves(). What came to a queue last is not noted then: whoever is dropped has stood there. tells: whether the hook knows the
 * receiving socket.
 */
static __always_inline void packet_dropped(struct cpu *c, struct sk_buff *skb, __u32 reason, struct sock *sk, bool tells)
{
	struct net_drop_key key = { .reason = reason, .epoch = net_epoch() };
	__u8 place = reason < DROP_REASONS ? drop_places[reason] : DROP_OTHER;
	__u64 packet = number_of(&c->packets[2], skb);
	bool counted = !is_shed(SHED_QUEUES);
	struct sock *sender = skb->sk;

	if (followed_packets) {
		const struct followed *f = bpf_map_lookup_elem(&followed, &packet);

		if (f) {
			struct followed gone = *f;

			key.owner = gone.owner;
			packet_removed(packet, &gone, counted && c->queueing == packet);
		}
	}
	if (place == DROP_NONE || !counted || (!tells && is_refused_by_udp(skb, reason)))
		return;
	if (reason == netfilter_drop)
		key.conntrack = dropped_by_conntrack(&c->packets[2], skb);
	if (!key.owner && sender)
		key.owner = owner_of_socket(sender);
	if (!key.owner)
		key.owner = owner_of_dropped(skb, packet, sk, c->queueing, place);
	count_drop(&key);
}

static __always_inline bool drops_matter(void)
{
	return !is_shed(SHED_QUEUES) || followed_packets;
}

/* Since 6.11 the hook tells the receiving socket, too. */
SEC("tp_btf/kfree_skb")
int BPF_PROG(on_packet_dropped_by, struct sk_buff *skb, void *location, unsigned int reason, struct sock *sk)
{
	struct cpu *c = this_cpu();

	if (c && drops_matter())
		TIMED(c, PROGRAM_PACKET_DROP, packet_dropped(c, skb, reason, sk, true));
	return 0;
}

SEC("tp_btf/kfree_skb")
int BPF_PROG(on_packet_dropped, struct sk_buff *skb, void *location, unsigned int reason)
{
	struct cpu *c = this_cpu();

	if (c && drops_matter())
		TIMED(c, PROGRAM_PACKET_DROP, packet_dropped(c, skb, reason, NULL, false));
	return 0;
}

static __always_inline void socket_refuses(int error, struct sock *sk)
{
	struct net_drop_key key = { .owner = owner_of_socket(sk), .epoch = net_epoch() };

	key.reason = error == -ENOMEM ? socket_full_drop : memory_full_drop;
	count_drop(&key);
}

/* A socket of UDP has no room for a packet. Before 6.11 nothing else says which one. */
SEC("tp_btf/udp_fail_queue_rcv_skb")
int BPF_PROG(on_socket_refuses, int error, struct sock *sk)
{
	struct cpu *c = this_cpu();

	if (c && !is_shed(SHED_QUEUES))
		TIMED(c, PROGRAM_PACKET_DROP, socket_refuses(error, sk));
	return 0;
}
