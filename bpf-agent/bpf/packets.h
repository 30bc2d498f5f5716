/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A packet and the device that it is at, as far as the programs look: the kernel's types, as kernel.h has those of tasks, and what a
 * packet's headers say about which one it is. Payload is never read.
 */
#pragma once

#include "sockets.h"
#include <bpf/bpf_endian.h>

#define ETH_P_ARP 0x0806
#define IPPROTO_UDP 17
#define IPPROTO_HOPBYHOP 0
#define IFF_LOOPBACK 0x8
#define ENOMEM 12

#define TCQ_F_CAN_BYPASS 4
#define TCQ_F_NOLOCK 0x100

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct qdisc_skb_head {
	__u32 qlen;
};

struct Qdisc_ops {
	char id[16];
};

struct netdev_queue;

struct sk_buff_head {
	__u32 qlen;
};

struct Qdisc {
	void *enqueue;
	const struct Qdisc_ops *ops;
	unsigned int flags;
	struct qdisc_skb_head q;
	struct sk_buff_head gso_skb; /* what the device did not take */
	struct netdev_queue *dev_queue;
	unsigned long state;
};

enum qdisc_state_t {
	__QDISC_STATE_MISSED = 2,
	__QDISC_STATE_DRAINING = 3,
};

struct net_device;

struct netdev_queue {
	struct net_device *dev;
	struct Qdisc *qdisc;
};

struct net_device {
	char name[16];
	unsigned int flags;
	unsigned int num_tx_queues;
	struct netdev_queue *_tx;
};

struct sk_buff {
	struct sock *sk;
	struct net_device *dev;
	unsigned int len;
	__u16 queue_mapping;
	__be16 protocol;
	__u8 encapsulation : 1;
	__u16 inner_network_header;
	__u16 network_header;
	unsigned int end;
	unsigned char *head, *data;
};

struct skb_shared_info {
	unsigned short gso_size;
};

#pragma clang attribute pop

/* One packet among others, wherever it is seen, before and after addresses and ports are translated. */
struct packet {
	__u64 flow; /* of its addresses and ports, as they are here */
	__u64 invariant; /* of what is the same everywhere; 0: nothing is known */
	__u32 first, end; /* the bytes that it has, or the numbers of its pieces: what a piece of it can be told by; equal: nothing */
	bool divisible; /* the kernel may yet make several of it */
};

/* A packet's memory as a number, which the verifier lets nobody make of a pointer but through memory. */
static __always_inline __u64 number_of(volatile __u64 *memory, const struct sk_buff *skb)
{
	*memory = (__u64)skb;
	return *memory;
}

static __always_inline __u64 mix(__u64 a, __u64 b)
{
	a = (a ^ b) * 0xd6e8feb86659fd93ull;
	return (a ^ a >> 32) * 0x9e3779b97f4a7c15ull;
}

/* Headers of IP and of what is in it, as they are in a packet. */
struct headers {
	__u8 byte[64];
};

static __always_inline __u32 word_at(const struct headers *h, __u32 at)
{
	return *(__u32 *)&h->byte[at];
}

static __always_inline __u32 number_at(const struct headers *h, __u32 at)
{
	return bpf_ntohl(word_at(h, at));
}

/* Told from TCP's sequence numbers: bytes are the same wherever the packet is, and each piece of it has some of them. */
static __always_inline void read_tcp(struct packet *p, const struct headers *h, __u32 at, __u32 length)
{
	__u32 payload = length - (h->byte[(at + 12) & 63] >> 4) * 4;

	p->first = number_at(h, at + 4);
	p->end = p->first + payload;
	p->invariant = mix(mix(IPPROTO_TCP, (__u64)p->first << 32 | number_at(h, at + 8)), payload);
}

/*
 * What tells this packet from others, whose headers begin there. False if it is none of IP. Of a packet in a tunnel that the kernel
 * still knows to be one it is the inner one, so that it is the same before the tunnel and in it.
 */
static __always_inline bool read_packet_at(struct sk_buff *skb, __u32 network, struct packet *p)
{
	unsigned char *head = skb->head;
	__u32 before = network - (__u32)(skb->data - head);
	__u32 length, at, id;
	struct skb_shared_info *shared = (void *)head + skb->end;
	unsigned short piece = 0;
	struct headers h;
	__u8 protocol;

	__builtin_memset(p, 0, sizeof(*p));
	if (bpf_probe_read_kernel(&h, sizeof(h), head + network))
		return false;
	bpf_core_read(&piece, sizeof(piece), &shared->gso_size);
	p->divisible = piece;
	length = skb->len - before;
	if (h.byte[0] >> 4 == 4) {
		at = (h.byte[0] & 15) * 4;
		if (at < 20)
			return false;
		protocol = h.byte[9];
		id = number_at(&h, 4) >> 16;
		p->flow = mix((__u64)word_at(&h, 12) << 32 | word_at(&h, 16), protocol);
		/* With options: what follows them is read again to where it is without. */
		if (at > 20 && bpf_probe_read_kernel(&h.byte[20], 20, head + network + at))
			return false;
		length -= at;
		at = 20;
	} else if (h.byte[0] >> 4 == 6) {
		protocol = h.byte[6];
		id = 0;
		p->flow = mix(mix(mix(word_at(&h, 8), (__u64)word_at(&h, 12) << 32 | word_at(&h, 16)),
				  (__u64)word_at(&h, 20) << 32 | word_at(&h, 24)),
			      (__u64)word_at(&h, 28) << 32 | word_at(&h, 32));
		p->flow = mix(p->flow, word_at(&h, 36));
		at = 40;
		/* Packets of more than 64 KiB have one. */
		if (protocol == IPPROTO_HOPBYHOP) {
			protocol = h.byte[40];
			at += (h.byte[41] + 1) * 8;
			if (bpf_probe_read_kernel(&h.byte[40], 20, head + network + at))
				return false;
		}
		length -= at;
		at = 40;
		p->flow = mix(p->flow, protocol);
		/* The label of a flow is the same all the way. */
		p->invariant = number_at(&h, 0) & 0xfffff;
	} else {
		return false;
	}
	if (protocol == IPPROTO_TCP || protocol == IPPROTO_UDP)
		p->flow = mix(p->flow, word_at(&h, at));
	if (protocol == IPPROTO_TCP) {
		read_tcp(p, &h, at, length);
		return true;
	}
	p->invariant = mix(mix(protocol, p->invariant << 32 | id), length);
	/* Its pieces count the identification on. IPv6 has none: what becomes of it there cannot be told. */
	if (at == 20) {
		__u32 payload = length - 8;

		p->first = id;
		p->end = id + (piece ? (payload + piece - 1) / piece : 1);
	}
	return true;
}

static __always_inline bool read_packet(struct sk_buff *skb, struct packet *p)
{
	__u32 network = BPF_CORE_READ_BITFIELD(skb, encapsulation) ? skb->inner_network_header : skb->network_header;

	return read_packet_at(skb, network, p);
}
