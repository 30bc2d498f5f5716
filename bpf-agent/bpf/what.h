/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a cell counts for a victim: a kind in the top byte, and below it the cgroup id or the bucket that belongs to it.
 *
 * A cgroup id (kernfs: 32 bits of inode, the generation above) keeps its top byte zero for 2^24 reuses of an inode, so
 * the id of a cgroup is itself the code for "a thread of this cgroup ran".
 */
#pragma once

enum kind {
	KIND_CGROUP = 0,
	KIND_KERNEL = 1,
	KIND_THROTTLED = 2,
	KIND_STEAL = 3,
	KIND_INTERRUPT = 4,
	KIND_SOFTIRQ = 5,
	KIND_IDLE = 6,
	KIND_OTHER = 7,
	KIND_UNATTRIBUTED = 8,
	/* Not parts of a wait: a bucket of the victim's histogram, the time it ran itself, and what of it burned a quota. */
	KIND_WAIT = 16,
	KIND_CPU = 17,
	KIND_BURN = 18,
	/* Not a kind of blame: a cgroup of the unified hierarchy, of whose socket something is told. The sensor knows which one it is. */
	KIND_SOCKET = 24,
	/* Nor is this: no packet had the device, as its queue held all back. Whoever stood there meanwhile stood for itself. */
	KIND_HELD = 25,
};

#define WHAT_SHIFT 56
#define WHAT_ID ((1ull << WHAT_SHIFT) - 1)
#define what(kind, id) ((__u64)(kind) << WHAT_SHIFT | (id))
#define what_kind(w) ((__u32)((w) >> WHAT_SHIFT))

/* One of as many culprits as there are cgroups. Of all else a victim has only a few. */
#define what_is_culprit(w)                                                                                             \
	(what_kind(w) == KIND_CGROUP || what_kind(w) == KIND_SOFTIRQ || what_kind(w) == KIND_THROTTLED)

/* Whom `victim` waited for, where it may be that nobody had what it waited for. */
#define what_for(w, victim) (what_kind(w) == KIND_HELD ? (victim) : (w))

/* The id of KIND_WAIT: the bucket's offset from BUCKET_FIRST, or this for waits of exactly 0 ns. */
#define WAIT_ZERO 0xffff
