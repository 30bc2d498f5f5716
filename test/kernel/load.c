// SPDX-License-Identifier: Apache-2.0
/*
 * load SECONDS RUN_US SLEEP_US THREADS: threads that run and sleep in turns (SLEEP_US 0: never sleep). Prints "done" after
 * SECONDS, and lets its threads stand still, so that their books can be read, until its input ends.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static long run_us, sleep_us;
static double end;
static pthread_barrier_t all_done;

static double now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void *work(void *unused)
{
	(void)unused;
	while (now(CLOCK_MONOTONIC) < end) {
		/* By the thread's own clock: what it runs does not depend on who else does. */
		double until = now(CLOCK_THREAD_CPUTIME_ID) + run_us / 1e6;

		while (now(CLOCK_THREAD_CPUTIME_ID) < until && now(CLOCK_MONOTONIC) < end)
			;
		if (sleep_us)
			usleep(sleep_us);
	}
	pthread_barrier_wait(&all_done);
	pause();
	return NULL;
}

int main(int argc, char **argv)
{
	int threads = argc > 4 ? atoi(argv[4]) : 0;
	pthread_t thread;
	char byte;

	if (threads < 1)
		return 2;
	run_us = atol(argv[2]);
	sleep_us = atol(argv[3]);
	end = now(CLOCK_MONOTONIC) + atof(argv[1]);
	pthread_barrier_init(&all_done, NULL, threads + 1);
	for (int i = 0; i < threads; i++)
		if (pthread_create(&thread, NULL, work, NULL))
			return 1;
	pthread_barrier_wait(&all_done);
	puts("done");
	fflush(stdout);
	return read(STDIN_FILENO, &byte, 1) < 0;
}
