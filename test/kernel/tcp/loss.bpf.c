// SPDX-License-Identifier: Apache-2.0
/* A link that loses packets: for tc, on the way out of a device. */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

SEC("percent1")
int lose_1_percent(struct __sk_buff *skb)
{
	return bpf_get_prandom_u32() % 100 < 1 ? TC_ACT_SHOT : TC_ACT_OK;
}

SEC("percent5")
int lose_5_percent(struct __sk_buff *skb)
{
	return bpf_get_prandom_u32() % 100 < 5 ? TC_ACT_SHOT : TC_ACT_OK;
}

char LICENSE[] SEC("license") = "GPL";
