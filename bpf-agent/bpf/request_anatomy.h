/* SPDX-License-Identifier: Apache-2.0 */
/* Where the parts of a request go, and which thread they are told from. Glue for serving.h; request.bpf.c includes it. */
#pragma once

#include "connections.h"
#include "cpu_rows.h"
#include "results.h"
#include "shed.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, struct request_key);
	__type(value, struct request_sums);
} requests SEC(".maps");

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

static const struct request_sums no_requests = {};
static const struct slowest none_slower = {};

/* Not counted as a whole: of two threads that get the same place the first just loses it. */
volatile __u32 server_threads_begun = 0;

/* The index of the thread that runs now, which gets one if it has none; 0 if it has no memory. */
static __always_inline __u32 serving_index(struct task_struct *task)
{
	struct task_state *state;
	struct server_thread *thread;
	struct cpu *c = this_cpu();
	__u32 index;

	if (!c)
		return 0;
	if (server_of(c->server, task->pid))
		return c->server;
	state = bpf_task_storage_get(&tasks, task, 0, 0);
	if (!state)
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
	if (thread->queued.part[QUEUED_PARTS - 1].ns && (__s64)thread->open <= 0)
		__builtin_memset(thread->queued.part, 0, sizeof(thread->queued.part));
	__sync_fetch_and_add(&thread->open, 1);
	service->on = 1;
	service_begins(service, thread, connection->exchange.start, now,
		       connection->losses.ns + losses_missing(&connection->losses, thread, now));
	return 0;
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

/* Where the tally is counted, or with `estimated` the parts of those whose parts are estimated. NULL if there is no room. */
static __noinline struct request_sums *sums_of(const struct tally *tally, bool estimated)
{
	struct request_key key = { .epoch = tally->epoch };
	struct request_sums *sums;

	key.cgroup = tally->cgroup;
	key.role = tally->role;
	key.estimated = estimated;
	key.bucket = tally->bucket & ~(OCTAVE_BUCKETS - 1);
	sums = requests_of_cpu(&key);
	if (sums)
		return sums;
	sums = bpf_map_lookup_elem(&requests, &key);
	if (!sums) {
		bpf_map_update_elem(&requests, &key, &no_requests, BPF_NOEXIST);
		sums = bpf_map_lookup_elem(&requests, &key);
	}
	if (!sums)
		count_lost(LOST_REQUESTS, 1);
	return sums;
}

static __always_inline void add_duration(struct request_sums *sums, const struct tally *tally)
{
	__sync_fetch_and_add(&sums->count[tally->bucket & (OCTAVE_BUCKETS - 1)], 1);
	__sync_fetch_and_add(&sums->ns, tally->ns);
}

/* A part that has a place of its own. */
static __always_inline void add_part(struct request_sums *sums, __u64 code, __u64 ns)
{
	if (ns)
		__sync_fetch_and_add(&sums->part[part_place(code, 0)], ns);
}

/* Global, so that it is verified once and not in every step of a loop: of numbers only. */
__noinline int add_to_anatomy(__u64 cgroup, __u64 code, __u64 ns, __u32 bucket, __u32 rest)
{
	struct anatomy_key key = { .cgroup = cgroup, .what = code };

	key.band = band_of_bucket(bucket);
	key.role = rest;
	key.estimated = rest >> 8;
	key.epoch = rest >> 16;
	if (!sum_add(sum_at(&anatomy, &key), ns, 1))
		count_lost(LOST_REQUESTS, 1);
	return 0;
}

static __always_inline void add_culprit(const struct tally *tally, __u64 code, __u64 ns)
{
	add_to_anatomy(tally->cgroup, code, ns, tally->bucket,
		       tally->role | (__u32)tally->estimated << 8 | (tally->epoch & 1) << 16);
}

/* The slowest request so far of those that the tally is counted with, if it is not slower than that; else NULL. */
static __always_inline struct slowest *slower_than(struct request_sums *sums, const struct tally *tally)
{
	struct slowest_key key = { .cgroup = tally->cgroup, .role = tally->role, .epoch = tally->epoch };
	struct slowest *one;

	/* Nearly all requests: one of their octave was slower. */
	if (sums->slowest >= tally->ns)
		return NULL;
	sums->slowest = tally->ns;
	one = bpf_map_lookup_elem(&slowest, &key);
	if (!one) {
		bpf_map_update_elem(&slowest, &key, &none_slower, BPF_NOEXIST);
		one = bpf_map_lookup_elem(&slowest, &key);
	}
	return one && one->ns < tally->ns ? one : NULL;
}

/*
 * Keeps a request if it is the slowest: service_part() are its waits for what thread->part says; without a thread there are none.
 * Who is to blame for queues says queued; NULL: there were none. rest is PART_WORK, PART_SHARED or nothing.
 */
static __always_inline void keep_slowest(struct request_sums *sums, const struct tally *tally, const struct service *service,
					 const struct server_thread *thread, const struct service_parts *parts,
					 const struct queued *queued, __u32 rest)
{
	struct slowest *one = slower_than(sums, tally);
	__u64 now;

	if (!one)
		return;
	now = bpf_ktime_get_ns();
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
			one->part[i].ns = thread ? service_part(service, i) : 0;
		}
		one->part[SERVER_PARTS].what = what(PART_UPSTREAM, 0);
		one->part[SERVER_PARTS].ns = parts->upstream_ns;
		one->part[SERVER_PARTS + 1].what = what(PART_UNREAD, 0);
		one->part[SERVER_PARTS + 1].ns = parts->unread_ns;
		for (__u32 i = 0; i < QUEUED_PARTS; i++) {
			one->part[SERVER_PARTS + 4 + i].what = queued ? PART_OF_QUEUE(queued->part[i].what) : 0;
			one->part[SERVER_PARTS + 4 + i].ns = queued ? parts->queued_ns[i] : 0;
		}
		one->part[SERVER_PARTS + 3].what = what(PART_RETRANSMISSION, 0);
		one->part[SERVER_PARTS + 3].ns = parts->lost_ns;
		one->part[SERVER_PARTS + 2].what = what(rest, 0);
		one->part[SERVER_PARTS + 2].ns = parts->work_ns;
	}
	bpf_spin_unlock(&one->lock);
}

/* Where a wait in a request of cgroup is added: PART_PLACES for a culprit to be named. Global, as duration_bucket() is. */
__noinline __u32 wait_place(__u64 what, __u64 ns, __u64 cgroup, __u64 of_ns)
{
	return part_is_small(what, ns, cgroup, of_ns) ? KIND_OTHER : part_place(what, cgroup);
}

/* What a part of a request of cgroup is called in which packets stood in a queue. Global, likewise. */
__noinline __u64 queue_part(__u64 what, __u64 ns, __u64 cgroup, __u64 of_ns)
{
	return PART_OF_QUEUE(part_is_small(what, ns, cgroup, of_ns) ? what(KIND_OTHER, 0) : what);
}

/* The parts of a request in which packets stood in queues. */
static __always_inline void add_queued(const struct tally *tally, const struct queued *queued,
				       const struct service_parts *parts)
{
	for (__u32 i = 0; i < QUEUED_PARTS; i++) {
		__u64 ns = parts->queued_ns[i];

		if (ns)
			add_culprit(tally, queue_part(queued->part[i].what, ns, tally->cgroup, tally->ns), ns);
	}
}

/* The parts of a request that one thread has read and answers now. */
static __noinline int add_service(struct request_sums *sums, const struct tally *tally, struct service *service,
				  struct server_thread *thread, __u64 lost_ns)
{
	struct service_parts parts = service_ends(service, thread, tally->ns, lost_ns);

	for (__u32 i = 0; i < SERVER_PARTS; i++) {
		__u64 what = thread->part[i].what, ns = service->ns[i];
		__u32 place;

		if (i >= service->parts)
			break;
		if (!ns)
			continue;
		place = wait_place(what, ns, tally->cgroup, tally->ns);
		if (place < PART_PLACES)
			__sync_fetch_and_add(&sums->part[place], ns);
		else
			add_culprit(tally, what, ns);
	}
	add_part(sums, what(PART_RETRANSMISSION, 0), parts.lost_ns);
	add_part(sums, what(PART_UPSTREAM, 0), parts.upstream_ns);
	add_part(sums, what(PART_UNREAD, 0), parts.unread_ns);
	add_part(sums, what(PART_WORK, 0), parts.work_ns);
	add_queued(tally, &thread->queued, &parts);
	keep_slowest(sums, tally, service, thread, &parts, &thread->queued, PART_WORK);
	return 0;
}

/* The parts of a request that another thread answers than has read it, or that nobody was seen to read. */
static __noinline int add_shared(struct request_sums *sums, const struct tally *tally, const struct service *service,
				 __u64 lost_ns)
{
	struct service_parts parts = { .work_ns = tally->ns };
	struct request_sums *estimated = tally->estimated ? sums : sums_of(tally, true);

	parts.lost_ns = service_take(&parts.work_ns, lost_ns);
	if (service->on)
		parts.unread_ns = service_take(&parts.work_ns, service->unread_ns);
	if (estimated) {
		add_part(estimated, what(PART_RETRANSMISSION, 0), parts.lost_ns);
		add_part(estimated, what(PART_UNREAD, 0), parts.unread_ns);
		add_part(estimated, what(PART_SHARED, 0), parts.work_ns);
	}
	keep_slowest(sums, tally, service, NULL, &parts, NULL, PART_SHARED);
	return 0;
}

/*
 * The parts of a request that this machine has sent: where the rest of the time went is known to whoever answered. Of queues, queued_ns
 * is what counts; queued is NULL if there were none.
 */
static __noinline int add_sent(struct request_sums *sums, const struct tally *tally, __u64 lost_ns,
			       const struct queued *queued, __u64 queued_ns)
{
	struct service_parts parts = { .upstream_ns = tally->ns };

	parts.lost_ns = service_take(&parts.upstream_ns, lost_ns);
	for (__u32 i = 0; queued && i < QUEUED_PARTS; i++)
		parts.queued_ns[i] = service_take(&parts.upstream_ns, service_take(&queued_ns, queued->part[i].ns));
	add_part(sums, what(PART_RETRANSMISSION, 0), parts.lost_ns);
	add_part(sums, what(PART_UPSTREAM, 0), parts.upstream_ns);
	if (queued)
		add_queued(tally, queued, &parts);
	keep_slowest(sums, tally, NULL, NULL, &parts, queued, PART_WORK);
	return 0;
}
