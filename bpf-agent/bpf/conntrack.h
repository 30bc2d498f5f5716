/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether connection tracking has dropped a packet. The kernel says the same of it as of one that a rule has dropped, but has
 * counted it, right before, in the books of its network namespace on the same CPU. So whoever has seen these books at the
 * drop before knows which of both this one is. Who has not, as at the first one, sees whether the packet belongs to a connection: one
 * that finds no room in the table belongs to none, and one that comes to a rule to mostly does.
 */
#pragma once

#include "kernel.h"
#include "net_memory.h"
#include "packets.h"
#include "sockets.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct ip_conntrack_stat {
	unsigned int drop;
	unsigned int chaintoolong;
};

struct netns_ct {
	struct ip_conntrack_stat *stat; /* of each CPU */
};

struct net___tracked {
	struct netns_ct ct;
	__u64 net_cookie; /* 5.12 and newer: no other namespace ever has it */
};

struct sk_buff___tracked {
	unsigned long _nfct;
};

struct net_device___of_net {
	possible_net_t nd_net;
};

/* A map that has a value for each CPU. */
struct bpf_array {
	void *pptrs[0];
};

#pragma clang attribute pop

static __always_inline struct net *net_of(struct sk_buff *skb)
{
	struct net_device___of_net *dev = (void *)skb->dev;

	/* What is just being sent has no device yet. */
	if (dev)
		return BPF_CORE_READ(dev, nd_net.net);
	return BPF_CORE_READ(skb, sk, __sk_common.skc_net.net);
}

/*
 * How far what this CPU has of something is from where the kernel says that it is. Of a map of our own both are known; the kernel's own
 * table of that is not to be had where it tells no addresses of data (CONFIG_KALLSYMS_ALL).
 */
static __always_inline __u64 cpu_offset(volatile __u64 *memory)
{
	void *here, *everywhere;
	__u32 zero = 0;
	__u64 map;

	here = bpf_map_lookup_elem(&charges, &zero);
	map = number_of(memory, (const void *)&charges);
	map += bpf_core_field_offset(struct bpf_array, pptrs);
	if (!here || bpf_probe_read_kernel(&everywhere, sizeof(everywhere), (const void *)map))
		return 0;
	return number_of(memory, here) - (__u64)everywhere;
}

/* What connection tracking has dropped of a namespace's packets on this CPU so far; false if that cannot be known here. */
static __always_inline bool conntrack_drops(volatile __u64 *memory, struct net *net, __u64 *drops)
{
	struct net___tracked *tracked = (void *)net;
	struct ip_conntrack_stat *books;
	unsigned int drop, crowded;
	__u64 offset;

	if (!net || !bpf_core_field_exists(struct net___tracked, ct.stat) ||
	    !bpf_core_field_exists(struct ip_conntrack_stat, chaintoolong))
		return false;
	books = BPF_CORE_READ(tracked, ct.stat);
	offset = cpu_offset(memory);
	if (!books || !offset)
		return false;
	books = (void *)books + offset;
	if (BPF_CORE_READ_INTO(&drop, books, drop) || BPF_CORE_READ_INTO(&crowded, books, chaintoolong))
		return false;
	*drops = (__u64)drop + crowded;
	return true;
}

/* A name for a namespace; its memory may be another one's later. */
static __always_inline __u64 name_of(struct net *net)
{
	struct net___tracked *tracked = (void *)net;
	__u64 cookie = 0;

	if (bpf_core_field_exists(struct net___tracked, net_cookie))
		cookie = BPF_CORE_READ(tracked, net_cookie);
	return cookie ? cookie : (__u64)net;
}

/* Whether a packet belongs to a connection that is tracked, or to none as it shall not be. */
static __always_inline bool is_tracked(struct sk_buff *skb)
{
	struct sk_buff___tracked *tracked = (void *)skb;

	return bpf_core_field_exists(struct sk_buff___tracked, _nfct) && BPF_CORE_READ(tracked, _nfct);
}

/*
 * Whether it is connection tracking that drops this packet, one that netfilter drops. Of the first one on a CPU of a namespace in which
 * tracking has dropped something before we began it may be wrong: a rule that comes before tracking, or is about packets of no
 * connection.
 */
static __always_inline bool dropped_by_conntrack(volatile __u64 *memory, struct sk_buff *skb)
{
	struct net *net = net_of(skb);
	__u64 namespace, drops, seen = 0;
	const __u64 *known;

	if (!conntrack_drops(memory, net, &drops))
		return false;
	namespace = name_of(net);
	known = bpf_map_lookup_elem(&conntrack_seen, &namespace);
	if (known)
		seen = *known;
	/* Of CPUs that have seen nothing yet there is 0. */
	drops++;
	if (seen != drops)
		bpf_map_update_elem(&conntrack_seen, &namespace, &drops, BPF_ANY);
	return seen ? drops != seen : drops > 1 && !is_tracked(skb);
}
