// SPDX-License-Identifier: Apache-2.0
/*
 * pairs ROUNDS OPERATIONS NAME=OBJECT...: what a pipe ping-pong on one CPU loses to kernel programs. Attaches and detaches
 * within milliseconds, in turns, so that a slow minute of the machine hits both sides: without, with, without, for every
 * object (contenders.h) in every round. One line of JSON a measurement.
 */
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include <sys/prctl.h>
#include "contenders.h"

static int there[2], back[2];

/* ns per round trip: two switches and two wakeups. */
static double ping_pong(long operations)
{
	struct timespec begin, end;
	char byte = 0;

	clock_gettime(CLOCK_MONOTONIC, &begin);
	for (long i = 0; i < operations; i++)
		if (write(there[1], &byte, 1) != 1 || read(back[0], &byte, 1) != 1)
			die("the other end is gone", "");
	clock_gettime(CLOCK_MONOTONIC, &end);
	return ((end.tv_sec - begin.tv_sec) * 1e9 + (end.tv_nsec - begin.tv_nsec)) / operations;
}

static void answer(void)
{
	char byte;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (read(there[0], &byte, 1) == 1 && write(back[1], &byte, 1) == 1)
		;
	exit(0);
}

int main(int argc, char **argv)
{
	struct contender contenders[MAX_CONTENDERS] = {};
	int count = argc - 3;
	cpu_set_t cpus;
	long operations;

	if (count < 1 || count > MAX_CONTENDERS) {
		fputs("Usage: pairs ROUNDS OPERATIONS NAME=OBJECT... (up to 8)\n", stderr);
		return 2;
	}
	operations = atol(argv[2]);
	for (int i = 0; i < count; i++)
		contender_open(&contenders[i], argv[3 + i]);
	CPU_ZERO(&cpus);
	CPU_SET(sysconf(_SC_NPROCESSORS_ONLN) - 1, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus) || pipe(there) || pipe(back))
		die("cannot set up the ping-pong", "");
	if (!fork())
		answer();
	ping_pong(operations);
	for (long round = 0; round < atol(argv[1]); round++) {
		for (int i = 0; i < count; i++) {
			struct contender *c = &contenders[(i + round) % count];
			double before = ping_pong(operations), with, after;

			contender_attach(c);
			ping_pong(operations / 10);
			with = ping_pong(operations);
			contender_detach(c);
			ping_pong(operations / 10);
			after = ping_pong(operations);
			printf("{\"round\":%ld,\"tool\":\"%s\",\"beforeNs\":%.1f,\"withNs\":%.1f,\"afterNs\":%.1f}\n", round,
			       c->name, before, with, after);
			fflush(stdout);
		}
	}
	return 0;
}
