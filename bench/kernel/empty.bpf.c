// SPDX-License-Identifier: Apache-2.0
/* Programs that do nothing, on the two hooks that every run-queue latency tool has: what a hook costs at least. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

SEC("tp_btf/sched_switch")
int empty_switch(void *ctx)
{
	(void)ctx;
	return 0;
}

SEC("tp_btf/sched_wakeup")
int empty_wakeup(void *ctx)
{
	(void)ctx;
	return 0;
}
