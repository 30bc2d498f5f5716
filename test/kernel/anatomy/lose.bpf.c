// SPDX-License-Identifier: Apache-2.0
/* Links that lose chosen segments of TCP over IPv4: for tc, on the way into a device. */
#include <stdbool.h>
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/pkt_cls.h>
#include <linux/tcp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct segment {
	__u32 ports;
	__u32 sequence;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, struct segment);
	__type(value, __u64); /* when it was lost first */
} lost SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32); /* ports */
	__type(value, __u32); /* segments so far */
} counts SEC(".maps");

/* Its segment; length is that of its payload. False if it is none of TCP with payload. */
static __always_inline bool load(struct __sk_buff *skb, struct segment *segment, __u32 *length)
{
	struct iphdr ip;
	struct tcphdr tcp;
	__u32 at = sizeof(struct ethhdr);

	if (skb->protocol != bpf_htons(ETH_P_IP) || bpf_skb_load_bytes(skb, at, &ip, sizeof(ip)) ||
	    ip.protocol != 6)
		return false;
	at += ip.ihl * 4;
	if (bpf_skb_load_bytes(skb, at, &tcp, sizeof(tcp)))
		return false;
	segment->ports = (__u32)tcp.source << 16 | tcp.dest;
	segment->sequence = bpf_ntohl(tcp.seq);
	*length = skb->len - at - tcp.doff * 4;
	return *length;
}

/* What has payload is lost the first time. */
SEC("once")
int lose_once(struct __sk_buff *skb)
{
	__u64 now = bpf_ktime_get_ns();
	struct segment segment;
	__u32 length;

	if (!load(skb, &segment, &length) || bpf_map_update_elem(&lost, &segment, &now, BPF_NOEXIST))
		return TC_ACT_OK;
	return TC_ACT_SHOT;
}

/* The second segment of each connection is lost for 100 ms, however often it is sent. */
SEC("second")
int lose_second(struct __sk_buff *skb)
{
	__u64 now = bpf_ktime_get_ns(), *since;
	struct segment segment;
	__u32 length, one = 1, *count;

	if (!load(skb, &segment, &length))
		return TC_ACT_OK;
	since = bpf_map_lookup_elem(&lost, &segment);
	if (since)
		return now - *since < 100000000 ? TC_ACT_SHOT : TC_ACT_OK;
	count = bpf_map_lookup_elem(&counts, &segment.ports);
	if (!count) {
		bpf_map_update_elem(&counts, &segment.ports, &one, BPF_ANY);
		return TC_ACT_OK;
	}
	if (++*count != 2)
		return TC_ACT_OK;
	bpf_map_update_elem(&lost, &segment, &now, BPF_ANY);
	return TC_ACT_SHOT;
}

char LICENSE[] SEC("license") = "GPL";
