/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is remembered of a TCP connection, and which end of it we are: told by how it came to be or, for one that is older than
 * we are, by whether its port is listened on.
 */
#pragma once

#include "sockets.h"
#include "memory.h"
#include "request_tables.h"
#include "servers.h"
#include "losses.h"
#include "net_tables.h"
#include "unread.h"

/* See tcp_health.h. */
struct health {
	__u64 began; /* client: when it asked for the connection; 0 if that is settled, or not known */
	__u32 sent, received, retransmits; /* of the kernel's own counts, what has been added to the peer */
	__u32 closed_out, closed_in; /* what was acknowledged where a window was last seen closed: ours, and the peer's */
	bool knows_closed_out, knows_closed_in;
	__u64 era; /* request_era when it was added to the peer last */
};

/* See net_io.h. */
struct io {
	__u64 counted[NET_DIRECTIONS]; /* packets and bytes that have not been added up yet, in one word: IO_PACKET */
	__u64 owner; /* a code of net_tables.h; 0: not asked for yet, or not since another uses the connection */
};

/* Which of its packets are told apart where they are sent. See net_route.h. */
struct route {
	__u64 flow; /* of its packets where they are sent; 0: none has been tagged yet */
	__u16 passes; /* packets more that get no tag */
	__u16 missed; /* tags in a row that nobody asked for */
	__u32 unused;
};

/*
 * What a packet amid a bulk flow needs is at the beginning, and fills the line of a cache that finding this memory has fetched: the kernel
 * keeps a pointer before it. What else a packet may need is in the next line.
 */
struct connection {
	struct io io;
	__u32 era; /* request_era when it was looked at last */
	__u32 over; /* closed: nobody will look at it again */
	struct exchange exchange;
	struct unread unread;
	__u64 home; /* cgroup of the unified hierarchy that the socket is of; 0: not asked for yet */
	__u64 cgroup; /* of who used it last, or of who listens if nobody has; 0 if that is not known */
	struct route route;
	__u64 socket; /* its cookie; 0 until it has sent a request */
	struct losses losses; /* of the open request */
	struct service service;
	struct health health;
	struct bpf_spin_lock lock; /* of the counts in health */
};

SHARED_MEMORY struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct connection);
} connections SEC(".maps");

/* Ports that were listened on when we came. */
struct listener {
	__u32 namespace;
	__u32 port;
};

SHARED_MEMORY struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, struct listener);
	__type(value, __u8);
} listeners SEC(".maps");

/* Who listens there now: a connection belongs to that until a thread has used it. */
SHARED_MEMORY struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, struct listener);
	__type(value, __u64);
} listening SEC(".maps");

static __always_inline struct listener listener_of(const struct sock *sk)
{
	return (struct listener){ .namespace = sk->__sk_common.skc_net.net->ns.inum, .port = sk->__sk_common.skc_num };
}

/* The memory of a connection that is older than we are: made when it is first met. */
static __always_inline struct connection *adopt(struct sock *sk)
{
	struct connection *connection = bpf_sk_storage_get(&connections, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	struct listener listener = listener_of(sk);
	struct tcp_sock *tcp;

	if (connection && !connection->exchange.role) {
		tcp = bpf_skc_to_tcp_sock(sk);
		if (tcp) {
			connection->health.sent = tcp->data_segs_out;
			connection->health.received = tcp->data_segs_in;
			connection->health.retransmits = tcp->total_retrans;
		}
		connection->health.era = request_era;
		connection->exchange.segments = REQUEST_EARLY;
		connection->exchange.role = bpf_map_lookup_elem(&listeners, &listener) ? ROLE_SERVER : ROLE_CLIENT;
	}
	return connection;
}

/* The connection's request is over, as far as the thread is concerned that served or sent it. */
static __always_inline void stop_serving(struct connection *connection)
{
	struct service *service = &connection->service;
	struct server_thread *thread;

	if (!service->on && !service->upstream)
		return;
	thread = server_of(service->server, service->pid);
	if (thread && service->on)
		__sync_fetch_and_add(&thread->open, -1);
	if (thread && service->upstream)
		server_answered(thread, bpf_ktime_get_ns());
	service->on = service->upstream = 0;
}

/* Requests came and went meanwhile: only which end we are is still true. */
static __noinline int begin_anew(struct connection *connection)
{
	__u8 role;

	connection->era = request_era;
	stop_serving(connection);
	role = connection->exchange.role;
	__builtin_memset(&connection->exchange, 0, sizeof(connection->exchange));
	connection->exchange.role = role;
	connection->service.since_start = 0;
	connection->unread.since = 0;
	connection->losses.since = 0;
	return 0;
}

/* Before anything is told from the connection, which may not have been looked at for a while. */
static __always_inline void bring_up_to_date(struct connection *connection)
{
	if (unlikely(connection->era != request_era))
		begin_anew(connection);
}
