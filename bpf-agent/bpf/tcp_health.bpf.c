// SPDX-License-Identifier: Apache-2.0
/*
 * What goes wrong on TCP connections, as it happens; and once an interval what the kernel has counted on those that stand, in
 * every network namespace. Hook glue for tcp_health.h.
 */
#include "listening.h"
#include "net_io.h"
#include "timed.h"

/* A segment was sent again, and the kernel has counted it. */
static __always_inline void retransmitted(struct sock *sk)
{
	struct connection *connection = bpf_sk_storage_get(&connections, sk, 0, 0);
	struct tcp_sock *tcp = bpf_skc_to_tcp_sock(sk);
	struct tcp_counts counts = {};
	struct peer_counts *sums;
	struct peer_key key;
	__u32 cause;

	if (!connection || !tcp || !connection->exchange.role)
		return;
	cause = retransmit_cause(sk, tcp);
	counts.retransmits = tcp->total_retrans;
	health_take(connection, &counts);
	/* A SYN has no payload, so the kernel's count of segments does not have it. */
	if (cause == RETRANSMIT_SYN)
		counts.sent = counts.retransmits;
	peer_key_of(&key, sk, connection);
	sums = peer_counts(&key, cause != RETRANSMIT_SYN);
	if (sums)
		add_counts(sums, &counts, cause);
}

/* Something of an open request was lost, as far as its sender can tell. */
static __always_inline void request_lost(struct sock *sk)
{
	struct connection *connection = bpf_sk_storage_get(&connections, sk, 0, 0);
	const struct service *service;

	if (!connection || connection->exchange.role != ROLE_CLIENT || !connection->exchange.open)
		return;
	service = &connection->service;
	losses_again(&connection->losses, service->upstream ? server_of(service->server, service->pid) : NULL,
		     connection->exchange.newest, bpf_ktime_get_ns());
}

static __always_inline void sent_again(struct sock *sk)
{
	retransmitted(sk);
	if (!is_shed(SHED_ANATOMY))
		request_lost(sk);
}

SEC("tp_btf/tcp_retransmit_skb")
int BPF_PROG(on_tcp_retransmit, struct sock *sk)
{
	struct cpu *c = this_cpu();

	if (c && !is_shed(SHED_ALL_BUT_WAITS))
		TIMED(c, PROGRAM_HEALTH, sent_again(sk));
	return 0;
}

/* The answer to a SYN was sent again: there is no connection yet, only a socket that listens. */
static __always_inline void answered_again(struct sock *sk, const struct request_sock *request)
{
	struct listening_socket *socket = bpf_sk_storage_get(&listening_sockets, sk, 0, 0);
	struct peer_key key = { .role = ROLE_SERVER };
	struct tcp_counts one = { .sent = 1, .retransmits = 1 };
	struct peer_counts *sums;

	if (!socket)
		return;
	key.cgroup = socket->cgroup;
	peer_of(&key, &request->__req_common);
	sums = peer_counts(&key, false);
	if (sums)
		add_counts(sums, &one, RETRANSMIT_SYN);
}

SEC("tp_btf/tcp_retransmit_synack")
int BPF_PROG(on_tcp_retransmit_synack, struct sock *sk, struct request_sock *request)
{
	struct cpu *c = this_cpu();

	if (c && !is_shed(SHED_ALL_BUT_WAITS))
		TIMED(c, PROGRAM_HEALTH, answered_again(sk, request));
	return 0;
}

static __always_inline void was_reset(struct sock *sk, enum direction direction)
{
	struct connection *connection = bpf_sk_storage_get(&connections, sk, 0, 0);
	struct peer_counts *sums;
	struct peer_key key;

	if (!connection || !connection->exchange.role)
		return;
	peer_key_of(&key, sk, connection);
	sums = peer_counts(&key, true);
	if (sums)
		__sync_fetch_and_add(&sums->resets[direction], 1);
}

/* Newer kernels also tell of resets for which there is no socket. */
SEC("tp_btf/tcp_send_reset")
int BPF_PROG(on_tcp_send_reset, struct sock *sk)
{
	struct cpu *c = this_cpu();

	if (sk && c && !is_shed(SHED_ALL_BUT_WAITS))
		TIMED(c, PROGRAM_HEALTH, was_reset(sk, TRANSMIT));
	return 0;
}

/* A reset that answers a SYN is a connection that failed, and counted as that. */
SEC("tp_btf/tcp_receive_reset")
int BPF_PROG(on_tcp_receive_reset, struct sock *sk)
{
	struct cpu *c = this_cpu();

	if (c && sk->__sk_common.skc_state != TCP_SYN_SENT && !is_shed(SHED_ALL_BUT_WAITS))
		TIMED(c, PROGRAM_HEALTH, was_reset(sk, RECEIVE));
	return 0;
}

/* Once an interval, in the sensor's own time: every socket that has a memory. */
SEC("iter/bpf_sk_storage_map")
int sweep_connections(struct bpf_iter__bpf_sk_storage_map *ctx)
{
	struct sock *sk = ctx->sk;
	struct connection *connection;
	__u8 state;

	if (!sk || is_shed(SHED_ALL_BUT_WAITS))
		return 0;
	state = sk->__sk_common.skc_state;
	if (state == TCP_SYN_SENT || state == TCP_CLOSE)
		return 0;
	connection = bpf_sk_storage_get(&connections, sk, 0, 0);
	if (connection && connection->exchange.role)
		health_add(sk, connection);
	if (connection && connection->io.owner)
		io_fold(connection, connection->io.owner);
	return 0;
}

SEC("iter/bpf_sk_storage_map")
int sweep_listening(struct bpf_iter__bpf_sk_storage_map *ctx)
{
	struct sock *sk = ctx->sk;
	struct listening_socket *socket;

	if (!sk || sk->__sk_common.skc_state != TCP_LISTEN)
		return 0;
	socket = bpf_sk_storage_get(&listening_sockets, sk, 0, 0);
	if (!socket)
		return 0;
	listening_add(sk, socket);
	/* Another that listened there as well may have ended, and one that had no port yet has one. */
	note_port(sk, socket->cgroup);
	return 0;
}
