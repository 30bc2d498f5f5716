// SPDX-License-Identifier: Apache-2.0
/* A link that loses packets of IP: for tc, on the way in. */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

#define ETH_P_IP 0x0800

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

SEC("percent100")
int lose_all(struct __sk_buff *skb)
{
	/* Who has an address is told all the same. */
	return skb->protocol == bpf_htons(ETH_P_IP) ? TC_ACT_SHOT : TC_ACT_OK;
}

char LICENSE[] SEC("license") = "GPL";
