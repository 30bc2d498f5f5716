// SPDX-License-Identifier: Apache-2.0
/*
 * bulk WIRE: keeps a bulk connection (bulk.h) busy on the last CPU until its input ends. Prints, for each line of input, how
 * many bytes the sending device has sent.
 */
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>
#include "bulk.h"

int main(int argc, char **argv)
{
	struct bulk bulk;
	char byte;

	if (argc != 2) {
		fputs("Usage: bulk loopback|veth\n", stderr);
		return 2;
	}
	bulk = bulk_start(sysconf(_SC_NPROCESSORS_ONLN) - 1, argv[1]);
	while (read(STDIN_FILENO, &byte, 1) > 0) {
		printf("%" PRIu64 "\n", wire_sent(&bulk.wire));
		fflush(stdout);
	}
	bulk_stop(&bulk);
	return 0;
}
