// SPDX-License-Identifier: Apache-2.0
/*
 * web BODY [close]: serves HTTP (web.h) on the last CPU until its input ends. Prints its port and then, for each line of input,
 * how many requests it has answered.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "contenders.h"
#include "web.h"

int main(int argc, char **argv)
{
	struct web web;
	char byte;

	if (argc < 2) {
		fputs("Usage: web BODY [close]\n", stderr);
		return 2;
	}
	web = web_start(sysconf(_SC_NPROCESSORS_ONLN) - 1, strtoul(argv[1], NULL, 10), argc > 2);
	printf("%d\n", web.port);
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0) {
		printf("%llu\n", (unsigned long long)*web.answered);
		fflush(stdout);
	}
	web_stop(&web);
	return 0;
}
