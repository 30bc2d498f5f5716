/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Threads that serve requests, for the programs that see them come and go: by the index that a thread's task_state has, 0 for
 * threads that serve none. servers.bpf.c has the functions.
 */
#pragma once

#include "memory.h"

/* What is remembered of a thread as a server. NULL if it serves none, or if its place has been given to another. */
static __always_inline struct server_thread *server_of(__u32 index, __u32 pid)
{
	struct server_thread *thread = index ? bpf_map_lookup_elem(&server_threads, &index) : NULL;

	return thread && thread->pid == pid ? thread : NULL;
}

/* The thread gets this CPU. Returns its index, or 0 if that is not its own any more. */
int server_comes(__u32 index, __u32 pid);

/* The thread that had this CPU leaves it, to sleep or to wait. */
int server_left(__u32 index, __u32 pid, __u32 sleeps);

/* A piece of the wait that is being booked on this CPU, whose memory says for whom. */
int booked(__u32 cpu, __u64 what, __u64 ns);

/* The wait that was noted on this CPU is cgroup's: keeps it if none in this epoch was longer. */
int keep_longest(__u32 cpu, __u64 cgroup, __u32 epoch);

/* The thread has this CPU; its wait has been told. */
int server_resumed(__u32 index);
