// SPDX-License-Identifier: Apache-2.0
/*
 * How long requests took, on both ends of every TCP connection of this machine. Hook glue: it reads headers and the kernel's
 * books, and hands numbers to request.h. Payload is never read.
 *
 * The packets are those that the cgroup hooks at the root show, once each, in whatever network namespace the socket is. They
 * only look: other programs at these hooks decide as before. Which end we are is told by how a connection came to be;
 * for one that is older than we are, by whether its port is listened on.
 *
 * A request belongs to the cgroup of the thread that read it (server) or sent it (client), in the hierarchy of the cpu
 * controller: the socket's own cgroup may be that of whoever made it, or of another hierarchy.
 */
#include "sockets.h"
#include "histogram.h"
#include "results.h"
#include "task.h"
#include "request_tables.h"
#include "shed.h"
#include "timed.h"
#include <bpf/bpf_endian.h>

#define TCP_ESTABLISHED 1
#define TCP_SYN_SENT 2
#define TCP_SYN_RECV 3
#define TCP_CLOSE_WAIT 8
#define TCP_LISTEN 10

#define ETH_P_IP 0x0800
#define IPPROTO_HOPOPTS 0

#define ALLOW 1

struct connection {
	struct exchange exchange;
	__u64 cgroup; /* of who used it last; 0 if nobody has */
};

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct connection);
} connections SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 32768);
	__type(key, struct request_key);
	__type(value, struct sum);
} requests SEC(".maps");

/* Ports that were listened on when we came. */
struct listener {
	__u32 namespace;
	__u32 port;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, struct listener);
	__type(value, __u8);
} listeners SEC(".maps");

static __always_inline struct cpu *this_cpu(void)
{
	__u32 cpu = bpf_get_smp_processor_id();

	return bpf_map_lookup_elem(&cpus, &cpu);
}

static __always_inline struct listener listener_of(const struct sock *sk)
{
	return (struct listener){ .namespace = sk->__sk_common.skc_net.net->ns.inum, .port = sk->__sk_common.skc_num };
}

/* The memory of a connection that is older than we are: made when it is first met. */
static __always_inline struct connection *adopt(struct sock *sk)
{
	struct connection *connection = bpf_sk_storage_get(&connections, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	struct listener listener = listener_of(sk);

	if (connection && !connection->exchange.role)
		connection->exchange.role = bpf_map_lookup_elem(&listeners, &listener) ? ROLE_SERVER : ROLE_CLIENT;
	return connection;
}

static __always_inline void tcp_began(struct sock *sk, enum role role)
{
	struct connection *connection = bpf_sk_storage_get(&connections, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);

	if (!connection) {
		count_lost(LOST_CONNECTIONS, 1);
		return;
	}
	__builtin_memset(connection, 0, sizeof(*connection));
	connection->exchange.role = role;
	/* connect() is called by the thread that wants the connection; the last packet of a handshake comes by itself. */
	if (role == ROLE_CLIENT)
		connection->cgroup = task_cgroup(bpf_get_current_task_btf());
}

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(on_tcp_state, struct sock *sk, int from, int to)
{
	struct cpu *c = this_cpu();
	enum role role = ROLE_NONE;

	if (!c || sk->sk_protocol != IPPROTO_TCP || is_shed(SHED_ALL_BUT_WAITS))
		return 0;
	if (to == TCP_ESTABLISHED && from == TCP_SYN_RECV)
		role = ROLE_SERVER;
	else if (to == TCP_SYN_SENT)
		role = ROLE_CLIENT;
	if (role)
		TIMED(c, PROGRAM_CONNECTION, tcp_began(sk, role));
	return 0;
}

static __always_inline void tcp_read(struct sock *sk)
{
	struct connection *connection = bpf_sk_storage_get(&connections, sk, 0, 0);
	struct tcp_sock *tcp = bpf_skc_to_tcp_sock(sk);

	if (!connection)
		connection = adopt(sk);
	if (!connection || !tcp)
		return;
	connection->cgroup = task_cgroup(bpf_get_current_task_btf());
	if (connection->exchange.role == ROLE_SERVER)
		exchange_read(&connection->exchange, bpf_ktime_get_ns(), tcp->copied_seq);
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

static __noinline void record(struct __sk_buff *skb, struct connection *connection, const struct exchange_end *end)
{
	struct request_key key = { .epoch = epoch & 1 };

	key.cgroup = connection->cgroup;
	if (!key.cgroup)
		key.cgroup = unified ? bpf_skb_cgroup_id(skb) : 1;
	key.role = connection->exchange.role;
	key.estimated = end->estimated;
	key.bucket = end->ns ? bucket_offset(end->ns) : WAIT_ZERO;
	if (!sum_add(sum_at(&requests, &key), end->ns, 1))
		count_lost(LOST_REQUESTS, 1);
}

static __always_inline void tcp_in(struct __sk_buff *skb, struct connection *connection)
{
	struct request_segment segment;
	struct exchange_end end;

	if (!load_segment(skb, &segment) || !segment.length)
		return;
	if (connection->exchange.role == ROLE_SERVER)
		exchange_request(&connection->exchange, bpf_ktime_get_ns(), &segment);
	else if (exchange_response(&connection->exchange, bpf_ktime_get_ns(), &segment, &end))
		record(skb, connection, &end);
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

static __always_inline void tcp_out(struct __sk_buff *skb, struct bpf_sock *sk, struct connection *connection)
{
	struct tcp_sock *tcp = bpf_skc_to_tcp_sock(sk);
	struct request_segment segment;
	struct exchange_end end;

	if (!load_segment(skb, &segment) || !segment.length)
		return;
	if (connection->exchange.role == ROLE_SERVER) {
		if (exchange_response(&connection->exchange, bpf_ktime_get_ns(), &segment, &end))
			record(skb, connection, &end);
		return;
	}
	/* Without the socket's lock it is an acknowledgement that lets the segment go, in whoever's time. */
	if (exchange_request(&connection->exchange, bpf_ktime_get_ns(), &segment) && tcp &&
	    tcp->inet_conn.icsk_inet.sk.sk_lock.owned)
		connection->cgroup = task_cgroup(bpf_get_current_task_btf());
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
		TIMED(c, PROGRAM_OUT, tcp_out(skb, sk, connection));
	return ALLOW;
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
	struct file *file = ctx->file;
	struct sock *sk = tcp_of(file, 1u << TCP_LISTEN);
	struct listener listener;
	__u8 yes = 1;

	if (!sk)
		return 0;
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
		connection->cgroup = task_cgroup(task);
	return 0;
}
