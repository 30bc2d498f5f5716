/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The headers of a packet as the cgroup hooks show it, which begin with that of IP: what they say of what it carries. Reads only, and
 * no byte of payload.
 */
#pragma once

#include "sockets.h"
#include "dns_packets.h"
#include "request.h"
#include <bpf/bpf_endian.h>

#define TCP_RST 4
#define IPPROTO_HOPOPTS 0

/* Of TCP, as far as it is looked at. */
struct tcp_header {
	__be16 from, to;
	__be32 sequence;
	__be32 acknowledged;
	__u8 length; /* of the header, in words, in the upper half */
	__u8 flags;
	__be16 window;
	__u32 more;
};

struct udp_header {
	__be16 from, to;
	__be16 length, sum;
};

#define IPV4_LEAST 20
#define IPV4_PLAIN 0x45 /* its first byte, without options */
#define IPV6_LENGTH 40
#define IPV6_VERSION 0x60 /* in its first byte */

/* What a packet carries, as its headers say. */
struct packet {
	__u8 protocol;
	bool closed; /* of TCP: its sender has no room for more bytes */
	__be16 from, to; /* ports */
	__u32 payload; /* where that begins */
	struct request_segment segment; /* of TCP */
};

/* Where what IP carries begins, and its protocol; 0 if the packet is too short. */
static __always_inline __u32 load_ip(struct __sk_buff *skb, __u8 *protocol)
{
	const void *end = (const void *)(long)skb->data_end;
	const __u8 *ip = (const void *)(long)skb->data;

	if (ip + IPV4_LEAST + sizeof(struct udp_header) > (const __u8 *)end)
		return 0;
	if (skb->protocol == bpf_htons(ETH_P_IP)) {
		*protocol = ip[9];
		return (ip[0] & 15) * 4;
	}
	*protocol = ip[6];
	if (*protocol != IPPROTO_HOPOPTS)
		return IPV6_LENGTH;
	/* Packets of more than 64 KiB have one. */
	if (ip + IPV6_LENGTH + 2 > (const __u8 *)end)
		return 0;
	*protocol = ip[IPV6_LENGTH];
	return IPV6_LENGTH + (ip[IPV6_LENGTH + 1] + 1) * 8;
}

/* False if it has no payload, as acknowledgements have none; of those `closed` is told all the same. */
static __always_inline bool load_segment(struct __sk_buff *skb, struct packet *packet, __u32 offset)
{
	const void *end = (const void *)(long)skb->data_end;
	const struct tcp_header *tcp = (const void *)(long)skb->data + offset;

	if ((const void *)(tcp + 1) > end)
		return false;
	packet->payload = offset + (tcp->length >> 4) * 4;
	packet->segment.acknowledged = bpf_ntohl(tcp->acknowledged);
	packet->closed = !tcp->window && !(tcp->flags & TCP_RST);
	packet->from = tcp->from;
	packet->to = tcp->to;
	packet->segment.sequence = bpf_ntohl(tcp->sequence);
	packet->segment.length = skb->len - packet->payload;
	return skb->len > packet->payload;
}

/*
 * The segment that a packet of a connection carries, with payload or without. False if the packet shows more than that, or may: options of
 * IP, a closed window, the port of DNS at the other end.
 */
static __always_inline bool load_plain(struct __sk_buff *skb, struct request_segment *segment, bool out)
{
	const void *end = (const void *)(long)skb->data_end;
	const __u8 *ip = (const void *)(long)skb->data;
	const struct tcp_header *tcp;
	__u32 offset, payload;

	/* As long as the header of IPv6 alone. */
	if (ip + IPV4_LEAST + sizeof(*tcp) > (const __u8 *)end)
		return false;
	if (ip[0] == IPV4_PLAIN && ip[9] == IPPROTO_TCP)
		offset = IPV4_LEAST;
	else if ((ip[0] & 0xf0) == IPV6_VERSION && ip[6] == IPPROTO_TCP)
		offset = IPV6_LENGTH;
	else
		return false;
	tcp = (const void *)(ip + offset);
	if ((const void *)(tcp + 1) > end || !tcp->window || (out ? tcp->to : tcp->from) == DNS_PORT_BE)
		return false;
	payload = offset + (tcp->length >> 4) * 4;
	if (skb->len < payload)
		return false;
	segment->sequence = bpf_ntohl(tcp->sequence);
	segment->acknowledged = bpf_ntohl(tcp->acknowledged);
	segment->length = skb->len - payload;
	return true;
}

static __always_inline bool load_datagram(struct __sk_buff *skb, struct packet *packet, __u32 offset)
{
	const void *end = (const void *)(long)skb->data_end;
	const struct udp_header *udp = (const void *)(long)skb->data + offset;

	if ((const void *)(udp + 1) > end)
		return false;
	packet->from = udp->from;
	packet->to = udp->to;
	packet->payload = offset + sizeof(*udp);
	return true;
}
