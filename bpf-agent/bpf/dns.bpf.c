// SPDX-License-Identifier: Apache-2.0
/*
 * Follows queries of DNS that this machine's containers send, by UDP and TCP. Glue for dns.h: reads headers of messages, and
 * keeps the books. A query belongs to the cgroup of the thread that sends it or, by TCP, that uses the connection.
 */
#include "connections.h"
#include "dns_packets.h"
#include "results.h"
#include "task.h"
#include <bpf/bpf_endian.h>

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, DNS_OPEN);
	__type(key, struct dns_key);
	__type(value, struct dns_query);
} dns_open SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, struct dns_sums_key);
	__type(value, struct dns_sums);
} dns_results SEC(".maps");

/* Of name servers that found no room there, without their addresses. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 2048);
	__type(key, struct dns_sums_key);
	__type(value, struct dns_sums);
} dns_folded SEC(".maps");

struct dns_stream {
	struct dns_way out, in;
};

/* Only of connections to port 53. */
struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct dns_stream);
} dns_streams SEC(".maps");

/* Entries of dns_open that were made, and that were closed here: what is neither closed, nor there, was lost. */
volatile __u64 dns_opened = 0, dns_closed = 0;

static const struct dns_sums no_dns_sums = {};
static const struct dns_query no_dns_query = {};

static __always_inline struct dns_sums *sums_in(void *map, const struct dns_sums_key *key)
{
	struct dns_sums *sums = bpf_map_lookup_elem(map, key);

	if (sums)
		return sums;
	bpf_map_update_elem(map, key, &no_dns_sums, BPF_NOEXIST);
	return bpf_map_lookup_elem(map, key);
}

/* Counts what became of a query: with its duration if it was answered in time, else ns is 0. */
static __noinline int dns_count(const struct dns_query *query, const struct dns_address *server, __u32 tcp, __u64 ns,
				__u32 error)
{
	struct dns_sums_key key = { .cgroup = query->cgroup, .server = *server, .tcp = tcp, .epoch = epoch & 1 };
	__u32 bucket = error == DNS_TIMEOUT ? 0 : duration_bucket(ns);
	struct dns_sums *sums;

	key.bucket = bucket & ~(DNS_OCTAVE - 1);
	sums = sums_in(&dns_results, &key);
	if (!sums) {
		__builtin_memset(&key.server, 0, sizeof(key.server));
		sums = sums_in(&dns_folded, &key);
	}
	if (!sums) {
		count_lost(LOST_DNS, 1);
		return 0;
	}
	if (error < DNS_ERRORS)
		__sync_fetch_and_add(&sums->failures[error], 1);
	if (error == DNS_TIMEOUT)
		return 0;
	__sync_fetch_and_add(&sums->count[bucket & (DNS_OCTAVE - 1)], 1);
	__sync_fetch_and_add(&sums->ns, ns);
	return 0;
}

/* The other end's address, at the offsets that it has in headers of IPv4 and IPv6. */
static __always_inline void load_address(struct __sk_buff *skb, struct dns_address *address, __u32 in4, __u32 in6)
{
	if (skb->protocol != bpf_htons(ETH_P_IP)) {
		bpf_skb_load_bytes(skb, in6, address, sizeof(*address));
		return;
	}
	address->word[0] = address->word[1] = 0;
	address->word[2] = bpf_htonl(0xffff);
	bpf_skb_load_bytes(skb, in4, &address->word[3], sizeof(address->word[3]));
}

/* Whose query it is: an acknowledgement may let a segment go in whoever's time. */
static __always_inline __u64 asker_of(struct __sk_buff *skb, __u32 tcp)
{
	struct bpf_sock *sk = skb->sk;
	struct connection *connection = tcp && sk ? bpf_sk_storage_get(&connections, sk, 0, 0) : NULL;

	if (connection && connection->cgroup)
		return connection->cgroup;
	return task_cgroup(bpf_get_current_task_btf());
}

static __noinline int dns_asks(struct __sk_buff *skb, const struct dns_key *key)
{
	struct dns_query *query = bpf_map_lookup_elem(&dns_open, key);
	struct dns_address server;
	__u32 place;

	load_address(skb, &server, 16, 24);
	if (!query) {
		if (bpf_map_update_elem(&dns_open, key, &no_dns_query, BPF_NOEXIST))
			count_lost(LOST_DNS, 1);
		query = bpf_map_lookup_elem(&dns_open, key);
		if (!query)
			return 0;
		query->cgroup = asker_of(skb, key->tcp);
		__sync_fetch_and_add(&dns_opened, 1);
	}
	place = dns_place(query, &server);
	for (__u32 i = 0; i < DNS_SERVERS; i++) {
		if (i != place)
			continue;
		if (query->to[i].sent > requests_since)
			dns_count(query, &query->to[i].server, key->tcp, 0, DNS_TIMEOUT);
		query->to[i].server = server;
		query->to[i].sent = bpf_ktime_get_ns();
	}
	return 0;
}

static __noinline int dns_answers(struct __sk_buff *skb, const struct dns_key *key, __u32 flags)
{
	struct dns_query *query = bpf_map_lookup_elem(&dns_open, key);
	enum dns_error error = dns_error_of(flags);
	__u64 now = bpf_ktime_get_ns(), open = 0;
	struct dns_address server;
	__u32 place;

	if (!query)
		return 0;
	load_address(skb, &server, 12, 8);
	place = dns_answered(query, &server);
	for (__u32 i = 0; i < DNS_SERVERS; i++) {
		__u64 sent = query->to[i].sent;

		if (i != place) {
			open |= sent;
			continue;
		}
		query->to[i].sent = 0;
		if (sent <= requests_since)
			continue;
		if (now - sent >= DNS_TIMEOUT_NS)
			dns_count(query, &query->to[i].server, key->tcp, 0, DNS_TIMEOUT);
		else
			dns_count(query, &query->to[i].server, key->tcp, now > sent ? now - sent : 0, error);
	}
	/* That there is no such name is an answer; whoever says something else may be passed over for another. */
	if (open && error != DNS_NO_ERROR && error != DNS_NAME_ERROR)
		return 0;
	if (!bpf_map_delete_elem(&dns_open, key))
		__sync_fetch_and_add(&dns_closed, 1);
	return 0;
}

/* A message. Global, so that it is verified once and not in every step of a segment. */
__noinline int dns_message(struct __sk_buff *skb, __u32 offset, __u32 out, __u32 tcp)
{
	struct dns_header header;
	struct dns_key key = { .tcp = tcp };
	__u16 flags;

	if (bpf_skb_load_bytes(skb, offset, &header, sizeof(header)))
		return 0;
	flags = bpf_ntohs(header.flags);
	key.id = header.id;
	if (out && dns_is_query(flags, &header)) {
		key.socket = bpf_get_socket_cookie(skb);
		dns_asks(skb, &key);
	} else if (!out && dns_is_answer(flags)) {
		key.socket = bpf_get_socket_cookie(skb);
		dns_answers(skb, &key, flags);
	}
	return 0;
}

__noinline int dns_datagram(struct __sk_buff *skb, __u32 payload, __u32 out)
{
	return dns_message(skb, payload, out, 0);
}

/* Lengths and headers of messages in one segment that are looked at: of 8 messages. */
#define DNS_STEPS 16

__noinline int dns_segment(struct __sk_buff *skb, __u32 payload, __u32 out, __u32 sequence, __u32 length)
{
	struct bpf_sock *sk = skb->sk;
	struct dns_stream *stream = sk ? bpf_sk_storage_get(&dns_streams, sk, 0, BPF_SK_STORAGE_GET_F_CREATE) : NULL;
	struct dns_way *way;

	if (!stream) {
		count_lost(LOST_DNS, 1);
		return 0;
	}
	way = out ? &stream->out : &stream->in;
	dns_look(way, sequence);
	for (__u32 i = 0; i < DNS_STEPS; i++) {
		__u32 offset = way->at - sequence;
		__u16 bytes;

		if (offset >= length)
			break;
		if (way->length) {
			dns_message(skb, payload + offset, out, 1);
			way->at += way->length;
			way->length = 0;
			continue;
		}
		if (bpf_skb_load_bytes(skb, payload + offset, &bytes, sizeof(bytes)) ||
		    bpf_ntohs(bytes) < sizeof(struct dns_header)) {
			way->knows = 0;
			break;
		}
		way->length = bpf_ntohs(bytes);
		way->at += sizeof(bytes);
	}
	return 0;
}
