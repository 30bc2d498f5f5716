/* SPDX-License-Identifier: Apache-2.0 */
/* The longest wait of a cgroup in an interval, and what it was for. Pure arithmetic. */
#pragma once

#define LONG_WAIT_NS 1000000ull /* shorter waits are nobody's worst case, and are not looked at */
#define LONG_WAIT_PARTS 8 /* the last one takes what finds no place, as "other" */

struct worst_part {
	__u64 what; /* what.h, or a part of a request */
	__u64 ns;
};

struct long_wait {
	__u64 ns;
	__u64 ended; /* CLOCK_MONOTONIC */
	__u64 parts;
	struct worst_part part[LONG_WAIT_PARTS];
};

/* A piece of the wait. */
static __always_inline void long_wait_add(struct long_wait *w, __u64 what, __u64 ns)
{
	w->ns += ns;
	for (__u32 i = 0; i < LONG_WAIT_PARTS; i++) {
		if (i >= w->parts) {
			w->parts = i + 1;
			w->part[i].what = what;
			w->part[i].ns = 0;
		}
		if (w->part[i].what != what && i < LONG_WAIT_PARTS - 1)
			continue;
		if (w->part[i].what != what)
			w->part[i].what = what(KIND_OTHER, 0);
		w->part[i].ns += ns;
		return;
	}
}
