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
#include "bulk.h"
#include "closed_windows.h"
#include "dns_packets.h"
#include "headers.h"
#include "interrupts.h"
#include "net_io.h"
#include "net_memory.h"
#include "request_anatomy.h"
#include "task.h"
#include "timed.h"
#include "unread_tables.h"

#define ALLOW 1

/* Nearly always nobody wants to know when a read was, and often not even what was read: then neither is asked for. */
static __always_inline void tcp_read(struct sock *sk)
{
	struct connection *connection = bpf_sk_storage_get(&connections, sk, 0, 0);
	struct unread *unread;
	struct tcp_sock *tcp;
	__u64 cgroup, now;
	bool serves, ends;
	__u32 read;

	if (unlikely(!connection))
		connection = adopt(sk);
	if (!connection)
		return;
	bring_up_to_date(connection);
	cgroup = task_cgroup(bpf_get_current_task_btf());
	if (unlikely(connection->cgroup != cgroup))
		io_turns(connection, cgroup);
	unread = &connection->unread;
	serves = connection->exchange.role == ROLE_SERVER && exchange_is_unread(&connection->exchange);
	if (!serves && !unread->since)
		return;
	tcp = bpf_skc_to_tcp_sock(sk);
	if (!tcp)
		return;
	read = tcp->copied_seq;
	ends = unread->since && unread_ends(unread, read);
	if (ends && !unread_is_timed(unread)) {
		unread->since = 0;
		ends = false;
	}
	serves = serves && exchange_awaits(&connection->exchange, read);
	if (!ends && !serves)
		return;
	now = bpf_ktime_get_ns();
	if (ends) {
		if (unread->since > requests_since)
			count_unread(connection->cgroup, now - unread->since, unread->weight);
		unread->since = 0;
	}
	if (serves && exchange_read(&connection->exchange, now, read) && !is_shed(SHED_ANATOMY))
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
	return peer_request(&key, tally->bucket, tally->ns);
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
static __noinline int client_ends(struct __sk_buff *skb, struct connection *connection, const struct exchange_end *end)
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
	return 0;
}

/* Whether the thread that runs holds the socket's lock: it sends; else an acknowledgement lets bytes go, in whoever's time. */
static __always_inline bool sends(const struct tcp_sock *tcp)
{
	return tcp && tcp->inet_conn.icsk_inet.sk.sk_lock.owned;
}

/* An answer leaves. */
static __noinline int server_ends(struct __sk_buff *skb, const struct tcp_sock *tcp, struct connection *connection,
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
			if (thread && sends(tcp))
				add_service(sums, &tally, service, thread, lost_ns);
			else
				add_shared(sums, &tally, service, lost_ns);
		}
	}
	stop_serving(connection);
	return 0;
}

/* A request leaves: the thread that sends it waits for an upstream, if it serves requests itself. */
static __noinline int client_begins(struct __sk_buff *skb, const struct tcp_sock *tcp, struct connection *connection,
				    struct cpu *c)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct service *service = &connection->service;
	struct server_thread *thread;
	__u64 cgroup;

	stop_serving(connection);
	losses_begin(&connection->losses, NULL, connection->exchange.start);
	if (!connection->socket)
		connection->socket = bpf_get_socket_cookie(skb);
	if (!sends(tcp))
		return 0;
	cgroup = task_cgroup(task);
	if (unlikely(connection->cgroup != cgroup))
		io_turns(connection, cgroup);
	thread = server_of(c->server, task->pid);
	if (!thread || is_shed(SHED_ANATOMY))
		return 0;
	service->server = c->server;
	service->pid = task->pid;
	service->upstream = 1;
	server_asks(thread, connection->exchange.start);
	losses_begin(&connection->losses, thread, connection->exchange.start);
	return 0;
}

/* A request arrives. */
static __noinline int server_begins(struct connection *connection)
{
	struct service *service = &connection->service;
	struct server_thread *thread = server_of(service->server, service->pid);

	losses_begin(&connection->losses, NULL, connection->exchange.start);
	stop_serving(connection);
	service->since_start = 0;
	if (thread && !is_shed(SHED_ANATOMY))
		service_awaits(service, thread);
	return 0;
}

/* A segment of a request comes after bytes that are missing, or brings them. */
static __noinline int request_mends(struct connection *connection, const struct request_segment *segment, __u64 now)
{
	const struct service *service = &connection->service;

	losses_fill(&connection->losses, server_of(service->server, service->pid), now, segment);
	/* It comes late, and is of the request all the same: what follows it is, too. */
	connection->exchange.newest = now;
	return 0;
}

static __noinline int request_gapes(struct connection *connection, const struct request_segment *segment, __u32 next, __u64 now)
{
	const struct service *service = &connection->service;

	losses_gap(&connection->losses, server_of(service->server, service->pid), now, next, segment);
	return 0;
}

/* What threads have read of a connection: reads do not say it one by one. */
static __always_inline void ask_what_was_read(struct exchange *exchange, const struct tcp_sock *tcp)
{
	if (tcp)
		exchange->read = tcp->copied_seq;
}

/* A segment of a request, in order or not. */
static __always_inline void request_comes(struct connection *connection, const struct request_segment *segment, __u64 now)
{
	struct exchange *exchange = &connection->exchange;
	struct losses *losses = &connection->losses;
	__u32 next = exchange->next_request;
	bool gap = exchange->knows_request && sequence_before(next, segment->sequence);

	if (unlikely(losses_fills(losses, segment)))
		request_mends(connection, segment, now);
	if (exchange_request(exchange, now, segment))
		server_begins(connection);
	if (unlikely(gap) && !losses->since)
		request_gapes(connection, segment, next, now);
}

/*
 * Whether nobody wants to know exactly when a segment comes to a server: it is in the middle of a request. Next in order, it brings nothing
 * that was missing.
 */
static __always_inline bool is_amid(const struct connection *connection, const struct request_segment *segment, __u64 now)
{
	return connection->exchange.role == ROLE_SERVER && exchange_goes_on(&connection->exchange, now, segment);
}

/*
 * When a segment comes. The first one that an interrupt brings comes when that began. So does any other if that need not be `exact`:
 * nobody can tell which of those that an interrupt brings came when.
 */
static __always_inline __u64 came_at(const struct connection *connection, const struct request_segment *segment,
				     const struct cpu *c, bool first, bool exact)
{
	__u64 began = interrupt_began(c);

	if (began && (first || (!exact && is_amid(connection, segment, began))))
		return began;
	return bpf_ktime_get_ns();
}

/*
 * A segment with payload comes to a connection. The time is asked for once, and only where somebody wants it: of a long answer every
 * segment but the first one ends nothing. While the socket's lock is held, what comes waits outside, and is taken for what comes too early.
 */
static __always_inline void tcp_in(struct __sk_buff *skb, struct bpf_sock *sk, struct connection *connection,
				   const struct request_segment *segment, const struct cpu *c, bool first)
{
	struct exchange *exchange = &connection->exchange;
	struct tcp_sock *tcp = unread_is_timed(&connection->unread) ? NULL : bpf_skc_to_tcp_sock(sk);
	bool unread = tcp && unread_begins(&connection->unread, segment, tcp->rcv_nxt);
	__u8 weight = unread ? unread_weight(&connection->unread, epoch & 1) : 0;
	bool serves = exchange->role == ROLE_SERVER;
	struct exchange_end end;
	__u64 now = 0;

	if (weight || serves || exchange->open)
		now = came_at(connection, segment, c, first, weight);
	if (unread)
		unread_comes(&connection->unread, now, tcp->rcv_nxt, weight);
	if (serves) {
		if (unlikely(exchange_pauses(exchange, now)))
			ask_what_was_read(exchange, bpf_skc_to_tcp_sock(sk));
		request_comes(connection, segment, now);
	} else if (exchange_response(exchange, now, segment, &end)) {
		client_ends(skb, connection, &end);
	}
}

static __always_inline void tcp_out(struct __sk_buff *skb, struct bpf_sock *sk, struct connection *connection,
				    const struct request_segment *segment, struct cpu *c)
{
	struct exchange *exchange = &connection->exchange;
	bool serves = exchange->role == ROLE_SERVER;
	struct tcp_sock *tcp = NULL;
	struct exchange_end end;
	__u64 now = 0;

	if (!serves || exchange->open) {
		tcp = bpf_skc_to_tcp_sock(sk);
		now = sent_at(tcp);
	}
	if (serves) {
		ask_what_was_read(exchange, tcp);
		if (exchange_response(exchange, now, segment, &end))
			server_ends(skb, tcp, connection, &end);
	} else if (exchange_request(exchange, now, segment)) {
		client_begins(skb, tcp, connection, c);
	}
}

/* A packet of a socket that has no memory of a connection: of all those only messages of DNS are looked at. */
static __noinline int stranger(struct __sk_buff *skb, __u32 out)
{
	struct packet packet = {};
	bool payload = false;
	__u32 offset;

	if (!is_shed(SHED_QUEUES))
		count_bytes_of(skb, NULL, out ? NET_TRANSMIT : NET_RECEIVE);
	if (is_shed(SHED_ALL_BUT_WAITS))
		return 0;
	offset = load_ip(skb, &packet.protocol);
	if (packet.protocol == IPPROTO_TCP)
		payload = load_segment(skb, &packet, offset);
	else if (packet.protocol == IPPROTO_UDP)
		payload = load_datagram(skb, &packet, offset);
	if (!payload || (out ? packet.to : packet.from) != DNS_PORT_BE)
		return 0;
	if (packet.protocol == IPPROTO_TCP)
		dns_segment(skb, packet.payload, out, packet.segment.sequence, packet.segment.length);
	else
		dns_datagram(skb, packet.payload, out);
	return 0;
}

static __always_inline void packet_passes(struct __sk_buff *skb, struct bpf_sock *sk, struct connection *connection,
					  struct cpu *c, bool out, bool first)
{
	struct packet packet = {};
	const __u32 off = shed;
	bool payload;
	__u32 offset;

	if (!connection) {
		if (!is_shed_of(off, SHED_ALL_BUT_WAITS) || !is_shed_of(off, SHED_QUEUES))
			stranger(skb, out);
		return;
	}
	if (!is_shed_of(off, SHED_QUEUES))
		count_bytes(skb, connection, out ? NET_TRANSMIT : NET_RECEIVE);
	if (is_shed_of(off, SHED_ALL_BUT_WAITS))
		return;
	offset = load_ip(skb, &packet.protocol);
	payload = packet.protocol == IPPROTO_TCP && load_segment(skb, &packet, offset);
	if (unlikely(packet.closed))
		window_closed(sk, packet.segment.acknowledged, out ? TRANSMIT : RECEIVE);
	if (!payload)
		return;
	if (unlikely((out ? packet.to : packet.from) == DNS_PORT_BE))
		dns_segment(skb, packet.payload, out, packet.segment.sequence, packet.segment.length);
	bring_up_to_date(connection);
	exchange_forget(&connection->exchange, requests_since);
	if (out)
		tcp_out(skb, sk, connection, &packet.segment, c);
	else
		tcp_in(skb, sk, connection, &packet.segment, c, first);
}

/* The cgroup of the unified hierarchy that a packet's socket is of. */
static __always_inline __u64 home_of(struct __sk_buff *skb, struct connection *connection)
{
	if (!connection)
		return bpf_skb_cgroup_id(skb);
	if (unlikely(!connection->home))
		connection->home = bpf_skb_cgroup_id(skb);
	return connection->home;
}

static __always_inline void packet_comes(struct __sk_buff *skb, struct bpf_sock *sk, struct cpu *c)
{
	struct connection *connection = bpf_sk_storage_get(&connections, sk, 0, 0);
	/* Also called where a thread takes a packet out of a backlog: that is its own time. */
	bool first = c->interrupts.receives && received(c, home_of(skb, connection));

	if (!connection || !bulk_in(skb, connection, c))
		packet_passes(skb, sk, connection, c, false, first);
}

static __always_inline void packet_goes(struct __sk_buff *skb, struct bpf_sock *sk, struct cpu *c)
{
	struct connection *connection = bpf_sk_storage_get(&connections, sk, 0, 0);

	if (!connection || !bulk_out(skb, sk, connection))
		packet_passes(skb, sk, connection, c, true, false);
}

/* A packet has reached its socket. Whose time its interrupt is, and what it says about requests: one program for both. */
SEC("cgroup_skb/ingress")
int on_tcp_in(struct __sk_buff *skb)
{
	struct bpf_sock *sk = skb->sk;
	struct cpu *c = this_cpu();

	if (c && sk)
		TIMED(c, PROGRAM_IN, packet_comes(skb, sk, c));
	return ALLOW;
}

SEC("cgroup_skb/egress")
int on_tcp_out(struct __sk_buff *skb)
{
	struct bpf_sock *sk = skb->sk;
	struct cpu *c = this_cpu();

	if (c && sk)
		TIMED(c, PROGRAM_OUT, packet_goes(skb, sk, c));
	return ALLOW;
}
