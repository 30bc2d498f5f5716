/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which packets are told apart where they are sent, while queues of devices hold some. That is needed of those that come to a
 * queue further down, where their socket is not known any more. Of a connection whose packets come to none, one in ROUTE_EVERY is
 * told apart, so that it shows when they do: a tag says of which flow the packet is, and a queue says that the flow comes there.
 * Until then its packets are told by their flow or, if that is not known, as nobody's.
 *
 * Whoever has no memory of a connection, as sockets of UDP have none, tells each packet apart.
 */
#pragma once

#include "net_owner.h"

#define ROUTE_TRIES 64 /* tags in a row that nobody asked for: a burst may be on its way still */
#define ROUTE_EVERY 64

/* Whether a packet needs no tag, which is counted. */
static __always_inline bool route_passes(struct route *route)
{
	if (!route->passes)
		return false;
	route->passes--;
	return true;
}

/* Before a packet of a flow gets a tag: what became of those before it. A flow of which that cannot be known comes to a queue. */
static __always_inline void route_tries(struct route *route, __u64 flow)
{
	struct flow *known = flow_at(flow);
	bool lost = known && known->flow == flow && known->owner && route->flow == flow && !known->queued;

	route->flow = flow;
	route->missed = lost ? route->missed + 1 : 0;
	if (known)
		known->queued = 0;
	if (route->missed < ROUTE_TRIES)
		return;
	route->missed = ROUTE_TRIES;
	route->passes = ROUTE_EVERY - 1;
}

/* A packet without a socket comes to a queue, in which it may not have to wait: so does its flow, as it was where it was sent. */
static __always_inline void route_queues(__u64 packet)
{
	const struct tag *tag = tag_of(packet);
	struct flow *known = tag && tag->packet == packet ? flow_at(tag->flow) : NULL;

	if (known && known->flow == tag->flow)
		known->queued = 1;
}
