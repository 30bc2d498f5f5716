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
#include "closed_windows.h"
#include "dns_packets.h"
#include "interrupts.h"
#include "net_io.h"
#include "net_memory.h"
#include "request_anatomy.h"
#include "task.h"
#include "timed.h"
#include "unread_tables.h"
#include <bpf/bpf_endian.h>

#define TCP_RST 4
#define IPPROTO_HOPOPTS 0

#define ALLOW 1

static __always_inline void tcp_read(struct sock *sk)
{
	struct connection *connection = bpf_sk_storage_get(&connections, sk, 0, 0);
	struct tcp_sock *tcp;
	__u64 now;

	if (!connection)
		connection = adopt(sk);
	if (!connection)
		return;
	bring_up_to_date(connection);
	connection->cgroup = task_cgroup(bpf_get_current_task_btf());
	if (connection->exchange.role != ROLE_SERVER && !connection->unread.since)
		return;
	tcp = bpf_skc_to_tcp_sock(sk);
	if (!tcp)
		return;
	now = bpf_ktime_get_ns();
	if (unread_ends(&connection->unread, tcp->copied_seq)) {
		if (connection->unread.since > requests_since)
			count_unread(connection->cgroup, now - connection->unread.since);
		connection->unread.since = 0;
	}
	if (connection->exchange.role == ROLE_SERVER && exchange_read(&connection->exchange, now, tcp->copied_seq) && !is_shed(SHED_ANATOMY))
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
#define IPV6_LENGTH 40

/* What a packet carries, as its headers say. */
struct packet {
	__u8 protocol;
	bool closed; /* of TCP: its sender has no room for more bytes */
	__be16 from, to; /* ports */
	__u32 payload; /* where that begins */
	struct request_segment segment; /* of TCP */
};

static __always_inline bool load_segment(struct __sk_buff *skb, struct packet *packet, const void *header, __u32 offset)
{
	const void *end = (const void *)(long)skb->data_end;
	const struct tcp_header *tcp = header;

	if ((const void *)(tcp + 1) > end)
		return false;
	packet->payload = offset + (tcp->length >> 4) * 4;
	packet->segment.acknowledged = bpf_ntohl(tcp->acknowledged);
	packet->closed = !tcp->window && !(tcp->flags & TCP_RST);
	if (skb->len <= packet->payload)
		return false;
	packet->from = tcp->from;
	packet->to = tcp->to;
	packet->segment.sequence = bpf_ntohl(tcp->sequence);
	packet->segment.length = skb->len - packet->payload;
	return true;
}

/*
 * False if the packet is neither a datagram of UDP, nor one of TCP that has payload, as acknowledgements have none; of those
 * `closed` is told all the same. Where a socket sends or gets a packet, the kernel has its headers in one piece.
 */
static __always_inline bool load_packet(struct __sk_buff *skb, struct packet *packet)
{
	const void *end = (const void *)(long)skb->data_end;
	const __u8 *ip = (const void *)(long)skb->data;
	const struct udp_header *udp;
	__u32 offset;

	packet->closed = false;
	if (ip + IPV4_LEAST + sizeof(*udp) > (const __u8 *)end)
		return false;
	if (skb->protocol == bpf_htons(ETH_P_IP)) {
		packet->protocol = ip[9];
		offset = (ip[0] & 15) * 4;
	} else {
		packet->protocol = ip[6];
		offset = IPV6_LENGTH;
		/* Packets of more than 64 KiB have one. */
		if (packet->protocol == IPPROTO_HOPOPTS) {
			if (ip + IPV6_LENGTH + 2 > (const __u8 *)end)
				return false;
			packet->protocol = ip[IPV6_LENGTH];
			offset += (ip[IPV6_LENGTH + 1] + 1) * 8;
		}
	}
	if (packet->protocol == IPPROTO_TCP)
		return load_segment(skb, packet, ip + offset, offset);
	udp = (const void *)(ip + offset);
	if (packet->protocol != IPPROTO_UDP || (const void *)(udp + 1) > end)
		return false;
	packet->from = udp->from;
	packet->to = udp->to;
	packet->payload = offset + sizeof(*udp);
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
	tally.bucket = duration_bucket(end->ns);
	return tally;
}

/* The same request once more, by who is at the other end. */
static __noinline int add_peer_request(const struct tally *tally)
{
	struct peer_key key = { .cgroup = tally->cgroup, .role = tally->role };

	if (tally->role == ROLE_CLIENT)
		key.port = bpf_ntohs(tally->port);
	if (tally->family == AF_INET)
		peer_address4(&key, tally->address[0]);
	else
		__builtin_memcpy(key.address, tally->address, sizeof(key.address));
	return peer_duration(&key, PEER_REQUEST, tally->bucket, tally->ns);
}

/* What is known of a request's packets in queues; NULL: nothing. Where there was nothing in a queue lately, nobody looks. */
static __always_inline const struct queued *queued_of(__u64 socket, const struct connection *connection)
{
	const struct queued *queued = socket ? bpf_map_lookup_elem(&queued_requests, &socket) : NULL;

	return queued && queued->since >= connection->exchange.start ? queued : NULL;
}

/* The anatomy of a request that this machine has sent, and what of it is that of a request that waits for it. */
static __noinline int dissect_sent(const struct connection *connection, struct request_sums *sums, const struct tally *tally)
{
	const struct service *service = &connection->service;
	const struct losses *losses = &connection->losses;
	__u64 socket = watching ? connection->socket : 0;
	const struct queued *queued = queued_of(socket, connection);
	struct server_thread *thread;
	__u64 queued_ns = 0;

	if (queued) {
		queued_ns = queued->ns - losses_queued(losses, queued);
		thread = service->upstream ? server_of(service->server, service->pid) : NULL;
		if (thread)
			server_queued(thread, queued, queued_ns, losses->asked_slept, losses->asked_lost,
				      connection->exchange.start + tally->ns);
	}
	add_sent(sums, tally, losses->ns, queued, queued_ns);
	if (socket)
		bpf_map_delete_elem(&queued_requests, &socket);
	return 0;
}

/* An answer arrives: of what happened meanwhile only that it was elsewhere is known here. */
static __always_inline void client_ends(struct __sk_buff *skb, struct connection *connection, const struct exchange_end *end)
{
	struct tally tally = tally_of(skb, connection, end);
	struct request_sums *sums = sums_of(&tally, tally.estimated);

	add_peer_request(&tally);
	if (sums) {
		add_duration(sums, &tally);
		if (!is_shed(SHED_ANATOMY))
			dissect_sent(connection, sums, &tally);
	}
	stop_serving(connection);
}

/* Whether the thread that runs holds the socket's lock: it sends; else an acknowledgement lets bytes go, in whoever's time. */
static __always_inline bool sends(struct bpf_sock *sk)
{
	struct tcp_sock *tcp = bpf_skc_to_tcp_sock(sk);

	return tcp && tcp->inet_conn.icsk_inet.sk.sk_lock.owned;
}

/* An answer leaves. */
static __always_inline void server_ends(struct __sk_buff *skb, struct bpf_sock *sk, struct connection *connection,
					const struct exchange_end *end)
{
	struct tally tally = tally_of(skb, connection, end);
	struct request_sums *sums = sums_of(&tally, tally.estimated);
	struct service *service = &connection->service;
	struct server_thread *thread;
	__u64 lost_ns;

	add_peer_request(&tally);
	if (sums) {
		add_duration(sums, &tally);
		if (!is_shed(SHED_ANATOMY)) {
			thread = service->on ? server_of(service->server, bpf_get_current_task_btf()->pid) : NULL;
			lost_ns = connection->losses.ns +
				  losses_missing(&connection->losses, thread, end->start + end->ns);
			if (thread && sends(sk))
				add_service(sums, &tally, service, thread, lost_ns);
			else
				add_shared(sums, &tally, service, lost_ns);
		}
	}
	stop_serving(connection);
}

/* A request leaves: the thread that sends it waits for an upstream, if it serves requests itself. */
static __always_inline void client_begins(struct __sk_buff *skb, struct bpf_sock *sk, struct connection *connection,
					  struct cpu *c)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct service *service = &connection->service;
	struct server_thread *thread;

	stop_serving(connection);
	losses_begin(&connection->losses, NULL, connection->exchange.start);
	if (!connection->socket)
		connection->socket = bpf_get_socket_cookie(skb);
	if (!sends(sk))
		return;
	connection->cgroup = task_cgroup(task);
	thread = server_of(c->server, task->pid);
	if (!thread || is_shed(SHED_ANATOMY))
		return;
	service->server = c->server;
	service->pid = task->pid;
	service->upstream = 1;
	server_asks(thread, connection->exchange.start);
	losses_begin(&connection->losses, thread, connection->exchange.start);
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

/* The connection that a segment belongs to. NULL if it has none that is followed. */
static __always_inline struct connection *connection_of(struct bpf_sock *sk)
{
	struct connection *connection = bpf_sk_storage_get(&connections, sk, 0, 0);

	if (connection) {
		bring_up_to_date(connection);
		exchange_forget(&connection->exchange, requests_since);
	}
	return connection;
}

/* The time is only asked for where somebody will want it: in a long answer every segment but the first one ends nothing. */
static __always_inline bool answers(struct exchange *exchange, const struct request_segment *segment, struct exchange_end *end)
{
	return exchange_response(exchange, exchange->open ? bpf_ktime_get_ns() : 0, segment, end);
}

/* Data comes to the socket. While its lock is held, what comes waits outside, and is taken for what comes too early. */
static __always_inline void data_comes(struct bpf_sock *sk, struct connection *connection,
				       const struct request_segment *segment)
{
	struct tcp_sock *tcp = connection->unread.since ? NULL : bpf_skc_to_tcp_sock(sk);

	if (tcp && unread_is_next(segment, tcp->rcv_nxt))
		unread_comes(&connection->unread, bpf_ktime_get_ns(), tcp->rcv_nxt);
}

/* A segment of a request, in order or not. */
static __always_inline void request_comes(struct connection *connection, const struct request_segment *segment, __u64 now)
{
	struct exchange *exchange = &connection->exchange;
	struct losses *losses = &connection->losses;
	const struct service *service = &connection->service;
	__u32 next = exchange->next_request;
	bool gap = exchange->knows_request && sequence_before(next, segment->sequence);

	if (losses_fills(losses, segment)) {
		losses_fill(losses, server_of(service->server, service->pid), now, segment);
		/* It comes late, and is of the request all the same: what follows it is, too. */
		exchange->newest = now;
	}
	if (exchange_request(exchange, now, segment)) {
		losses_begin(losses, NULL, now);
		server_begins(connection);
	}
	if (gap && !losses->since)
		losses_gap(losses, server_of(service->server, service->pid), now, next, segment);
}

static __always_inline void tcp_in(struct __sk_buff *skb, struct bpf_sock *sk, const struct request_segment *segment)
{
	struct connection *connection = connection_of(sk);
	struct exchange_end end;

	if (!connection)
		return;
	data_comes(sk, connection, segment);
	if (connection->exchange.role != ROLE_SERVER) {
		if (answers(&connection->exchange, segment, &end))
			client_ends(skb, connection, &end);
		return;
	}
	request_comes(connection, segment, bpf_ktime_get_ns());
}

static __always_inline void tcp_out(struct __sk_buff *skb, struct bpf_sock *sk, const struct request_segment *segment,
				    struct cpu *c)
{
	struct connection *connection = connection_of(sk);
	struct exchange_end end;

	if (!connection)
		return;
	if (connection->exchange.role == ROLE_SERVER) {
		if (answers(&connection->exchange, segment, &end))
			server_ends(skb, sk, connection, &end);
	} else if (exchange_request(&connection->exchange, bpf_ktime_get_ns(), segment)) {
		client_begins(skb, sk, connection, c);
	}
}

static __always_inline void packet_in(struct __sk_buff *skb, struct bpf_sock *sk)
{
	struct packet packet;
	bool payload;

	payload = load_packet(skb, &packet);
	if (packet.closed)
		window_closed(sk, packet.segment.acknowledged, RECEIVE);
	if (!payload)
		return;
	if (packet.protocol == IPPROTO_TCP) {
		if (packet.from == DNS_PORT_BE)
			dns_segment(skb, packet.payload, 0, packet.segment.sequence, packet.segment.length);
		tcp_in(skb, sk, &packet.segment);
	} else if (packet.from == DNS_PORT_BE) {
		dns_datagram(skb, packet.payload, 0);
	}
}

static __always_inline void packet_out(struct __sk_buff *skb, struct bpf_sock *sk, struct cpu *c)
{
	struct packet packet;
	bool payload;

	payload = load_packet(skb, &packet);
	if (packet.closed)
		window_closed(sk, packet.segment.acknowledged, TRANSMIT);
	if (!payload)
		return;
	if (packet.protocol == IPPROTO_TCP) {
		if (packet.to == DNS_PORT_BE)
			dns_segment(skb, packet.payload, 1, packet.segment.sequence, packet.segment.length);
		tcp_out(skb, sk, &packet.segment, c);
	} else if (packet.to == DNS_PORT_BE) {
		dns_datagram(skb, packet.payload, 1);
	}
}

/* A packet has reached its socket. Whose time its interrupt is, and what it says about requests: one program for both. */
SEC("cgroup_skb/ingress")
int on_tcp_in(struct __sk_buff *skb)
{
	struct bpf_sock *sk = skb->sk;
	struct cpu *c = this_cpu();

	if (!c)
		return ALLOW;
	/* Also called where a thread takes a packet out of a backlog: that is its own time. */
	if (c->interrupts.receives)
		TIMED(c, PROGRAM_RECEIVE, received(c, bpf_get_smp_processor_id(), bpf_skb_cgroup_id(skb)));
	if (!is_shed(SHED_QUEUES))
		TIMED(c, PROGRAM_PACKET_BYTES, count_bytes(skb, sk, NET_RECEIVE));
	if (sk && !is_shed(SHED_ALL_BUT_WAITS))
		TIMED(c, PROGRAM_IN, packet_in(skb, sk));
	return ALLOW;
}

SEC("cgroup_skb/egress")
int on_tcp_out(struct __sk_buff *skb)
{
	struct bpf_sock *sk = skb->sk;
	struct cpu *c = this_cpu();

	if (c && !is_shed(SHED_QUEUES))
		TIMED(c, PROGRAM_PACKET_BYTES, count_bytes(skb, sk, NET_TRANSMIT));
	if (sk && c && !is_shed(SHED_ALL_BUT_WAITS))
		TIMED(c, PROGRAM_OUT, packet_out(skb, sk, c));
	return ALLOW;
}
