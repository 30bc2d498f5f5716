// SPDX-License-Identifier: Apache-2.0
/*
 * How long requests took, on both ends of every TCP connection of this machine. Hook glue: it reads headers and the kernel's
 * books, and hands numbers to request.h. Payload is never read.
 *
 * The packets are those that the cgroup hooks at the root show, once each, in whatever network namespace the socket is. They
 * only look: other programs at these hooks decide as before.
 *
 * A request belongs to the cgroup of the thread that read it (server) or sent it (client), in the hierarchy of the cpu
 * controller: the socket's own cgroup may be that of whoever made it, or of another hierarchy.
 */
#include "connections.h"
#include "request_anatomy.h"
#include "task.h"
#include "timed.h"
#include <bpf/bpf_endian.h>

#define ETH_P_IP 0x0800
#define IPPROTO_HOPOPTS 0

#define ALLOW 1

/* Set by the sensor when requests are timed again: what was open before may have been answered unseen, and is forgotten. */
volatile __u64 requests_since = 0;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 32768);
	__type(key, struct request_key);
	__type(value, struct sum);
} requests SEC(".maps");

static __always_inline void tcp_read(struct sock *sk)
{
	struct connection *connection = bpf_sk_storage_get(&connections, sk, 0, 0);
	struct tcp_sock *tcp = bpf_skc_to_tcp_sock(sk);
	__u64 now = bpf_ktime_get_ns();

	if (!connection)
		connection = adopt(sk);
	if (!connection || !tcp)
		return;
	bring_up_to_date(connection);
	connection->cgroup = task_cgroup(bpf_get_current_task_btf());
	if (connection->exchange.role == ROLE_SERVER &&
	    exchange_read(&connection->exchange, now, tcp->copied_seq) && !is_shed(SHED_ANATOMY))
		start_serving(connection, now);
}

/* A thread takes bytes off a socket. It holds the socket's lock, as do those who send. */
SEC("tp_btf/tcp_rcv_space_adjust")
int BPF_PROG(on_tcp_read, struct sock *sk)
{
	struct cpu *c = this_cpu();

	if (c && !is_shed(SHED_ALL_BUT_WAITS))
		TIMED(c, PROGRAM_READ, tcp_read(sk));
	return 0;
}

/* False if there is no TCP header where it should be. */
static __always_inline bool load_segment(struct __sk_buff *skb, struct request_segment *segment)
{
	__u32 offset;
	__u8 ip[8];
	struct {
		__u32 ports;
		__u32 sequence;
		__u32 acknowledged;
		__u8 length; /* of the header, in words, in the upper half */
		__u8 more[3];
	} tcp;

	if (bpf_skb_load_bytes(skb, 0, ip, sizeof(ip)))
		return false;
	if (skb->protocol == bpf_htons(ETH_P_IP)) {
		offset = (ip[0] & 15) * 4;
	} else {
		__u8 next = ip[6];

		offset = 40;
		/* Packets of more than 64 KiB have one. */
		if (next == IPPROTO_HOPOPTS) {
			if (bpf_skb_load_bytes(skb, offset, ip, 2))
				return false;
			next = ip[0];
			offset += (ip[1] + 1) * 8;
		}
		if (next != IPPROTO_TCP)
			return false;
	}
	if (bpf_skb_load_bytes(skb, offset, &tcp, sizeof(tcp)))
		return false;
	offset += (tcp.length >> 4) * 4;
	if (skb->len < offset)
		return false;
	segment->sequence = bpf_ntohl(tcp.sequence);
	segment->acknowledged = bpf_ntohl(tcp.acknowledged);
	segment->length = skb->len - offset;
	return true;
}

static __always_inline void tally_peer(struct tally *tally, struct bpf_sock *sk)
{
	if (!sk)
		return;
	tally->family = sk->family;
	tally->port = sk->dst_port;
	if (sk->family == AF_INET) {
		tally->address[0] = sk->dst_ip4;
		return;
	}
	tally->address[0] = sk->dst_ip6[0];
	tally->address[1] = sk->dst_ip6[1];
	tally->address[2] = sk->dst_ip6[2];
	tally->address[3] = sk->dst_ip6[3];
}

static __always_inline struct tally tally_of(struct __sk_buff *skb, const struct connection *connection,
					     const struct exchange_end *end)
{
	struct tally tally = {};

	tally.epoch = epoch & 1;
	tally.cgroup = connection->cgroup;
	if (!tally.cgroup)
		tally.cgroup = unified ? bpf_skb_cgroup_id(skb) : 1;
	tally.role = connection->exchange.role;
	tally.estimated = end->estimated;
	tally.ns = end->ns;
	tally_peer(&tally, skb->sk);
	tally.bucket = request_bucket(end->ns);
	return tally;
}

static __noinline int add_duration(const struct tally *tally)
{
	struct request_key key = { .epoch = tally->epoch };

	key.cgroup = tally->cgroup;
	key.role = tally->role;
	key.estimated = tally->estimated;
	key.bucket = tally->bucket;
	if (!sum_add(sum_at(&requests, &key), tally->ns, 1))
		count_lost(LOST_REQUESTS, 1);
	return 0;
}

/* An answer arrives: of what happened meanwhile only that it was elsewhere is known here. */
static __always_inline void client_ends(struct __sk_buff *skb, struct connection *connection, const struct exchange_end *end)
{
	struct tally tally = tally_of(skb, connection, end);

	add_duration(&tally);
	if (!is_shed(SHED_ANATOMY))
		add_sent(&tally, &connection->service);
	stop_serving(connection);
}

/* An answer leaves. Whoever holds the socket's lock sends it; else an acknowledgement lets it go, in whoever's time. */
static __always_inline void server_ends(struct __sk_buff *skb, struct bpf_sock *sk, struct connection *connection,
					const struct exchange_end *end)
{
	struct tally tally = tally_of(skb, connection, end);
	struct service *service = &connection->service;
	struct task_struct *task = bpf_get_current_task_btf();
	struct tcp_sock *tcp = bpf_skc_to_tcp_sock(sk);
	struct server_thread *thread = server_of(service->server, task->pid);

	add_duration(&tally);
	if (!is_shed(SHED_ANATOMY)) {
		if (service->on && thread && tcp && tcp->inet_conn.icsk_inet.sk.sk_lock.owned)
			add_service(&tally, service, thread);
		else
			add_shared(&tally, service);
	}
	stop_serving(connection);
}

/* A request leaves: the thread that sends it waits for an upstream, if it serves requests itself. */
static __always_inline void client_begins(struct bpf_sock *sk, struct connection *connection, struct cpu *c)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct tcp_sock *tcp = bpf_skc_to_tcp_sock(sk);
	struct service *service = &connection->service;
	struct server_thread *thread;

	stop_serving(connection);
	if (!tcp || !tcp->inet_conn.icsk_inet.sk.sk_lock.owned)
		return;
	connection->cgroup = task_cgroup(task);
	thread = server_of(c->server, task->pid);
	if (!thread || is_shed(SHED_ANATOMY))
		return;
	service->server = c->server;
	service->pid = task->pid;
	service->upstream = 1;
	server_asks(thread, connection->exchange.start);
}

/* A request arrives. */
static __always_inline void server_begins(struct connection *connection)
{
	struct service *service = &connection->service;
	struct server_thread *thread = server_of(service->server, service->pid);

	stop_serving(connection);
	service->since_start = 0;
	if (thread && !is_shed(SHED_ANATOMY))
		service_awaits(service, thread);
}

static __always_inline void tcp_in(struct __sk_buff *skb, struct connection *connection)
{
	struct exchange *exchange = &connection->exchange;
	struct request_segment segment;
	struct exchange_end end;

	if (!load_segment(skb, &segment) || !segment.length)
		return;
	bring_up_to_date(connection);
	exchange_forget(exchange, requests_since);
	if (exchange->role != ROLE_SERVER) {
		if (exchange_response(exchange, bpf_ktime_get_ns(), &segment, &end))
			client_ends(skb, connection, &end);
	} else if (exchange_request(exchange, bpf_ktime_get_ns(), &segment)) {
		server_begins(connection);
	}
}

static __always_inline void tcp_out(struct __sk_buff *skb, struct bpf_sock *sk, struct connection *connection, struct cpu *c)
{
	struct exchange *exchange = &connection->exchange;
	struct request_segment segment;
	struct exchange_end end;

	if (!load_segment(skb, &segment) || !segment.length)
		return;
	bring_up_to_date(connection);
	exchange_forget(exchange, requests_since);
	if (exchange->role == ROLE_SERVER) {
		if (exchange_response(exchange, bpf_ktime_get_ns(), &segment, &end))
			server_ends(skb, sk, connection, &end);
	} else if (exchange_request(exchange, bpf_ktime_get_ns(), &segment)) {
		client_begins(sk, connection, c);
	}
}

SEC("cgroup_skb/ingress")
int on_tcp_in(struct __sk_buff *skb)
{
	struct connection *connection;
	struct bpf_sock *sk = skb->sk;
	struct cpu *c = this_cpu();

	if (!sk || !c || is_shed(SHED_ALL_BUT_WAITS))
		return ALLOW;
	connection = bpf_sk_storage_get(&connections, sk, 0, 0);
	if (connection)
		TIMED(c, PROGRAM_IN, tcp_in(skb, connection));
	return ALLOW;
}

SEC("cgroup_skb/egress")
int on_tcp_out(struct __sk_buff *skb)
{
	struct connection *connection;
	struct bpf_sock *sk = skb->sk;
	struct cpu *c = this_cpu();

	if (!sk || !c || is_shed(SHED_ALL_BUT_WAITS))
		return ALLOW;
	connection = bpf_sk_storage_get(&connections, sk, 0, 0);
	if (connection)
		TIMED(c, PROGRAM_OUT, tcp_out(skb, sk, connection, c));
	return ALLOW;
}
