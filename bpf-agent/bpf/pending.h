/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The culprits of a wait's closed pieces, kept while the wait goes on in another CPU's queue: a wait is booked in full
 * when it closes. Pure arithmetic.
 */
#pragma once

#define PENDING_PARTS 32 /* a power of two; the last one is "other" when all are in use */

struct pending {
	__u64 parts;
	struct {
		__u64 what; /* what.h */
		__u64 ns;
	} part[PENDING_PARTS];
};

/* Adds ns for a culprit. False if all parts are other culprits': the last part then holds the smallest, as "other". */
static __always_inline bool pending_add(struct pending *p, __u64 code, __u64 ns)
{
	__u32 smallest = 0;

	for (__u32 i = 0; i < PENDING_PARTS - 1; i++) {
		if (i < p->parts && p->part[i].ns < p->part[smallest & (PENDING_PARTS - 1)].ns)
			smallest = i;
		if (i < p->parts && p->part[i].what != code)
			continue;
		if (i >= p->parts) {
			p->parts = i + 1;
			p->part[i].what = code;
			p->part[i].ns = 0;
		}
		p->part[i].ns += ns;
		return true;
	}
	p->part[PENDING_PARTS - 1].what = what(KIND_OTHER, 0);
	if (p->parts < PENDING_PARTS) {
		p->parts = PENDING_PARTS;
		p->part[PENDING_PARTS - 1].ns = 0;
	}
	if (ns > p->part[smallest & (PENDING_PARTS - 1)].ns) {
		__u64 folded = p->part[smallest & (PENDING_PARTS - 1)].ns;

		p->part[smallest & (PENDING_PARTS - 1)].what = code;
		p->part[smallest & (PENDING_PARTS - 1)].ns = ns;
		ns = folded;
	}
	p->part[PENDING_PARTS - 1].ns += ns;
	return false;
}
