// SPDX-License-Identifier: Apache-2.0
//
// Bulk over TCP: a sender that keeps its connection full for a while in every interval, and a receiver that throws away
// what it gets. Both cost next to no CPU.
#pragma once

#include <netinet/in.h>
#include "pattern.h"

struct sender {
	struct sockaddr_in address;
	struct pattern pattern; // work_ns is how long, by the wall clock, the connection is kept full in an interval
	int buffer_bytes; // what it has on its way at a time, about: as much stands in front of the slowest link
};

struct receiver {
	struct sockaddr_in address;
};

// Start the threads. What they are given must stay.
void start_sender(const struct sender *sender);
void start_receiver(const struct receiver *receiver);
