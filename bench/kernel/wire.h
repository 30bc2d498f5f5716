/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the two ends of a load are: on a loopback device, or at the ends of a veth pair. Either is in network namespaces that
 * this process makes and that end with it: no port and no address can be taken, and the host's network is not touched.
 */
#pragma once

#include <stdint.h>

struct wire {
	const char *address; /* of the far end */
	const char *device; /* of the near end */
	int near, far; /* network namespaces */
};

/* Makes one by name, "loopback" or "veth", and leaves this process at its near end. */
struct wire wire_make(const char *name);

/* Puts this process into one of the two namespaces; sockets stay in the one that they were made in. */
void wire_go(int network);

/* What the near end's device has sent so far, bytes. */
uint64_t wire_sent(const struct wire *wire);
