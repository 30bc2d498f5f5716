// SPDX-License-Identifier: Apache-2.0
#include "common.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define REPORT_EVERY_S 10

// What all threads together have done since the last report.
static _Atomic uint64_t ticks_done, ticks_skipped, late_sum_ns, late_max_ns;

_Noreturn void die(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	fputs("workload: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(1);
}

long long now_ns(clockid_t clock)
{
	struct timespec time;
	clock_gettime(clock, &time);
	return time.tv_sec * NS_PER_S + time.tv_nsec;
}

void sleep_until(long long monotonic_ns)
{
	struct timespec until = {
		.tv_sec = monotonic_ns / NS_PER_S,
		.tv_nsec = monotonic_ns % NS_PER_S,
	};
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR)
		;
}

void compute(long long work_ns)
{
	long long end = now_ns(CLOCK_THREAD_CPUTIME_ID) + work_ns;
	volatile uint64_t state = (uint64_t)end;
	while (now_ns(CLOCK_THREAD_CPUTIME_ID) < end)
		for (int i = 0; i < 2000; i++)
			state = state * 6364136223846793005ULL + 1442695040888963407ULL;
}

void account(long long late_ns, uint64_t skipped)
{
	atomic_fetch_add(&ticks_done, 1);
	atomic_fetch_add(&ticks_skipped, skipped);
	atomic_fetch_add(&late_sum_ns, (uint64_t)late_ns);
	uint64_t max = atomic_load(&late_max_ns);
	while ((uint64_t)late_ns > max &&
	       !atomic_compare_exchange_weak(&late_max_ns, &max, (uint64_t)late_ns))
		;
}

_Noreturn void report_forever(const char *name)
{
	for (;;) {
		sleep(REPORT_EVERY_S);
		uint64_t done = atomic_exchange(&ticks_done, 0);
		uint64_t skipped = atomic_exchange(&ticks_skipped, 0);
		uint64_t sum = atomic_exchange(&late_sum_ns, 0);
		uint64_t max = atomic_exchange(&late_max_ns, 0);
		uint64_t mean_us = done ? sum / done / NS_PER_US : 0;
		uint64_t max_us = max / NS_PER_US;
		printf("{\"name\":\"%s\",\"endUnixMs\":%lld,\"seconds\":%d,\"done\":%" PRIu64
		       ",\"skipped\":%" PRIu64 ",\"lateMeanUs\":%" PRIu64
		       ",\"lateMaxUs\":%" PRIu64 "}\n",
		       name, now_ns(CLOCK_REALTIME) / NS_PER_MS, REPORT_EVERY_S, done, skipped, mean_us, max_us);
		fflush(stdout);
	}
}

void start_thread(void *(*routine)(void *argument), void *argument)
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, routine, argument);
	if (error)
		die("cannot start a thread: %s", strerror(error));
}
