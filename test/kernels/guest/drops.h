/* SPDX-License-Identifier: Apache-2.0 */
/* A sender in a namespace of its own whose packets are dropped in several places; how many where, by the kernel's books. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct dropped {
	uint64_t by_queue, by_socket; /* by tc -s qdisc, and by /proc/net/snmp */
	uint64_t by_rule, by_tracking; /* by the rule's own counter, and by /proc/net/stat/nf_conntrack */
};

/* Why it cannot be played on this machine; NULL if it can. */
const char *drops_obstacle(int hierarchy);

/*
 * Sends from that cgroup more than a queue takes, to somebody who reads nothing of what comes through; then what a rule drops; so
 * many new connections that the table has no room, and to the rule, both at once; and what the rule drops again.
 */
struct dropped drops_play(const char *cgroup);
