/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The memory that all kernel programs share, and what the sensor tells them. Declarations only: memory.bpf.c has it.
 */
#pragma once

#include "kernel.h"
#include "shared.h"
#include "pending.h"
#include "state.h"
#include "serving.h"
#include "shed.h"
#include "timed.h"

#ifndef SHARED_MEMORY
#define SHARED_MEMORY extern
#endif

/* Set by the sensor before loading: true where the unified hierarchy carries the cpu controller. */
extern const volatile bool unified;
extern const volatile int hierarchy_id;

/* True before 6.18: a quota stops a whole queue, and not the threads in it one by one. */
extern const volatile bool quotas_stop_queues;

/* The function of the timers that end the periods of quotas; 0 until anything ran under one. */
extern volatile __u64 period_timer;

/* Which of the two sets of tables is written to. The sensor flips it and waits for running programs to end. */
extern volatile __u32 epoch;

/* Goes up whenever requests are timed again after they were not: what is remembered of connections is void then. */
extern volatile __u32 request_era;

/* When requests were timed again, CLOCK_MONOTONIC: what was open before may have been answered unseen, and is forgotten. */
extern volatile __u64 requests_since;

/* Set by the sensor when the hooks are attached. */
extern volatile bool hooked;

SHARED_MEMORY struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* CPUs, set by the sensor */
	__type(key, __u32);
	__type(value, struct cpu);
} cpus SEC(".maps");

SHARED_MEMORY struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 2); /* 2 x CPUs, set by the sensor: index is cpu * 2 + epoch */
	__type(key, __u32);
	__type(value, struct cells);
} tables SEC(".maps");

/* What finds no place in its CPU's table: culprits, and in a map of its own all that a victim has only a few of. */
SHARED_MEMORY struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__type(key, struct spill_key);
	__type(value, struct sum);
} spill SEC(".maps");

SHARED_MEMORY struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__type(key, struct spill_key);
	__type(value, struct sum);
} spill_own SEC(".maps");

SHARED_MEMORY struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, struct stall_key);
	__type(value, struct sum);
} stalls SEC(".maps");

SHARED_MEMORY struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 19);
} cgroup_events SEC(".maps");

SHARED_MEMORY struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct task_state);
} tasks SEC(".maps");

SHARED_MEMORY struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, struct pending);
} pending SEC(".maps");

/* Threads that serve requests. A thread that reads its first one takes the next place, from whoever has it; 0 is nobody's. */
#define SERVER_THREADS 4096

SHARED_MEMORY struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, SERVER_THREADS);
	__type(key, __u32);
	__type(value, struct server_thread);
} server_threads SEC(".maps");

SHARED_MEMORY struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__type(key, struct long_wait_key);
	__type(value, struct long_wait);
} long_waits SEC(".maps");

/* Tasks that got no memory in `tasks`, by pid. All others have some, even when it cannot be looked up. */
SHARED_MEMORY struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, __u8);
} homeless SEC(".maps");

/* The program that runs now: counts what it could not know. */
static __noinline void count_lost(enum lost reason, __u64 n)
{
	__u32 cpu = bpf_get_smp_processor_id();
	struct cpu *c = bpf_map_lookup_elem(&cpus, &cpu);

	if (c)
		c->lost[reason] += n;
}

/* The memory of the CPU that the program runs on. */
static __always_inline struct cpu *this_cpu(void)
{
	__u32 cpu = bpf_get_smp_processor_id();

	return bpf_map_lookup_elem(&cpus, &cpu);
}
