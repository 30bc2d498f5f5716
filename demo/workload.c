// SPDX-License-Identifier: Apache-2.0
//
// A process for a container of the demo. It joins the cgroups it is told to, takes the name it is told to, and then
// burns CPU in a regular pattern: every `--every-us` each of `--threads` threads computes for `--work-us` of CPU time.
// It measures how late its own work got done, so that the demo has an account of its latency that is independent of
// the agent. It knows nothing about pods.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_US 1000LL
#define NS_PER_S 1000000000LL
#define REPORT_EVERY_S 10
#define MAX_THREADS 256

struct pattern {
	int threads;
	long long every_ns;
	long long work_ns;
	long long phase_ns; // where in the interval, counted in whole intervals of CLOCK_MONOTONIC, the work is due
	bool together; // all threads start at the same instant instead of spread over the interval
};

struct worker {
	const struct pattern *pattern;
	int index;
};

// What all threads together have done since the last report.
static _Atomic uint64_t ticks_done, ticks_skipped, late_sum_ns, late_max_ns;

static const char usage[] =
	"usage: workload [--name NAME] [--cpu N] [--cgroup DIR]...\n"
	"                [--threads N --every-us US --work-us US [--phase-us US] [--together]]\n"
	"\n"
	"Joins the cgroups, then computes for --work-us in every --every-us on each thread, spread over\n"
	"the interval or all --together, --phase-us after its beginning.\n"
	"Without a pattern it only waits, as the pause process of a pod does.\n";

static void die(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	fputs("workload: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(1);
}

static long long now_ns(clockid_t clock)
{
	struct timespec time;
	clock_gettime(clock, &time);
	return time.tv_sec * NS_PER_S + time.tv_nsec;
}

static void sleep_until(long long monotonic_ns)
{
	struct timespec until = {
		.tv_sec = monotonic_ns / NS_PER_S,
		.tv_nsec = monotonic_ns % NS_PER_S,
	};
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR)
		;
}

// Computes for `work_ns` of this thread's own CPU time, however long that takes by the wall clock.
static void compute(long long work_ns)
{
	long long end = now_ns(CLOCK_THREAD_CPUTIME_ID) + work_ns;
	volatile uint64_t state = (uint64_t)end;
	while (now_ns(CLOCK_THREAD_CPUTIME_ID) < end)
		for (int i = 0; i < 2000; i++)
			state = state * 6364136223846793005ULL + 1442695040888963407ULL;
}

static void account(long long late_ns, uint64_t skipped)
{
	atomic_fetch_add(&ticks_done, 1);
	atomic_fetch_add(&ticks_skipped, skipped);
	atomic_fetch_add(&late_sum_ns, (uint64_t)late_ns);
	uint64_t max = atomic_load(&late_max_ns);
	while ((uint64_t)late_ns > max &&
	       !atomic_compare_exchange_weak(&late_max_ns, &max, (uint64_t)late_ns))
		;
}

static void *work(void *argument)
{
	const struct worker *worker = argument;
	const struct pattern *pattern = worker->pattern;
	long long interval = now_ns(CLOCK_MONOTONIC) / pattern->every_ns + 1;
	long long due = interval * pattern->every_ns + pattern->phase_ns;
	if (!pattern->together)
		due += pattern->every_ns * worker->index / pattern->threads;
	for (;;) {
		sleep_until(due);
		compute(pattern->work_ns);
		long long end = now_ns(CLOCK_MONOTONIC);
		// What it took beyond the computing itself: waiting for a CPU or standing still.
		long long late = end - due - pattern->work_ns;
		uint64_t skipped = 0;
		due += pattern->every_ns;
		if (due <= end) {
			// Like a server that sheds what it cannot answer in time: no backlog builds up.
			skipped = (uint64_t)((end - due) / pattern->every_ns + 1);
			due += (long long)skipped * pattern->every_ns;
		}
		account(late > 0 ? late : 0, skipped);
	}
	return NULL;
}

static void report_forever(const char *name)
{
	for (;;) {
		sleep(REPORT_EVERY_S);
		uint64_t done = atomic_exchange(&ticks_done, 0);
		uint64_t skipped = atomic_exchange(&ticks_skipped, 0);
		uint64_t sum = atomic_exchange(&late_sum_ns, 0);
		uint64_t max = atomic_exchange(&late_max_ns, 0);
		uint64_t mean_us = done ? sum / done / NS_PER_US : 0;
		uint64_t max_us = max / NS_PER_US;
		printf("{\"name\":\"%s\",\"seconds\":%d,\"done\":%" PRIu64
		       ",\"skipped\":%" PRIu64 ",\"lateMeanUs\":%" PRIu64
		       ",\"lateMaxUs\":%" PRIu64 "}\n",
		       name, REPORT_EVERY_S, done, skipped, mean_us, max_us);
		fflush(stdout);
	}
}

static void join_cgroup(const char *directory)
{
	char path[4096];
	if (snprintf(path, sizeof(path), "%s/cgroup.procs", directory) >= (int)sizeof(path))
		die("the name of cgroup %s is too long", directory);
	int file = open(path, O_WRONLY | O_CLOEXEC);
	if (file < 0)
		die("cannot open %s: %s", path, strerror(errno));
	if (write(file, "0", 1) != 1)
		die("cannot join %s: %s", directory, strerror(errno));
	close(file);
}

static void pin_to(int cpu)
{
	cpu_set_t set;
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		die("cannot run on CPU %d: %s", cpu, strerror(errno));
}

static long long number(const char *text, long long least, long long most)
{
	char *end;
	errno = 0;
	long long value = strtoll(text, &end, 10);
	if (errno || *text == '\0' || *end != '\0' || value < least || value > most)
		die("'%s' is not a number from %lld to %lld", text, least, most);
	return value;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{"name", required_argument, NULL, 'n'},
		{"cpu", required_argument, NULL, 'c'},
		{"cgroup", required_argument, NULL, 'g'},
		{"threads", required_argument, NULL, 't'},
		{"every-us", required_argument, NULL, 'e'},
		{"work-us", required_argument, NULL, 'w'},
		{"phase-us", required_argument, NULL, 'p'},
		{"together", no_argument, NULL, 'T'},
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0},
	};
	const char *name = "workload";
	struct pattern pattern = {0};
	int cpu = -1;
	int option;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		switch (option) {
		case 'n':
			name = optarg;
			break;
		case 'c':
			cpu = (int)number(optarg, 0, CPU_SETSIZE - 1);
			break;
		case 'g':
			join_cgroup(optarg);
			break;
		case 't':
			pattern.threads = (int)number(optarg, 1, MAX_THREADS);
			break;
		case 'e':
			pattern.every_ns = number(optarg, 100, 3600LL * 1000000) * NS_PER_US;
			break;
		case 'w':
			pattern.work_ns = number(optarg, 1, 3600LL * 1000000) * NS_PER_US;
			break;
		case 'p':
			pattern.phase_ns = number(optarg, 0, 3600LL * 1000000) * NS_PER_US;
			break;
		case 'T':
			pattern.together = true;
			break;
		case 'h':
			fputs(usage, stdout);
			return 0;
		default:
			fputs(usage, stderr);
			return 2;
		}
	}
	if (optind < argc) {
		fputs(usage, stderr);
		return 2;
	}
	prctl(PR_SET_NAME, name);
	if (cpu >= 0)
		pin_to(cpu); // after joining: a cpuset cgroup sets the affinity of who joins

	if (pattern.threads == 0)
		for (;;)
			pause();
	if (pattern.every_ns == 0 || pattern.work_ns == 0)
		die("--threads needs --every-us and --work-us");

	static struct worker workers[MAX_THREADS];
	for (int i = 0; i < pattern.threads; i++) {
		workers[i] = (struct worker){&pattern, i};
		pthread_t thread;
		int error = pthread_create(&thread, NULL, work, &workers[i]);
		if (error)
			die("cannot start thread %d: %s", i, strerror(error));
	}
	report_forever(name);
}
