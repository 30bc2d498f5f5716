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

/* What no stop covers of an interval: before scan.known_since one may have been forgotten. */
static __always_inline void stops_charge_rest(struct stops *s, __u32 cpu, __u64 from, __u64 to)
{
	__u64 known = s->scan.known_since < to ? s->scan.known_since : to;

	if (known < from)
		known = from;
	if (known < to)
		charge(cpu, s->scan.slot, s->scan.victim, known, to);
	if (from < known) {
		log_sink(s->scan.slot, s->scan.victim, what(KIND_UNATTRIBUTED, 0), known - from);
		count_lost(LOST_LOG_SHORT, 1);
	}
}

/* As charge(), but the time in which a queue of scan.level was stopped is charged to its quota, and summed in stopped_ns. */
static __always_inline void stops_cut(struct stops *s, __u32 cpu, __u32 slot, __u64 victim, __u64 from, __u64 to)
{
	s->scan.slot = slot;
	s->scan.victim = victim;
	s->scan.known_since = stops_known_since(s);
	s->stopped_ns = 0;
	for (__u32 part = 0; part < STOP_PARTS && from < to; part++) {
		__u64 since;

		stops_scan_begin(&s->scan, from, to);
		for (__u32 first = 0; first < STOPS_OPEN + STOPS_PAST; first += STOPS_AT_ONCE)
			weigh_stops(cpu, first);
		since = stops_scan_end(&s->scan);
		if (s->scan.quota) {
			log_sink(s->scan.slot, s->scan.victim, what(KIND_THROTTLED, s->scan.quota), to - since);
			if (!s->stopped_ns)
				s->stopped_quota = s->scan.quota;
			s->stopped_ns += to - since;
		} else {
			stops_charge_rest(s, cpu, since, to);
		}
		to = since;
	}
	if (from < to) {
		log_sink(s->scan.slot, s->scan.victim, what(KIND_UNATTRIBUTED, 0), to - from);
		count_lost(LOST_LOG_SHORT, 1);
	}
}
