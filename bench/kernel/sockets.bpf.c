// SPDX-License-Identifier: Apache-2.0
/* Programs that do nothing where the sensor times requests, and one on the tracepoint of tcp_probe: what hooks cost at least. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

SEC("cgroup_skb/ingress")
int empty_in(struct __sk_buff *packet)
{
	(void)packet;
	return 1;
}

SEC("cgroup_skb/egress")
int empty_out(struct __sk_buff *packet)
{
	(void)packet;
	return 1;
}

SEC("tp_btf/tcp_rcv_space_adjust")
int empty_read(void *ctx)
{
	(void)ctx;
	return 0;
}
