// SPDX-License-Identifier: Apache-2.0
/*
 * Packets as they come to the queue of a device and as the device gets them. Hook glue: the arithmetic is in net_queue.h, whose a
 * packet is in net_owner.h.
 *
 * A packet is followed where it can have to wait: at a queue that shapes, and at any other that is not empty. One that finds
 * an empty queue goes straight to the driver. What stands in the driver's own ring, and what the device does itself, is not
 * seen.
 */
#include "net_follow.h"
#include "net_owner.h"
#include "timed.h"

/* The queue that a packet is on its way to; NULL: the device has none. */
static __always_inline struct Qdisc *queue_of(struct net_device *dev, __u32 index)
{
	struct netdev_queue *queues = dev->_tx;
	struct Qdisc *qdisc = NULL;

	index *= bpf_core_type_size(struct netdev_queue);
	bpf_probe_read_kernel(&qdisc, sizeof(qdisc), (void *)queues + index + bpf_core_field_offset(struct netdev_queue, qdisc));
	return qdisc;
}

/* Whether a packet that comes now may have to wait. */
static __always_inline bool holds_up(struct Qdisc *qdisc)
{
	unsigned int flags = BPF_CORE_READ(qdisc, flags);
	unsigned long busy;

	if (!(flags & TCQ_F_CAN_BYPASS))
		return true;
	if (!(flags & TCQ_F_NOLOCK))
		return BPF_CORE_READ(qdisc, q.qlen);
	/* The length of such a queue is spread over the CPUs. It says whether there is something in it, since 5.14. */
	if (!bpf_core_enum_value_exists(enum qdisc_state_t, __QDISC_STATE_DRAINING))
		return true;
	busy = 1ul << bpf_core_enum_value(enum qdisc_state_t, __QDISC_STATE_MISSED) |
	       1ul << bpf_core_enum_value(enum qdisc_state_t, __QDISC_STATE_DRAINING);
	return BPF_CORE_READ(qdisc, state) & busy;
}

static __always_inline struct net_queue *meet_queue(struct net_queue_id *id, struct net_device *dev)
{
	struct net_queue *queue = bpf_map_lookup_elem(&net_queues, id);
	__u32 zero = 0;
	struct no_queue *none;

	if (queue)
		return queue;
	none = bpf_map_lookup_elem(&no_queue, &zero);
	if (!none)
		return NULL;
	bpf_map_update_elem(&net_queues, id, none, BPF_NOEXIST);
	queue = bpf_map_lookup_elem(&net_queues, id);
	if (queue)
		bpf_probe_read_kernel_str(queue->name, sizeof(queue->name), dev->name);
	return queue;
}

/* Remembers a packet that has entered. False if there is no room, or it cannot be told when it is gone. */
static __always_inline bool follow(__u64 packet, struct followed *f, const struct packet *p)
{
	struct last_piece piece = { .queue = f->queue, .flow = p->flow, .end = p->end };

	if (p->divisible) {
		f->flow = p->flow;
		f->first = p->first;
		f->end = p->end;
		if (f->first == f->end || bpf_map_update_elem(&last_pieces, &piece, &packet, BPF_ANY))
			return false;
	}
	if (!bpf_map_update_elem(&followed, &packet, f, BPF_NOEXIST)) {
		__sync_fetch_and_add(&followed_packets, 1);
		return true;
	}
	if (p->divisible)
		bpf_map_delete_elem(&last_pieces, &piece);
	return false;
}

static __always_inline void enter(struct sk_buff *skb, struct net_device *dev, __u64 packet, const struct packet *p,
				  __u64 owner)
{
	struct followed f = { .queue = { .device = (__u64)dev, .queue = skb->queue_mapping }, .owner = owner };
	struct net_queue *queue = meet_queue(&f.queue, dev);
	struct followed *stale = bpf_map_lookup_elem(&followed, &packet);
	__u64 now;

	/* Its memory was another packet's, of which we have not seen how it ended. */
	if (stale) {
		struct followed before = *stale;

		count_lost(LOST_PACKETS, 1);
		packet_removed(packet, &before, false);
	}
	if (!queue) {
		count_lost(LOST_PACKETS, 1);
		return;
	}
	now = bpf_ktime_get_ns();
	bpf_spin_lock(&queue->lock);
	f.place = queue_enter(queue, owner, now, &f.entered);
	bpf_spin_unlock(&queue->lock);
	if (f.place == QUEUE_OWNERS) {
		count_lost(LOST_PACKETS, 1);
		return;
	}
	if (follow(packet, &f, p))
		return;
	count_lost(LOST_PACKETS, 1);
	now = bpf_ktime_get_ns();
	bpf_spin_lock(&queue->lock);
	queue_refuse(queue, f.place, f.entered, now);
	bpf_spin_unlock(&queue->lock);
}

static __always_inline void packet_queued(struct cpu *c, struct sk_buff *skb)
{
	struct net_device *dev = skb->dev;
	struct Qdisc *qdisc = queue_of(dev, skb->queue_mapping);
	bool waits = BPF_CORE_READ(qdisc, enqueue) && holds_up(qdisc);
	struct sock *sk = skb->sk;
	__u64 owner = 0, packet, now;
	struct packet p;

	if ((!waits && !(sk && watching)) || dev->flags & IFF_LOOPBACK)
		return;
	now = bpf_ktime_get_ns();
	packet = number_of(&c->packets[0], skb);
	read_packet(skb, &p);
	if (sk)
		owner = owner_of_socket(sk);
	if (owner) {
		tag_packet(packet, &p, owner, now);
		learn_flow(p.flow, owner, now);
	} else {
		owner = owner_of_stray(skb, packet, &p, now);
	}
	if (!waits)
		return;
	if (watching != WATCHING)
		watching = WATCHING;
	c->queueing = packet;
	if (!owner_is_somebody(owner))
		return;
	/* As the flow is here, where its pieces will be: addresses may have been translated since its own device. */
	if (p.divisible)
		learn_flow(p.flow, owner, now);
	enter(skb, dev, packet, &p, owner);
}

/* A packet is on its way out: before it is in the queue, or straight to the device if that has none. */
SEC("tp_btf/net_dev_queue")
int BPF_PROG(on_packet_queued, struct sk_buff *skb)
{
	struct cpu *c = this_cpu();

	if (c && !is_shed(SHED_QUEUES))
		TIMED(c, PROGRAM_PACKET_QUEUE, packet_queued(c, skb));
	return 0;
}

/* A packet that is not followed by its memory: the last piece of one that is, or nobody that stood here. Leaves whose it is. */
static __always_inline bool find_piece(struct sk_buff *skb, const struct net_queue_id *id, __u64 *packet, struct followed *f,
				       __u64 *owner)
{
	struct last_piece piece = { .queue = *id };
	struct sock *sk = skb->sk;
	__u64 self = *packet;
	const struct followed *whole;
	const __u64 *found;
	struct packet p;

	read_packet(skb, &p);
	piece.flow = p.flow;
	piece.end = p.end;
	found = bpf_map_lookup_elem(&last_pieces, &piece);
	if (found) {
		*packet = *found;
		whole = bpf_map_lookup_elem(&followed, packet);
		if (whole) {
			*f = *whole;
			*owner = f->owner;
			return f->flow == p.flow && f->end == p.end;
		}
	}
	*owner = sk ? owner_of_socket(sk) : 0;
	if (!*owner)
		*owner = owner_of_stray(skb, self, &p, bpf_ktime_get_ns());
	return false;
}

__noinline int book_charges(__u32 count, __u64 culprit)
{
	const struct net_queue *queue;
	__u32 zero = 0;
	const struct charges *list = bpf_map_lookup_elem(&charges, &zero);

	queue = list ? bpf_map_lookup_elem(&net_queues, &list->queue) : NULL;
	if (!queue)
		return 0;
	for (__u32 i = 0; i < QUEUE_OWNERS && i < count; i++)
		if (list->charge[i].ns)
			book_charge(queue, &list->charge[i], culprit);
	return 0;
}

static __always_inline void packet_leaves(struct cpu *c, struct sk_buff *skb, struct net_device *dev)
{
	struct net_queue_id id = { .device = (__u64)dev, .queue = skb->queue_mapping };
	struct net_queue *queue = bpf_map_lookup_elem(&net_queues, &id);
	__u64 packet, owner, now, ns = 0;
	const struct followed *known;
	struct followed f = {};
	struct charges *list;
	__u32 zero = 0, count;
	bool whole;

	if (!queue || !queue->packets)
		return;
	list = bpf_map_lookup_elem(&charges, &zero);
	if (!list)
		return;
	packet = number_of(&c->packets[1], skb);
	known = bpf_map_lookup_elem(&followed, &packet);
	if (known) {
		f = *known;
		owner = f.owner;
		whole = f.queue.device == id.device && f.queue.queue == id.queue;
	} else {
		whole = find_piece(skb, &id, &packet, &f, &owner);
	}
	if (whole)
		unfollow(packet, &f);
	now = bpf_ktime_get_ns();
	bpf_spin_lock(&queue->lock);
	count = queue_depart(queue, now, list->charge);
	if (whole)
		ns = queue_leave(queue, f.place, f.entered, now);
	bpf_spin_unlock(&queue->lock);
	if (whole)
		book_packet(queue, f.owner, ns);
	if (!count)
		return;
	list->queue = id;
	book_charges(count, owner);
}

/* A device gets a packet. */
SEC("tp_btf/net_dev_start_xmit")
int BPF_PROG(on_packet_leaves, struct sk_buff *skb, struct net_device *dev)
{
	struct cpu *c;

	if (!followed_packets)
		return 0;
	c = this_cpu();
	if (c)
		TIMED(c, PROGRAM_PACKET_LEAVE, packet_leaves(c, skb, dev));
	return 0;
}
