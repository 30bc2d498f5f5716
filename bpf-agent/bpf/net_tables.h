/* SPDX-License-Identifier: Apache-2.0 */
/* What the programs that follow packets and the sensor say to each other: keys of maps. Nothing here computes. */
#pragma once

#include <linux/bpf.h>
#include "what.h"

/*
 * A code of an owner of packets: as what.h has it for whoever has a CPU, a cgroup of the hierarchy of the CPU controller; or whose
 * socket it is, a cgroup of the unified hierarchy, which the sensor finds by its path where the two are not one.
 */
#define OWNER_SOCKET(id) what(KIND_SOCKET, id)
#define OWNER_UNKNOWN what(KIND_UNATTRIBUTED, 0)
#define OWNER_KERNEL what(KIND_KERNEL, 0)
/* Somebody whose packets can have waited: a cgroup. */
#define owner_is_somebody(code) (what_kind(code) == KIND_CGROUP || what_kind(code) == KIND_SOCKET)

/* Packets of victim stood in a queue: how long by bucket (KIND_WAIT), or whose left meanwhile (as what.h). */
struct net_queue_key {
	__u64 victim;
	__u64 what;
	__u64 device[2]; /* its name */
	__u64 epoch;
};

enum net_direction {
	NET_RECEIVE,
	NET_TRANSMIT,
	NET_DIRECTIONS,
};

struct net_io_key {
	__u64 owner;
	__u32 direction;
	__u32 epoch;
};

/* Packets that the kernel dropped. */
struct net_drop_key {
	__u64 owner; /* 0: nobody can be told from the packet */
	__u32 reason; /* enum skb_drop_reason of this kernel */
	__u16 conntrack; /* of those that netfilter drops: by connection tracking, not by a rule */
	__u16 epoch;
};

/* Where packets are dropped; the sensor says which of the kernel's reasons is which. */
enum drop_place {
	DROP_NONE, /* no loss */
	DROP_QUEUE,
	DROP_SOCKET,
	DROP_BACKLOG,
	DROP_CONNTRACK,
	DROP_POLICY,
	DROP_OTHER,
};
#define NAMES_OF_DROP_PLACES                                                                                           \
	{                                                                                                              \
		"", "queue", "socket", "backlog", "conntrack", "policy", "other"                                       \
	}
#define DROP_REASONS 256 /* of the kernel itself; reasons of its subsystems are above */

/* Packets that the receive side of a CPU took up while more came than it could take. */
struct arrival_key {
	__u64 owner; /* who sent them */
	__u32 cpu;
	__u32 slot; /* between which of the sensor's looks: they take turns */
};

struct net_queue_id {
	__u64 device; /* the kernel's pointer */
	__u32 queue;
	__u32 unused;
};

#define NET_QUEUES 256
