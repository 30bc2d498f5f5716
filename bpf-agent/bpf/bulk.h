/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packets amid a bulk flow, which are nearly all that a busy machine sends and gets: segments in order with which no request begins
 * or ends, and what acknowledges them. They are counted, and where they end is remembered; that is all that the long way does of such
 * a packet, too (amid.h). Hook glue.
 */
#pragma once

#include "amid.h"
#include "connections.h"
#include "headers.h"
#include "net_io.h"

/* When the stretch of the interrupt began that brings packets; 0: none does, or a thread takes them out of a backlog. */
static __always_inline __u64 interrupt_began(const struct cpu *c)
{
	return c->interrupts.receives ? c->interrupts.soft_since : 0;
}

/* When the segment that leaves now was made, by TCP's own clock, which it has just read. */
static __always_inline __u64 sent_at(const struct tcp_sock *tcp)
{
	return tcp ? tcp->tcp_clock_cache : bpf_ktime_get_ns();
}

/*
 * Whether all is measured that there is of a packet, and nothing void that is remembered of its connection: requests_since goes up with
 * the era only.
 */
static __always_inline bool bulk_is_known(const struct connection *connection)
{
	return !(shed & (shed_bit(SHED_QUEUES) | shed_bit(SHED_ALL_BUT_WAITS))) && connection->io.owner &&
	       connection->era == request_era;
}

/* A segment with payload leaves; the time is asked for only if it is needed. */
static __always_inline bool bulk_goes(struct bpf_sock *sk, struct exchange *exchange, const struct request_segment *segment)
{
	if (!amid_may_go(exchange, segment))
		return false;
	return amid_goes(exchange, segment, exchange->role == ROLE_SERVER ? 0 : sent_at(bpf_skc_to_tcp_sock(sk)));
}

/* A packet that has come to a connection's socket; false: it is to go the long way, and nothing has been done. */
static __always_inline bool bulk_in(struct __sk_buff *skb, struct connection *connection, const struct cpu *c)
{
	struct request_segment segment;

	if (!bulk_is_known(connection) || !load_plain(skb, &segment, false))
		return false;
	if (segment.length && !amid_comes(&connection->exchange, &connection->unread, &segment, interrupt_began(c), epoch & 1))
		return false;
	count_bytes(skb, connection, NET_RECEIVE);
	return true;
}

/* Likewise one that a connection's socket sends. */
static __always_inline bool bulk_out(struct __sk_buff *skb, struct bpf_sock *sk, struct connection *connection)
{
	struct request_segment segment;

	if (!bulk_is_known(connection) || !load_plain(skb, &segment, true))
		return false;
	if (segment.length && !bulk_goes(sk, &connection->exchange, &segment))
		return false;
	count_bytes(skb, connection, NET_TRANSMIT);
	return true;
}
