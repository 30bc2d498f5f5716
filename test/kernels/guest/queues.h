/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Three senders in namespaces of their own, routed through a shaped device of a node to a sink; and what senders' and sink's
 * stamps say about each packet: how long it took, and whose packets left the device meanwhile.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define SENDERS 3

struct sending {
	int bytes; /* of payload */
	double per_second;
	unsigned pace; /* bytes a second that its socket asks to be held to, which only one of the node itself can; or 0 */
};

/* Between the first and the last departure; ns are sums over a sender's packets. */
struct arrivals_of {
	uint64_t sent, count, ns;
	uint64_t behind_ns[SENDERS]; /* of that, by who left at the begin of each stretch between two departures, or its end */
};

/*
 * Whether the node's device, nic0, can be shaped in that way: lines of arguments of tc, NULL at the end, the first of which
 * replaces what shaped it before.
 */
bool queues_shape(const char *const shape[]);

/* Sends from those cgroups until a time of CLOCK_MONOTONIC, and waits until all has come. prepaid: by the stretches' ends. */
void queues_play(char cgroups[SENDERS][200], const struct sending sendings[SENDERS], uint64_t deadline_ns, bool prepaid,
		 struct arrivals_of arrivals[SENDERS]);

/* Removes the networks. */
void queues_end(void);
