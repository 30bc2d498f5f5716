// SPDX-License-Identifier: Apache-2.0
/* Keeps the books of threads that serve requests, while they sleep, wait and run. Knows no kernel structure. */
#include "kernel.h"
#include "servers.h"

__noinline int server_left(__u32 index, __u32 pid, __u32 sleeps)
{
	struct server_thread *thread = server_of(index, pid);

	if (thread && sleeps)
		server_sleeps(thread, bpf_ktime_get_ns());
	return 0;
}

__noinline int server_waited(__u32 index, __u64 what, __u64 ns)
{
	struct server_thread *thread = bpf_map_lookup_elem(&server_threads, &index);

	if (thread)
		server_add(thread, what, ns);
	return 0;
}

__noinline int server_resumed(__u32 index)
{
	struct server_thread *thread = bpf_map_lookup_elem(&server_threads, &index);

	if (thread)
		server_runs(thread, bpf_ktime_get_ns());
	return 0;
}
