// SPDX-License-Identifier: Apache-2.0
/* The least that counts bytes of a connection: what is remembered of it is found, and added to. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct counted {
	__u64 received, sent; /* bytes */
};

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct counted);
} counters SEC(".maps");

static __always_inline struct counted *counted_of(struct __sk_buff *packet)
{
	struct bpf_sock *sk = packet->sk;

	return sk ? bpf_sk_storage_get(&counters, sk, 0, BPF_SK_STORAGE_GET_F_CREATE) : 0;
}

SEC("cgroup_skb/ingress")
int counter_in(struct __sk_buff *packet)
{
	struct counted *counted = counted_of(packet);

	if (counted)
		__sync_fetch_and_add(&counted->received, packet->len);
	return 1;
}

SEC("cgroup_skb/egress")
int counter_out(struct __sk_buff *packet)
{
	struct counted *counted = counted_of(packet);

	if (counted)
		__sync_fetch_and_add(&counted->sent, packet->len);
	return 1;
}
