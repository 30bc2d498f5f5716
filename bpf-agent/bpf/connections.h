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

struct connection {
	struct exchange exchange;
	__u64 cgroup; /* of who used it last; 0 if nobody has */
	__u64 era; /* request_era when it was looked at last */
	struct service service;
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

static __always_inline struct listener listener_of(const struct sock *sk)
{
	return (struct listener){ .namespace = sk->__sk_common.skc_net.net->ns.inum, .port = sk->__sk_common.skc_num };
}

/* The memory of a connection that is older than we are: made when it is first met. */
static __always_inline struct connection *adopt(struct sock *sk)
{
	struct connection *connection = bpf_sk_storage_get(&connections, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	struct listener listener = listener_of(sk);

	if (connection && !connection->exchange.role) {
		connection->exchange.segments = REQUEST_EARLY;
		connection->exchange.role = bpf_map_lookup_elem(&listeners, &listener) ? ROLE_SERVER : ROLE_CLIENT;
	}
	return connection;
}

/* The connection's request is over, as far as the thread is concerned that served or sent it. */
static __always_inline void stop_serving(struct connection *connection)
{
	struct service *service = &connection->service;
	struct server_thread *thread = server_of(service->server, service->pid);

	if (thread && service->on)
		__sync_fetch_and_add(&thread->open, -1);
	if (thread && service->upstream)
		server_answered(thread, bpf_ktime_get_ns());
	service->on = service->upstream = 0;
}

/*
 * Before anything is told from the connection: if it was not looked at for a while, requests came and went meanwhile, and only
 * which end we are is still true.
 */
static __noinline int bring_up_to_date(struct connection *connection)
{
	__u8 role;

	if (connection->era == request_era)
		return 0;
	connection->era = request_era;
	stop_serving(connection);
	role = connection->exchange.role;
	__builtin_memset(&connection->exchange, 0, sizeof(connection->exchange));
	connection->exchange.role = role;
	connection->service.since_start = 0;
	return 0;
}
