// SPDX-License-Identifier: Apache-2.0
/* Cgroups that come, go or are renamed, as they do it: short-lived ones have a name, too. */
#include "kernel.h"
#include "memory.h"

int burn_forget(__u64 quota);

static __always_inline void tell(struct cgroup *cgroup, __u32 removed)
{
	struct cgroup_subsys_state *parent = cgroup->self.parent;
	struct cgroup_event *event;

	event = bpf_ringbuf_reserve(&cgroup_events, sizeof(*event), 0);
	if (!event) {
		count_lost(LOST_NAMES, 1);
		return;
	}
	event->id = cgroup->kn->id;
	event->parent = parent ? parent->cgroup->kn->id : 0;
	event->removed = removed;
	bpf_probe_read_kernel_str(event->name, sizeof(event->name), cgroup->kn->name);
	bpf_ringbuf_submit(event, 0);
}

static __always_inline int cgroup_event(struct cgroup *cgroup, __u32 removed)
{
	__u32 here = bpf_get_smp_processor_id();
	struct cpu *mine = bpf_map_lookup_elem(&cpus, &here);

	if (mine && cgroup->root->hierarchy_id == hierarchy_id)
		TIMED(mine, PROGRAM_CGROUP, tell(cgroup, removed));
	return 0;
}

SEC("tp_btf/cgroup_mkdir")
int BPF_PROG(on_cgroup_mkdir, struct cgroup *cgroup)
{
	return cgroup_event(cgroup, 0);
}

SEC("tp_btf/cgroup_rename")
int BPF_PROG(on_cgroup_rename, struct cgroup *cgroup)
{
	return cgroup_event(cgroup, 0);
}

SEC("tp_btf/cgroup_rmdir")
int BPF_PROG(on_cgroup_rmdir, struct cgroup *cgroup)
{
	/* Ids of other hierarchies are the same numbers. */
	if (cgroup->root->hierarchy_id == hierarchy_id)
		burn_forget(cgroup->kn->id);
	return cgroup_event(cgroup, 1);
}
