/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packets of requests that are open on the client's side, in queues of devices: written by the programs that follow packets, read when
 * an answer comes. Glue for queued.h. Declarations only; memory.bpf.c has the memory, 0.7 MB.
 */
#pragma once

#include "kernel.h"
#include "shared.h"
#include "net_tables.h"
#include "queued.h"

#ifndef SHARED_MEMORY
#define SHARED_MEMORY extern
#endif

/* Packets of open requests that stand in queues now. While there are some, departures are remembered. */
extern volatile __u64 requests_in_queues;

/* Requests of which packets have stood in queues: those of the connections that were seen last. */
SHARED_MEMORY struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, __u64); /* cookie of the socket */
	__type(value, struct queued);
} queued_requests SEC(".maps");

SHARED_MEMORY struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, NET_QUEUES);
	__type(key, struct net_queue_id);
	__type(value, struct departures);
} departures SEC(".maps");
