// SPDX-License-Identifier: Apache-2.0
/*
 * The kernel's own books: how long each thread waited in its whole life, summed by cgroup when it is freed: an exiting thread
 * still waits for a CPU until its last switch.
 */
#include <linux/bpf.h>
#include "kernel.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u64); /* cgroup id */
	__type(value, __u64); /* ns */
} run_delay_truth SEC(".maps");

SEC("tp_btf/sched_process_free")
int on_free(__u64 *ctx)
{
	struct task_struct *task = (void *)ctx[0];
	struct cgroup *cgroup = task->cgroups->subsys[bpf_core_enum_value(enum cgroup_subsys_id, cpu_cgrp_id)]->cgroup;
	__u64 id = cgroup->kn->id, none = 0, *sum;

	bpf_map_update_elem(&run_delay_truth, &id, &none, BPF_NOEXIST);
	sum = bpf_map_lookup_elem(&run_delay_truth, &id);
	if (sum)
		__sync_fetch_and_add(sum, task->sched_info.run_delay);
	return 0;
}
