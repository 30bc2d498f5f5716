// SPDX-License-Identifier: Apache-2.0
/*
 * bulk_pairs ROUNDS MS WIRE NAME=OBJECT...: what one bulk connection (bulk.h) loses to kernel programs, attached and detached in
 * turns (in_turns.h). A unit is a million bytes of what the sending device has sent.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "bulk.h"
#include "in_turns.h"

static uint64_t sent(void *of)
{
	return wire_sent(of);
}

int main(int argc, char **argv)
{
	struct load load = { .done = sent, .unit = 1000000 };
	struct bulk bulk;

	if (argc < 5) {
		fputs("Usage: bulk_pairs ROUNDS MS loopback|veth NAME=OBJECT... (up to 8)\n", stderr);
		return 2;
	}
	bulk = bulk_start(sysconf(_SC_NPROCESSORS_ONLN) - 1, argv[3]);
	load.of = &bulk.wire;
	load.ends[0] = bulk.ends[0];
	load.ends[1] = bulk.ends[1];
	in_turns(&load, atol(argv[1]), atol(argv[2]), argv + 4, argc - 4);
	bulk_stop(&bulk);
	return 0;
}
