// SPDX-License-Identifier: Apache-2.0
/*
 * crowd FOLDER COUNT together SECONDS RUN_US SLEEP_US
 * crowd FOLDER COUNT turns RUN_US CPU
 *
 * One process in each of the cgroups FOLDER/0 to FOLDER/(COUNT - 1). Prints "ready PID..." when all stand still there. At
 * the first line of input they begin: to run and sleep in turns until SECONDS are over, each always on the same CPU; or
 * one after the other, each once, on one CPU. Then "done"; they stand still again, so that their books can be read, until
 * the input ends.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Shared by all: who may begin, how many stand still, and when it is over (CLOCK_MONOTONIC, s). */
struct gate {
	atomic_int finished;
	double end;
	atomic_int turn[];
};

static struct gate *gate;
static int count;
static bool together;
static long run_us, sleep_us;
static double seconds;

static double now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static int give_up(const char *what)
{
	perror(what);
	exit(1);
}

static void await(atomic_int *word, int value)
{
	for (int seen; (seen = atomic_load(word)) < value;)
		syscall(SYS_futex, word, FUTEX_WAIT, seen, NULL, NULL, 0);
}

static void advance(atomic_int *word)
{
	atomic_fetch_add(word, 1);
	syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

static void pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		give_up("sched_setaffinity");
}

/* By the process's own clock: what it runs does not depend on who else does. */
static void run(void)
{
	double until = now(CLOCK_PROCESS_CPUTIME_ID) + run_us / 1e6;

	while (now(CLOCK_PROCESS_CPUTIME_ID) < until)
		;
}

static void live(int i)
{
	await(&gate->turn[i], 1);
	if (together) {
		usleep(sleep_us * (i % 128) / 128); /* groups of them in the same moment */
		for (; now(CLOCK_MONOTONIC) < gate->end; usleep(sleep_us))
			run();
	} else {
		run();
	}
	advance(&gate->finished);
	for (;;)
		pause();
}

static void enter(const char *folder, int i)
{
	char path[PATH_MAX];
	int fd;

	snprintf(path, sizeof(path), "%s/%d/cgroup.procs", folder, i);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, "0", 1) != 1)
		give_up(path);
	close(fd);
}

static pid_t start(const char *folder, int i, pid_t parent)
{
	pid_t pid = fork();

	if (pid < 0)
		give_up("fork");
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	if (together)
		pin(i % sysconf(_SC_NPROCESSORS_ONLN));
	enter(folder, i);
	advance(&gate->finished);
	live(i);
	_exit(0);
}

int main(int argc, char **argv)
{
	char line[16];
	pid_t *pids;
	int cpu = -1;

	if (argc < 6)
		return 2;
	count = atoi(argv[2]);
	together = !strcmp(argv[3], "together");
	if (together) {
		if (argc < 7)
			return 2;
		seconds = atof(argv[4]);
		run_us = atol(argv[5]);
		sleep_us = atol(argv[6]);
	} else {
		run_us = atol(argv[4]);
		cpu = atoi(argv[5]);
	}
	gate = mmap(NULL, sizeof(*gate) + count * sizeof(*gate->turn), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		    0);
	if (gate == MAP_FAILED)
		give_up("mmap");
	if (cpu >= 0)
		pin(cpu);
	pids = calloc(count, sizeof(*pids));
	if (!pids)
		give_up("calloc");
	for (int i = 0; i < count; i++)
		pids[i] = start(argv[1], i, getpid());
	await(&gate->finished, count);
	fputs("ready", stdout);
	for (int i = 0; i < count; i++)
		printf(" %d", pids[i]);
	puts("");
	fflush(stdout);
	/* Whoever gives the turns is no part of the crowd. */
	if (!together)
		pin(cpu ? 0 : 1);
	if (!fgets(line, sizeof(line), stdin))
		return 0;
	gate->end = now(CLOCK_MONOTONIC) + seconds;
	atomic_store(&gate->finished, 0);
	for (int i = 0; i < count; i++) {
		advance(&gate->turn[i]);
		if (!together)
			await(&gate->finished, i + 1);
	}
	await(&gate->finished, count);
	puts("done");
	fflush(stdout);
	if (fgets(line, sizeof(line), stdin))
		return 2;
	for (int i = 0; i < count; i++)
		kill(pids[i], SIGKILL);
	while (wait(NULL) > 0)
		;
	return 0;
}
