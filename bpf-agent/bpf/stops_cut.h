/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cuts an interval into what quotas stopped and what they did not, where a quota stops whole queues (before 6.18). Pure
 * arithmetic on one CPU's stops.
 *
 * Whoever includes this defines log_sink() as for charge.h, charge(), which takes the rest, count_lost(), and weigh_stops(),
 * which calls stops_weigh() for STOPS_AT_ONCE places from one on: the program's is a function of its own, so that the loop
 * around it stays small for the verifier.
 */
#pragma once

#include "stops.h"

/* As charge(), but the time in which a queue of scan.level was stopped is charged to its quota, and summed in stopped_ns. */
static __always_inline void stops_cut(struct stops *s, __u32 cpu, __u32 slot, __u64 victim, __u64 from, __u64 to)
{
	__u64 known_since = stops_known_since(s);

	s->stopped_ns = 0;
	for (__u32 part = 0; part < STOP_PARTS && from < to; part++) {
		__u64 since, known;

		stops_scan_begin(&s->scan, from, to);
		for (__u32 first = 0; first < STOPS_OPEN + STOPS_PAST; first += STOPS_AT_ONCE)
			weigh_stops(cpu, first);
		since = stops_scan_end(&s->scan);
		if (s->scan.quota) {
			log_sink(slot, victim, what(KIND_THROTTLED, s->scan.quota), to - since);
			if (!s->stopped_ns)
				s->stopped_quota = s->scan.quota;
			s->stopped_ns += to - since;
			to = since;
			continue;
		}
		known = known_since < to ? known_since : to;
		if (known < since)
			known = since;
		if (known < to)
			charge(cpu, slot, victim, known, to);
		if (since < known) {
			log_sink(slot, victim, what(KIND_UNATTRIBUTED, 0), known - since);
			count_lost(LOST_LOG_SHORT, 1);
		}
		to = since;
	}
	if (from < to) {
		log_sink(slot, victim, what(KIND_UNATTRIBUTED, 0), to - from);
		count_lost(LOST_LOG_SHORT, 1);
	}
}
