/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How TCP fares on a connection, added to its peer. The kernel counts segments for each connection itself; here is only remembered
 * what of that has been added, and the difference is when a connection ends and, for open ones, once an interval. So a segment
 * costs nothing but that count. What is rare has events: segments sent again, resets, windows that close.
 *
 * Segments are those with payload, and those that open a connection: acknowledgements alone say nothing about a loss.
 */
#pragma once

#include "connections.h"
#include "peers.h"
#include "results.h"

#define TCP_ESTABLISHED 1
#define TCP_SYN_SENT 2
#define TCP_SYN_RECV 3
#define TCP_CLOSE 7
#define TCP_CLOSE_WAIT 8
#define TCP_LISTEN 10

#define TCP_CA_RECOVERY 3
#define TCP_CA_LOSS 4

#define ENETUNREACH 101
#define ETIMEDOUT 110
#define ECONNREFUSED 111
#define EHOSTUNREACH 113

static __always_inline void peer_of(struct peer_key *key, const struct sock_common *c)
{
	if (c->skc_family == AF_INET) {
		peer_address4(key, c->skc_daddr);
		return;
	}
	key->address[0] = c->skc_v6_daddr.in6_u.u6_addr32[0];
	key->address[1] = c->skc_v6_daddr.in6_u.u6_addr32[1];
	key->address[2] = c->skc_v6_daddr.in6_u.u6_addr32[2];
	key->address[3] = c->skc_v6_daddr.in6_u.u6_addr32[3];
}

static __always_inline void peer_key_of(struct peer_key *key, const struct sock *sk, const struct connection *connection)
{
	__builtin_memset(key, 0, sizeof(*key));
	key->cgroup = connection->cgroup ? connection->cgroup : 1;
	key->role = connection->exchange.role;
	if (key->role == ROLE_CLIENT)
		key->port = __builtin_bswap16(sk->__sk_common.skc_dport);
	peer_of(key, &sk->__sk_common);
}

/* What the kernel has counted on a connection. */
struct tcp_counts {
	__u32 sent, received, retransmits;
};

static __always_inline void read_counts(struct tcp_counts *counts, const struct tcp_sock *tcp)
{
	counts->sent = tcp->data_segs_out;
	counts->received = tcp->data_segs_in;
	counts->retransmits = tcp->total_retrans;
}

/* Takes what is new, of one count. It was read before others that have been added meanwhile, perhaps. */
static __always_inline __u32 take(__u32 now, __u32 *added)
{
	__u32 more = now - *added;

	if ((__s32)more <= 0)
		return 0;
	*added = now;
	return more;
}

/* Takes what is new on a connection: each segment once, whoever comes. */
static __noinline int health_take(struct connection *connection, struct tcp_counts *counts)
{
	struct health *health = &connection->health;

	bpf_spin_lock(&connection->lock);
	counts->sent = take(counts->sent, &health->sent);
	counts->received = take(counts->received, &health->received);
	counts->retransmits = take(counts->retransmits, &health->retransmits);
	/* Not looked at for a while: this is of that time. */
	if (health->era != request_era) {
		health->era = request_era;
		counts->sent = counts->received = counts->retransmits = 0;
	}
	bpf_spin_unlock(&connection->lock);
	return 0;
}

static __always_inline enum retransmit retransmit_cause(struct sock *sk, struct tcp_sock *tcp)
{
	__u8 state;

	if (sk->__sk_common.skc_state == TCP_SYN_SENT)
		return RETRANSMIT_SYN;
	/* A bit field. */
	state = BPF_CORE_READ_BITFIELD_PROBED(&tcp->inet_conn, icsk_ca_state);
	if (state == TCP_CA_LOSS)
		return RETRANSMIT_TIMEOUT;
	return state == TCP_CA_RECOVERY ? RETRANSMIT_FAST : RETRANSMIT_PROBE;
}

static __always_inline void add_counts(struct peer_counts *sums, const struct tcp_counts *counts, __u32 cause)
{
	if (counts->sent)
		__sync_fetch_and_add(&sums->segments[TRANSMIT], counts->sent);
	if (counts->received)
		__sync_fetch_and_add(&sums->segments[RECEIVE], counts->received);
	if (counts->retransmits)
		__sync_fetch_and_add(&sums->retransmits[cause & (RETRANSMITS - 1)], counts->retransmits);
}

/* Adds what is new on a connection that stands, or ends. */
static __noinline int health_add(struct sock *sk, struct connection *connection)
{
	struct tcp_sock *tcp = bpf_skc_to_tcp_sock(sk);
	struct tcp_counts counts;
	struct peer_counts *sums;
	struct peer_key key;
	__u64 rtt_ns;

	if (!tcp)
		return 0;
	read_counts(&counts, tcp);
	if (counts.sent == connection->health.sent && counts.received == connection->health.received &&
	    counts.retransmits == connection->health.retransmits)
		return 0;
	health_take(connection, &counts);
	if (!counts.sent && !counts.received && !counts.retransmits)
		return 0;
	peer_key_of(&key, sk, connection);
	sums = peer_counts(&key, true);
	if (sums)
		add_counts(sums, &counts, retransmit_cause(sk, tcp));
	rtt_ns = (__u64)tcp->srtt_us * 1000 / 8;
	if (rtt_ns)
		peer_duration(&key, PEER_RTT, duration_bucket(rtt_ns), rtt_ns);
	return 0;
}

/* Segments that open a connection, which the kernel does not count as such. */
static __always_inline void add_handshake(struct peer_counts *sums, __u32 sent, __u32 received)
{
	if (sent)
		__sync_fetch_and_add(&sums->segments[TRANSMIT], sent);
	if (received)
		__sync_fetch_and_add(&sums->segments[RECEIVE], received);
}

static __always_inline enum connect_failure connect_failure(const struct sock *sk, const struct connection *connection)
{
	switch (sk->sk_err) {
	case ECONNREFUSED:
		return CONNECT_REFUSED;
	case ETIMEDOUT:
		return CONNECT_TIMEOUT;
	case ENETUNREACH:
	case EHOSTUNREACH:
		return CONNECT_UNREACHABLE;
	case 0:
		/* Given up by whoever asked: after a SYN without an answer that is its own time-out. */
		return connection->health.retransmits ? CONNECT_TIMEOUT : CONNECT_OTHER;
	default:
		return CONNECT_OTHER;
	}
}

/* A connection that was asked for is established. */
static __noinline int health_connected(struct sock *sk, struct connection *connection)
{
	struct peer_counts *sums;
	struct peer_key key;
	__u64 ns;

	if (!connection->health.began)
		return 0;
	ns = bpf_ktime_get_ns() - connection->health.began;
	connection->health.began = 0;
	peer_key_of(&key, sk, connection);
	sums = peer_counts(&key, true);
	if (sums)
		add_handshake(sums, 1, 1);
	peer_duration(&key, PEER_CONNECT, duration_bucket(ns), ns);
	return 0;
}

/* Another has made a connection. */
static __noinline int health_accepted(struct sock *sk, struct connection *connection)
{
	struct tcp_sock *tcp = bpf_skc_to_tcp_sock(sk);
	struct peer_counts *sums;
	struct peer_key key;

	/* Those of the handshake had events of their own. */
	if (tcp)
		connection->health.retransmits = tcp->total_retrans;
	peer_key_of(&key, sk, connection);
	sums = peer_counts(&key, true);
	if (sums)
		add_handshake(sums, 1, 1);
	return 0;
}

static __noinline int health_failed(struct sock *sk, struct connection *connection)
{
	struct peer_counts *sums;
	struct peer_key key;

	if (!connection->health.began)
		return 0;
	connection->health.began = 0;
	peer_key_of(&key, sk, connection);
	sums = peer_counts(&key, false);
	if (!sums)
		return 0;
	add_handshake(sums, 1, 0);
	__sync_fetch_and_add(&sums->failures[connect_failure(sk, connection) & (CONNECT_FAILURES - 1)], 1);
	return 0;
}
