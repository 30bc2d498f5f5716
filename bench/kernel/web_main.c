// SPDX-License-Identifier: Apache-2.0
/*
 * web BODY WIRE [close]: serves HTTP (web.h) on the last CPU at the far end of a wire (wire.h) until its input ends, itself at the
 * near end. Prints ADDRESS:PORT and then, for each line of input, how many requests it has answered.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "contenders.h"
#include "web.h"
#include "wire.h"

int main(int argc, char **argv)
{
	struct wire wire;
	struct web web;
	char byte;

	if (argc < 3) {
		fputs("Usage: web BODY loopback|veth [close]\n", stderr);
		return 2;
	}
	wire = wire_make(argv[2]);
	wire_go(wire.far);
	web = web_start(sysconf(_SC_NPROCESSORS_ONLN) - 1, wire.address, strtoul(argv[1], NULL, 10), 0, argc > 3);
	wire_go(wire.near);
	printf("%s:%d\n", wire.address, web.port);
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0) {
		printf("%llu\n", (unsigned long long)*web.answered);
		fflush(stdout);
	}
	web_stop(&web);
	return 0;
}
