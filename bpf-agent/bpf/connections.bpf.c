// SPDX-License-Identifier: Apache-2.0
/*
 * Follows TCP connections as they come and go, in every network namespace, and finds those that are there when we come.
 */
#include "listening.h"
#include "net_io.h"
#include "task.h"
#include "timed.h"

static __always_inline void tcp_ended(struct sock *sk, int from)
{
	struct connection *connection = bpf_sk_storage_get(&connections, sk, 0, 0);

	if (from == TCP_LISTEN)
		listening_ended(sk);
	if (!connection)
		return;
	io_ends(connection);
	stop_serving(connection);
	if (!connection->exchange.role || is_shed(SHED_ALL_BUT_WAITS))
		return;
	if (from == TCP_SYN_SENT)
		health_failed(sk, connection);
	else
		health_add(sk, connection);
}

static __always_inline void tcp_began(struct sock *sk, enum role role)
{
	struct connection *connection = bpf_sk_storage_get(&connections, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	__u64 now = bpf_ktime_get_ns(), *cgroup;
	struct listener listener;

	if (!connection) {
		count_lost(LOST_CONNECTIONS, 1);
		return;
	}
	__builtin_memset(&connection->exchange, 0, sizeof(connection->exchange));
	__builtin_memset(&connection->service, 0, sizeof(connection->service));
	__builtin_memset(&connection->health, 0, sizeof(connection->health));
	connection->exchange.role = role;
	connection->over = 0;
	connection->era = connection->health.era = request_era;
	/* connect() is called by the thread that wants the connection; the last packet of a handshake comes by itself. */
	if (role == ROLE_CLIENT) {
		connection->cgroup = task_cgroup(bpf_get_current_task_btf());
		connection->health.began = now;
		return;
	}
	connection->exchange.established = now;
	listener = listener_of(sk);
	cgroup = bpf_map_lookup_elem(&listening, &listener);
	connection->cgroup = cgroup ? *cgroup : 0;
	if (!is_shed(SHED_ALL_BUT_WAITS))
		health_accepted(sk, connection);
}

/* A connection that was asked for is there. */
static __always_inline void tcp_connected(struct sock *sk)
{
	struct connection *connection = bpf_sk_storage_get(&connections, sk, 0, 0);

	if (connection && !is_shed(SHED_ALL_BUT_WAITS))
		health_connected(sk, connection);
}

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(on_tcp_state, struct sock *sk, int from, int to)
{
	struct cpu *c = this_cpu();
	enum role role = ROLE_NONE;

	/* Followed even while requests are not timed: later nobody could tell who accepted a connection. */
	if (!c || sk->sk_protocol != IPPROTO_TCP)
		return 0;
	if (to == TCP_CLOSE)
		TIMED(c, PROGRAM_CONNECTION, tcp_ended(sk, from));
	else if (to == TCP_LISTEN)
		TIMED(c, PROGRAM_CONNECTION, listening_began(sk, bpf_get_current_task_btf()));
	else if (to == TCP_ESTABLISHED && from == TCP_SYN_SENT)
		TIMED(c, PROGRAM_CONNECTION, tcp_connected(sk));
	if (to == TCP_ESTABLISHED && from == TCP_SYN_RECV)
		role = ROLE_SERVER;
	else if (to == TCP_SYN_SENT)
		role = ROLE_CLIENT;
	if (role)
		TIMED(c, PROGRAM_CONNECTION, tcp_began(sk, role));
	return 0;
}

/* The socket of TCP that a descriptor is, in one of the states. NULL if it is none. */
static __always_inline struct sock *tcp_of(struct file *file, __u32 states)
{
	struct socket *socket;
	struct sock *sk;

	if (!file)
		return NULL;
	socket = bpf_sock_from_file(file);
	if (!socket)
		return NULL;
	sk = socket->sk;
	if (!sk || sk->sk_protocol != IPPROTO_TCP || !(1u << (sk->__sk_common.skc_state & 31) & states))
		return NULL;
	return sk;
}

/* Run once when the hooks are attached: the ports that are listened on, in every network namespace. */
SEC("iter/task_file")
int find_listeners(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct sock *sk = tcp_of(file, 1u << TCP_LISTEN);
	struct listener listener;
	__u8 yes = 1;

	if (!sk || !task)
		return 0;
	listening_began(sk, task);
	listener = listener_of(sk);
	bpf_map_update_elem(&listeners, &listener, &yes, BPF_ANY);
	return 0;
}

/* And after it: the connections that exist. Those that nobody holds yet are met when they are read. */
SEC("iter/task_file")
int find_connections(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct sock *sk = tcp_of(file, 1u << TCP_ESTABLISHED | 1u << TCP_CLOSE_WAIT);
	struct connection *connection;

	if (!sk || !task)
		return 0;
	connection = adopt(sk);
	if (connection && !connection->cgroup)
		io_turns(connection, task_cgroup(task));
	return 0;
}
