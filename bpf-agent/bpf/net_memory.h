/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The memory of the programs that follow packets. Declarations only; memory.bpf.c has it. All of it is bounded, 6.5 MiB in all.
 */
#pragma once

#include "kernel.h"
#include "shared.h"
#include "net_queue.h"
#include "net_tables.h"
#include "request_queues.h"

#ifndef SHARED_MEMORY
#define SHARED_MEMORY extern
#endif

/* Which of the kernel's reasons to drop a packet is which; set by the sensor before loading. */
extern const volatile __u8 drop_places[DROP_REASONS];
/* The one that netfilter has, whoever of it dropped the packet. */
extern const volatile __u32 netfilter_drop;
/* Those of a receiver that has no room, and of its protocol; 0 where on_packet_dropped_by() says who that is. */
extern const volatile __u32 socket_full_drop, memory_full_drop;

/* How many packets are followed now. */
extern volatile __u64 followed_packets;

/* Whether a queue has been met that holds packets back though its device is idle. */
extern volatile bool paced_queues;

/*
 * Whether packets are told apart where they are sent: a queue held one lately. Set here; one less at each of the sensor's edges.
 */
#define WATCHING 2
extern volatile __u32 watching;

/*
 * Of the packets that arrive, one in so many is looked at; 0 where nobody looks. And the slot that they are counted in. Mapped: the
 * sensor writes both.
 */
extern volatile __u32 arrivals_every;
extern volatile __u32 arrivals_slot;

SHARED_MEMORY struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, struct arrival_key);
	__type(value, struct sum); /* ns is bytes */
} arrivals SEC(".maps");

SHARED_MEMORY struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, NET_QUEUES);
	__type(key, struct net_queue_id);
	__type(value, struct net_queue);
} net_queues SEC(".maps");

/* What a queue begins with: zeros, without a lock, which none may be copied with. */
struct no_queue {
	__u64 words[sizeof(struct net_queue) / 8];
};

SHARED_MEMORY struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct no_queue);
} no_queue SEC(".maps");

/* A packet that stands in a queue and is followed. */
struct followed {
	struct net_queue_id queue;
	__u64 owner;
	__u64 request; /* cookie of the socket whose open request it is of; 0: of none */
	__u64 entered;
	__u64 flow;
	__u64 before; /* the packet of the same flow that came before it, if that stood there then */
	__u32 first, end; /* of a packet that the kernel may divide: what of it is not gone yet; else equal */
	__u32 place; /* of its owner in the queue */
	__u32 generation; /* of the queue when it came */
};

#define FOLLOWED 16384

SHARED_MEMORY struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, FOLLOWED);
	__type(key, __u64); /* the kernel's pointer */
	__type(value, struct followed);
} followed SEC(".maps");

/* The last piece of a packet, by which it is known that all of it is gone if the kernel has divided it. */
struct last_piece {
	struct net_queue_id queue;
	__u64 flow;
	__u64 end;
};

SHARED_MEMORY struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__type(key, struct last_piece);
	__type(value, __u64); /* key in `followed` */
} last_pieces SEC(".maps");

/*
 * Whose a packet is, kept where it leaves its socket's own device for where the socket is not known any more. A table in which each
 * packet has one place, by its pointer: what is old is written over, and nothing has to be taken out.
 */
struct tag {
	__u64 packet;
	__u64 invariant;
	__u64 flow; /* as it is there */
	__u64 owner;
	__u64 request; /* as in struct followed */
	__u64 time;
	__u64 check; /* of all that: whoever finds it half written does not believe it */
};

#define TAGS 8192 /* a power of two */
#define TAG_NS 200000000ull /* from one device of a node to the next a packet takes less, or it is another one */

SHARED_MEMORY struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, TAGS);
	__type(key, __u32);
	__type(value, struct tag);
} tags SEC(".maps");

/* Whose a flow is, likewise: for packets that come without their tags, as pieces and copies do. */
struct flow {
	__u64 flow;
	__u64 owner; /* 0: more than one sends what looks like this flow */
	__u64 time;
	__u64 check;
	__u64 newest; /* its packet that came to a queue last */
	__u64 queued; /* one of its packets has come to a queue since its sender looked */
};

#define FLOWS 8192 /* a power of two */
#define FLOW_NS 10000000000ull

SHARED_MEMORY struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, FLOWS);
	__type(key, __u32);
	__type(value, struct flow);
} flows SEC(".maps");

/* A packet that comes to a queue. */
struct coming {
	struct followed packet;
	__u64 memory; /* the kernel's pointer */
	__u32 divisible;
	__u32 alone; /* its queue is empty */
};

SHARED_MEMORY struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct coming);
} comings SEC(".maps");

struct charges {
	struct net_queue_id queue;
	struct charge charge[QUEUE_OWNERS];
};

SHARED_MEMORY struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct charges);
} charges SEC(".maps");

/* Whose packets left while a victim's stood, and, in a map of its own, how long they stood: of that a victim has only a few. */
SHARED_MEMORY struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__type(key, struct net_queue_key);
	__type(value, struct sum);
} net_blame SEC(".maps");

SHARED_MEMORY struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__type(key, struct net_queue_key);
	__type(value, struct sum);
} net_waits SEC(".maps");

SHARED_MEMORY struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, struct net_io_key);
	__type(value, struct sum); /* ns is bytes */
} net_io SEC(".maps");

SHARED_MEMORY struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, struct net_drop_key);
	__type(value, __u64);
} net_drops SEC(".maps");

/* One more than connection tracking had dropped in a namespace on a CPU when it was looked at last; who was needed least recently goes. */
SHARED_MEMORY struct {
	__uint(type, BPF_MAP_TYPE_LRU_PERCPU_HASH);
	__uint(max_entries, 256);
	__type(key, __u64); /* the namespace's cookie */
	__type(value, __u64);
} conntrack_seen SEC(".maps");
