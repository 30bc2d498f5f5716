// SPDX-License-Identifier: Apache-2.0
/* The memory that memory.h declares. No program is here. */
#include "kernel.h"
#define SHARED_MEMORY
#include "memory.h"
#include "connections.h"
#include "peers.h"
#include "listening.h"
#include "net_memory.h"
#include "cpu_rows.h"

char LICENSE[] SEC("license") = "GPL";

const volatile bool unified = false;
const volatile int hierarchy_id = 0;
const volatile bool quotas_stop_queues = false;
volatile __u64 period_timer = 0;
volatile __u32 epoch = 0;
volatile __u32 request_era = 0;
volatile __u64 requests_since = 0;
volatile bool hooked = false;
volatile __u32 shed = 0;
volatile __u32 watching = 0;
volatile bool paced_queues = false;
volatile __u32 arrivals_every = 0;
volatile __u32 arrivals_slot = 0;
const volatile __u8 drop_places[DROP_REASONS] = {};
const volatile __u32 netfilter_drop = 0;
const volatile __u32 socket_full_drop = 0;
const volatile __u32 memory_full_drop = 0;

/* Written for packets, by any CPU: not among what all of them read. */
volatile __u64 followed_packets __attribute__((aligned(64))) = 0;
volatile __u64 requests_in_queues = 0;
volatile __u32 peers_named[2] = {};
