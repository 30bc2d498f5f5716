// SPDX-License-Identifier: Apache-2.0
/*
 * Keeps the books of threads that serve requests, while they sleep, wait and run, and the longest wait of every cgroup. Knows
 * no kernel structure.
 */
#include "kernel.h"
#include "servers.h"

__noinline int server_comes(__u32 index, __u32 pid)
{
	return server_of(index, pid) ? index : 0;
}

__noinline int server_left(__u32 index, __u32 pid, __u32 sleeps)
{
	struct server_thread *thread = server_of(index, pid);

	if (thread && sleeps)
		server_sleeps(thread, bpf_ktime_get_ns());
	return 0;
}

__noinline int booked(__u32 cpu, __u64 what, __u64 ns)
{
	struct cpu *c = bpf_map_lookup_elem(&cpus, &cpu);
	struct server_thread *thread;
	__u32 index;

	if (!c)
		return 0;
	if (c->noting)
		long_wait_add(&c->noted, what, ns);
	index = c->booking;
	thread = index ? bpf_map_lookup_elem(&server_threads, &index) : NULL;
	if (thread)
		server_add(thread, what, ns);
	return 0;
}

/* Nobody else writes what was noted here: the run-queue's lock is held. It goes into the map as a whole. */
__noinline int keep_longest(__u32 cpu, __u64 cgroup, __u32 epoch)
{
	struct long_wait_key key = { .cgroup = cgroup, .epoch = epoch };
	struct cpu *c = bpf_map_lookup_elem(&cpus, &cpu);
	struct long_wait *longest = bpf_map_lookup_elem(&long_waits, &key);

	if (!c || (longest && longest->ns >= c->noted.ns))
		return 0;
	c->noted.ended = bpf_ktime_get_ns();
	bpf_map_update_elem(&long_waits, &key, &c->noted, BPF_ANY);
	return 0;
}

__noinline int server_resumed(__u32 index)
{
	struct server_thread *thread = bpf_map_lookup_elem(&server_threads, &index);

	if (thread)
		server_runs(thread, bpf_ktime_get_ns());
	return 0;
}
