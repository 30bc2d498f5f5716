/* SPDX-License-Identifier: Apache-2.0 */
/* Where the parts of a request go, and which thread they are told from. Glue for serving.h; request.bpf.c includes it. */
#pragma once

#include "connections.h"
#include "histogram.h"
#include "results.h"
#include "shed.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 32768);
	__type(key, struct anatomy_key);
	__type(value, struct sum);
} anatomy SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__type(key, struct slowest_key);
	__type(value, struct slowest);
} slowest SEC(".maps");

static const struct slowest none_slower = {};

/* Not counted as a whole: of two threads that get the same place the first just loses it. */
volatile __u32 server_threads_begun = 0;

/* The index of the thread that runs now, which gets one if it has none; 0 if it has no memory. */
static __always_inline __u32 serving_index(struct task_struct *task)
{
	struct task_state *state = bpf_task_storage_get(&tasks, task, 0, 0);
	struct server_thread *thread;
	struct cpu *c = this_cpu();
	__u32 index;

	if (!state || !c)
		return 0;
	if (server_of(state->server, task->pid))
		return state->server;
	index = 1 + server_threads_begun++ % (SERVER_THREADS - 1);
	thread = bpf_map_lookup_elem(&server_threads, &index);
	if (!thread)
		return 0;
	server_begin(thread, task->pid);
	c->server = state->server = index;
	return index;
}

/* A thread reads the first bytes of a request. */
static __noinline int start_serving(struct connection *connection, __u64 now)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct service *service = &connection->service;
	__u32 index = serving_index(task);
	struct server_thread *thread = server_of(index, task->pid);

	stop_serving(connection);
	if (service->server != index || service->pid != (__u32)task->pid)
		service->since_start = 0;
	service->server = index;
	service->pid = task->pid;
	if (!thread)
		return 0;
	/* The parts are full: while no request remembers them they may begin anew. */
	if (thread->parts == SERVER_PARTS && (__s64)thread->open <= 0) {
		thread->parts = 0;
		thread->generation++;
	}
	__sync_fetch_and_add(&thread->open, 1);
	service->on = 1;
	service_begins(service, thread, connection->exchange.start, now);
	return 0;
}

/* Global, so that 6.1 verifies it for any ns at all, which it can, and not for what it thinks of those that come. */
__noinline int request_bucket(__u64 ns)
{
	return ns ? bucket_offset(ns) : WAIT_ZERO;
}

/* What a request is counted under. */
struct tally {
	__u64 cgroup;
	__u64 ns;
	__u32 epoch;
	__u16 bucket;
	__u8 role;
	bool estimated; /* an exchange */
	__u16 family, port; /* of the peer */
	__u32 address[4];
};

static __noinline int add_part(const struct tally *tally, __u64 code, __u64 ns, bool estimated)
{
	struct anatomy_key key = { .what = code };

	if (!tally || !ns)
		return 0;
	key.cgroup = tally->cgroup;
	key.band = (((int)tally->bucket + BUCKET_FIRST) >> 3) + 1;
	key.role = tally->role;
	key.estimated = estimated;
	key.epoch = tally->epoch;
	if (!sum_add(sum_at(&anatomy, &key), ns, 1))
		count_lost(LOST_REQUESTS, 1);
	return 0;
}

/* The slowest request so far of those that the tally is counted with, if it is not slower than that; else NULL. */
static __always_inline struct slowest *slower_than(const struct tally *tally)
{
	struct slowest_key key = { .cgroup = tally->cgroup, .role = tally->role, .epoch = tally->epoch };
	struct slowest *one = bpf_map_lookup_elem(&slowest, &key);

	if (!one) {
		bpf_map_update_elem(&slowest, &key, &none_slower, BPF_NOEXIST);
		one = bpf_map_lookup_elem(&slowest, &key);
	}
	return one && one->ns < tally->ns ? one : NULL;
}

/*
 * Keeps a request if it is the slowest: service->ns are its waits for what thread->part says; without a thread there are none.
 * rest is PART_WORK, PART_SHARED or nothing.
 */
static __always_inline void keep_slowest(const struct tally *tally, const struct service *service,
					 const struct server_thread *thread, const struct service_parts *parts, __u32 rest)
{
	struct slowest *one = slower_than(tally);
	__u64 now = bpf_ktime_get_ns();

	if (!one)
		return;
	bpf_spin_lock(&one->lock);
	if (one->ns < tally->ns) {
		one->ns = tally->ns;
		one->ended = now;
		one->estimated = tally->estimated;
		one->parts_estimated = rest == PART_SHARED;
		one->family = tally->family;
		one->port = tally->port;
		for (__u32 i = 0; i < 4; i++)
			one->address[i] = tally->address[i];
		for (__u32 i = 0; i < SERVER_PARTS; i++) {
			one->part[i].what = thread ? thread->part[i].what : 0;
			one->part[i].ns = thread ? service->ns[i] : 0;
		}
		one->part[SERVER_PARTS].what = what(PART_UPSTREAM, 0);
		one->part[SERVER_PARTS].ns = parts->upstream_ns;
		one->part[SERVER_PARTS + 1].what = what(PART_UNREAD, 0);
		one->part[SERVER_PARTS + 1].ns = parts->unread_ns;
		one->part[SERVER_PARTS + 2].what = what(rest, 0);
		one->part[SERVER_PARTS + 2].ns = parts->work_ns;
	}
	bpf_spin_unlock(&one->lock);
}

/* The parts of a request that one thread has read and answers now. */
static __noinline int add_service(const struct tally *tally, struct service *service, struct server_thread *thread)
{
	struct service_parts parts = service_ends(service, thread, tally->ns);

	__u64 other = 0;

	for (__u32 i = 0; i < SERVER_PARTS; i++) {
		if (i >= thread->parts)
			break;
		if (part_is_small(thread->part[i].what, service->ns[i], tally->cgroup, tally->ns))
			other += service->ns[i];
		else
			add_part(tally, thread->part[i].what, service->ns[i], tally->estimated);
	}
	add_part(tally, what(KIND_OTHER, 0), other, tally->estimated);
	add_part(tally, what(PART_UPSTREAM, 0), parts.upstream_ns, tally->estimated);
	add_part(tally, what(PART_UNREAD, 0), parts.unread_ns, tally->estimated);
	add_part(tally, what(PART_WORK, 0), parts.work_ns, tally->estimated);
	keep_slowest(tally, service, thread, &parts, PART_WORK);
	return 0;
}

/* The parts of a request that another thread answers than has read it, or that nobody was seen to read. */
static __noinline int add_shared(const struct tally *tally, const struct service *service)
{
	struct service_parts parts = { .work_ns = tally->ns };

	if (service->on)
		parts.unread_ns = service_take(&parts.work_ns, service->unread_ns);
	add_part(tally, what(PART_UNREAD, 0), parts.unread_ns, true);
	add_part(tally, what(PART_SHARED, 0), parts.work_ns, true);
	keep_slowest(tally, service, NULL, &parts, PART_SHARED);
	return 0;
}

/* The parts of a request that this machine has sent: where the time went is known to whoever answered. */
static __noinline int add_sent(const struct tally *tally, const struct service *service)
{
	struct service_parts parts = { .upstream_ns = tally->ns };

	add_part(tally, what(PART_UPSTREAM, 0), tally->ns, tally->estimated);
	keep_slowest(tally, service, NULL, &parts, PART_WORK);
	return 0;
}
