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
#include "histogram.h"
#include "net_owner.h"
#include "net_route.h"
#include "timed.h"

#define OLDER_AT_ONCE 16

__noinline int packet_bucket(__u64 ns)
{
	return ns ? bucket_offset(ns) : WAIT_ZERO;
}

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

/*
 * Which of a device's queues a discipline is of: the first one if it has them all, as packets for all of them stand in it then,
 * whichever they are for.
 */
static __always_inline __u32 index_of(struct net_device *dev, struct Qdisc *qdisc)
{
	__u64 queue = (__u64)BPF_CORE_READ(qdisc, dev_queue) - (__u64)BPF_CORE_READ(dev, _tx);

	return queue / bpf_core_type_size(struct netdev_queue);
}

/* Notes whether it lets a packet go when there is room for all of it, and whether it holds packets for their own sake. */
static __always_inline void know_discipline(struct net_queue *queue, struct Qdisc *qdisc)
{
	char id[16] = "";

	bpf_probe_read_kernel_str(id, sizeof(id), (void *)BPF_CORE_READ(qdisc, ops) + bpf_core_field_offset(struct Qdisc_ops, id));
	queue->qdisc = (__u64)qdisc;
	queue->prepaid = id[0] == 't' && id[1] == 'b' && id[2] == 'f';
	queue->paced = (id[0] == 'f' && id[1] == 'q' && !id[2]) || (id[0] == 'n' && id[1] == 'e' && id[2] == 't');
	if (queue->paced)
		paced_queues = true;
}

/* The memory of a queue is there, and knows what discipline it has. */
static __always_inline void meet_queue(struct net_device *dev, struct Qdisc *qdisc, __u32 index)
{
	struct net_queue_id id = { .device = (__u64)dev, .queue = index };
	struct net_queue *queue = bpf_map_lookup_elem(&net_queues, &id);
	__u32 zero = 0;
	struct no_queue *none;

	if (queue && queue->qdisc == (__u64)qdisc)
		return;
	if (queue) {
		know_discipline(queue, qdisc);
		return;
	}
	none = bpf_map_lookup_elem(&no_queue, &zero);
	if (!none)
		return;
	bpf_map_update_elem(&net_queues, &id, none, BPF_NOEXIST);
	queue = bpf_map_lookup_elem(&net_queues, &id);
	if (!queue)
		return;
	bpf_probe_read_kernel_str(queue->name, sizeof(queue->name), dev->name);
	know_discipline(queue, qdisc);
}

/* Remembers a packet that has entered. False if there is no room, or it cannot be told when it is gone. */
static __always_inline bool follow(__u64 packet, const struct followed *f, bool divisible)
{
	struct last_piece piece = { .queue = f->queue, .flow = f->flow, .end = f->end };

	if (divisible && (f->first == f->end || bpf_map_update_elem(&last_pieces, &piece, &packet, BPF_ANY)))
		return false;
	if (!bpf_map_update_elem(&followed, &packet, f, BPF_NOEXIST)) {
		__sync_fetch_and_add(&followed_packets, 1);
		if (f->request)
			__sync_fetch_and_add(&requests_in_queues, 1);
		return true;
	}
	if (divisible)
		bpf_map_delete_elem(&last_pieces, &piece);
	return false;
}

/* The memory of the packet in `coming` was another packet's, of which we have not seen how it ended. */
__noinline int forget_stale(void)
{
	__u32 zero = 0;
	const struct coming *coming = bpf_map_lookup_elem(&comings, &zero);
	const struct followed *stale;
	struct followed before;
	__u64 packet;

	if (!coming)
		return 0;
	packet = coming->memory;
	stale = bpf_map_lookup_elem(&followed, &packet);
	if (!stale)
		return 0;
	before = *stale;
	count_lost(LOST_PACKETS, 1);
	packet_removed(packet, &before, false);
	return 0;
}

/*
 * The packet that this CPU has noted in `coming` enters its queue. Stacks add up over functions that call each other, and have no
 * room here for that of forget_stale(), too, before kernels that give programs stacks of their own.
 */
__noinline int enter(void)
{
	__u32 zero = 0;
	struct coming *coming = bpf_map_lookup_elem(&comings, &zero);
	struct net_queue *queue;
	__u64 packet, now, forgotten = 0;
	struct followed f;

	if (!coming)
		return 0;
	f = coming->packet;
	packet = coming->memory;
	queue = bpf_map_lookup_elem(&net_queues, &f.queue);
	if (!queue) {
		count_lost(LOST_PACKETS, 1);
		return 0;
	}
	now = bpf_ktime_get_ns();
	bpf_spin_lock(&queue->lock);
	if (coming->alone)
		forgotten = queue_forget(queue, now);
	f.generation = queue->generation;
	f.place = queue_enter(queue, f.owner, now, &f.entered);
	bpf_spin_unlock(&queue->lock);
	if (forgotten)
		count_lost(LOST_PACKETS, forgotten);
	if (f.place == QUEUE_OWNERS) {
		count_lost(LOST_PACKETS, 1);
		return 0;
	}
	f.before = flow_before(f.flow, packet);
	if (follow(packet, &f, coming->divisible))
		return 0;
	count_lost(LOST_PACKETS, 1);
	now = bpf_ktime_get_ns();
	bpf_spin_lock(&queue->lock);
	if (f.generation == queue->generation)
		queue_refuse(queue, f.place, f.entered, now);
	bpf_spin_unlock(&queue->lock);
	return 0;
}

/* Whether nothing stands in a queue, as far as that can be told. */
static __always_inline bool is_empty(struct Qdisc *qdisc)
{
	return !(BPF_CORE_READ(qdisc, flags) & TCQ_F_NOLOCK) && !BPF_CORE_READ(qdisc, q.qlen);
}

/* Notes a packet that enters a queue, for enter(): what is verified on its own is verified once. */
static __always_inline bool note_coming(struct sk_buff *skb, struct Qdisc *qdisc, __u32 index, __u64 packet,
				       const struct packet *p, __u64 owner, __u64 request)
{
	__u32 zero = 0;
	struct coming *coming = bpf_map_lookup_elem(&comings, &zero);

	if (!coming)
		return false;
	coming->memory = packet;
	coming->divisible = p->divisible;
	coming->alone = is_empty(qdisc);
	coming->packet.owner = owner;
	coming->packet.request = request;
	coming->packet.flow = p->flow;
	coming->packet.first = p->divisible ? p->first : 0;
	coming->packet.end = p->divisible ? p->end : 0;
	coming->packet.queue.device = (__u64)skb->dev;
	coming->packet.queue.queue = index;
	return true;
}

/* Whether a glance tells that a packet does not have to wait here, nor to be known further on: nearly always. */
static __always_inline bool passes(struct sk_buff *skb, struct net_device *dev)
{
	const struct Qdisc *qdisc;

	if (dev->flags & IFF_LOOPBACK)
		return true;
	if (skb->queue_mapping)
		return false;
	qdisc = dev->_tx->qdisc;
	if (!qdisc->enqueue)
		return !watching || !skb->sk;
	return !watching && (qdisc->flags & (TCQ_F_CAN_BYPASS | TCQ_F_NOLOCK)) == TCQ_F_CAN_BYPASS && !qdisc->q.qlen;
}

/* Whether a device has a queue where this packet comes to. Most have only one, which needs no reading of memory that may not be there. */
static __always_inline bool has_queue(struct sk_buff *skb, struct net_device *dev)
{
	if (!skb->queue_mapping)
		return dev->_tx->qdisc->enqueue;
	return BPF_CORE_READ(queue_of(dev, skb->queue_mapping), enqueue);
}

/*
 * Whether a packet that does not wait here has to be known further on; leaves its connection. One that comes without a socket says that
 * its flow comes to queues.
 */
static __always_inline bool has_way_to_go(__u64 packet, struct sock *sk, bool queue, struct connection *connection)
{
	if (!watching)
		return false;
	if (!sk && queue)
		route_queues(packet);
	return sk && !(connection && route_passes(&connection->route));
}

static __always_inline void packet_queued(struct cpu *c, struct sk_buff *skb)
{
	struct net_device *dev = skb->dev;
	struct connection *connection = NULL;
	__u64 owner = 0, request = 0, packet, now;
	struct Qdisc *qdisc = NULL;
	struct sock *sk;
	struct packet p;
	bool waits = false;
	__u32 index;

	if (likely(passes(skb, dev)))
		return;
	if (has_queue(skb, dev)) {
		qdisc = queue_of(dev, skb->queue_mapping);
		waits = holds_up(qdisc);
	}
	packet = number_of(&c->packets[0], skb);
	sk = skb->sk;
	if (sk)
		connection = connection_of_socket(sk);
	if (!has_way_to_go(packet, sk, qdisc, connection) && !waits)
		return;
	now = bpf_ktime_get_ns();
	read_packet(skb, &p);
	if (sk) {
		owner = owner_of_end(sk, connection);
		request = request_of_end(connection);
	}
	if (owner) {
		if (connection && !waits)
			route_tries(&connection->route, p.flow);
		tag_packet(packet, &p, owner, request, now);
		learn_flow(p.flow, owner, now);
	} else {
		owner = owner_of_stray(skb, packet, &p, now, &request);
	}
	if (!waits)
		return;
	if (watching != WATCHING)
		watching = WATCHING;
	c->queueing = packet;
	if (!owner_is_somebody(owner))
		return;
	/* As the flow is here, where its pieces will be: addresses may have been translated since its own device. */
	learn_flow(p.flow, owner, now);
	index = skb->queue_mapping ? index_of(dev, qdisc) : 0;
	if (!note_coming(skb, qdisc, index, packet, &p, owner, request))
		return;
	meet_queue(dev, qdisc, index);
	forget_stale();
	enter();
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
	__u64 self = *packet, request;
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
		*owner = owner_of_stray(skb, self, &p, bpf_ktime_get_ns(), &request);
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
			book_charge(queue, &list->charge[i], what_for(culprit, list->charge[i].owner));
	return 0;
}

/*
 * Queues keep the order within a flow. Packets of a departing one's flow that came before it and still seem to stand there have
 * departed unseen: on some machines events in the time of some threads reach no program.
 */
__noinline int forget_older(__u64 before, __u64 flow, __u64 entered)
{
	__u32 zero = 0;
	const struct charges *list = bpf_map_lookup_elem(&charges, &zero);

	for (__u32 i = 0; i < OLDER_AT_ONCE && list; i++) {
		const struct followed *older = bpf_map_lookup_elem(&followed, &before);
		struct followed gone;

		if (!older)
			break;
		gone = *older;
		if (gone.flow != flow || gone.entered > entered || gone.queue.device != list->queue.device ||
		    gone.queue.queue != list->queue.queue)
			break;
		count_lost(LOST_PACKETS, 1);
		packet_removed(before, &gone, false);
		before = gone.before;
	}
	return 0;
}

static const struct departures no_departures = {};
static const struct queued nothing_queued = {};

/*
 * A packet departs from the queue that `charges` names, while some of open requests stand in queues: the time before it is the owner's.
 * Adds to the request of `self` that it is of, if it is of one. Global, so that it is verified once, as book_charges() is.
 */
__noinline int request_departs(__u64 owner, __u64 now, __u64 request, __u64 self, __u64 entered)
{
	__u32 zero = 0;
	const struct charges *list = bpf_map_lookup_elem(&charges, &zero);
	struct departures *log;
	struct queued *queued;

	if (!list)
		return 0;
	log = bpf_map_lookup_elem(&departures, &list->queue);
	if (!log) {
		bpf_map_update_elem(&departures, &list->queue, &no_departures, BPF_NOEXIST);
		log = bpf_map_lookup_elem(&departures, &list->queue);
	}
	if (!log)
		return 0;
	departures_add(log, owner, now);
	if (!request)
		return 0;
	queued = bpf_map_lookup_elem(&queued_requests, &request);
	if (!queued) {
		bpf_map_update_elem(&queued_requests, &request, &nothing_queued, BPF_NOEXIST);
		queued = bpf_map_lookup_elem(&queued_requests, &request);
	}
	if (queued)
		queued_stood(queued, log, self, entered);
	return 0;
}

static __always_inline void packet_leaves(struct cpu *c, struct sk_buff *skb, struct net_device *dev)
{
	struct net_queue_id id = { .device = (__u64)dev };
	struct net_queue *queue;
	__u64 packet, owner, now, ns = 0;
	const struct followed *known;
	struct followed f = {};
	struct charges *list;
	__u32 zero = 0, count;
	bool whole;

	if (skb->queue_mapping)
		id.queue = index_of(dev, queue_of(dev, skb->queue_mapping));
	queue = bpf_map_lookup_elem(&net_queues, &id);
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
	owner = queue_culprit(queue, owner);
	whole = whole && f.generation == queue->generation;
	if (whole)
		ns = queue_leave(queue, f.place, f.entered, now);
	bpf_spin_unlock(&queue->lock);
	list->queue = id;
	if (whole)
		book_packet(queue, f.owner, ns);
	if (requests_in_queues || f.request)
		request_departs(owner, now, whole ? f.request : 0, f.owner, f.entered);
	if (count)
		book_charges(count, owner);
	if (whole && f.before)
		forget_older(f.before, f.flow, f.entered);
}

/* A device gets a packet. */
SEC("tp_btf/net_dev_start_xmit")
int BPF_PROG(on_packet_leaves, struct sk_buff *skb, struct net_device *dev)
{
	struct cpu *c;

	if (!followed_packets || !has_queue(skb, dev))
		return 0;
	c = this_cpu();
	if (c)
		TIMED(c, PROGRAM_PACKET_LEAVE, packet_leaves(c, skb, dev));
	return 0;
}

/* A queue that holds packets for their own sake has been asked for one, and lets none go. */
static __always_inline void queue_holds(struct Qdisc *qdisc, const struct netdev_queue *of)
{
	struct net_queue_id id = { .device = (__u64)of->dev };
	struct net_queue *queue;
	struct charges *list;
	__u64 owner, now;
	__u32 zero = 0, count;

	id.queue = index_of(of->dev, qdisc);
	queue = bpf_map_lookup_elem(&net_queues, &id);
	/* What the device did not take is asked for once more. */
	if (!queue || !queue->paced || !queue->packets || qdisc->gso_skb.qlen)
		return;
	list = bpf_map_lookup_elem(&charges, &zero);
	if (!list)
		return;
	now = bpf_ktime_get_ns();
	bpf_spin_lock(&queue->lock);
	count = queue_depart(queue, now, list->charge);
	owner = queue_culprit(queue, what(KIND_HELD, 0));
	bpf_spin_unlock(&queue->lock);
	list->queue = id;
	if (requests_in_queues)
		request_departs(owner, now, 0, 0, 0);
	if (count)
		book_charges(count, owner);
}

/* A queue has been asked for a packet by a device that would take it. */
SEC("tp_btf/qdisc_dequeue")
int BPF_PROG(on_packet_asked_for, struct Qdisc *qdisc, const struct netdev_queue *of, int packets, struct sk_buff *skb)
{
	struct cpu *c;

	if (!paced_queues || !followed_packets)
		return 0;
	c = this_cpu();
	/* As a number: some kernels' verifiers take it for granted that there is one. */
	if (c && !number_of(&c->packets[1], skb))
		TIMED(c, PROGRAM_PACKET_LEAVE, queue_holds(qdisc, of));
	return 0;
}
