// SPDX-License-Identifier: Apache-2.0
/*
 * fleet RUN_US SLEEP_US: one process in every cgroup whose cgroup.procs files are named on a line of the input, separated by
 * spaces. Each runs and sleeps in turns until this process ends. Prints "ready" when all have moved.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/prctl.h>

static long run_us, sleep_us;

static void enter(char *files)
{
	for (char *file = strtok(files, " \n"); file; file = strtok(NULL, " \n")) {
		int fd = open(file, O_WRONLY);

		if (fd < 0 || write(fd, "0", 1) != 1) {
			perror(file);
			_exit(1);
		}
		close(fd);
	}
}

static double cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void work(int ready)
{
	if (write(ready, "r", 1) != 1)
		_exit(1);
	for (;;) {
		double until = cpu_seconds() + run_us / 1e6;

		while (cpu_seconds() < until)
			;
		usleep(sleep_us);
	}
}

int main(int argc, char **argv)
{
	static char line[4096];
	int ready[2], members = 0;
	char byte;

	if (argc != 3 || pipe(ready))
		return 2;
	run_us = atol(argv[1]);
	sleep_us = atol(argv[2]);
	while (fgets(line, sizeof(line), stdin) && line[0] != '\n') {
		pid_t child = fork();

		if (child < 0)
			return 1;
		members++;
		if (child)
			continue;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		srand(getpid());
		enter(line);
		usleep(rand() % (sleep_us + 1));
		work(ready[1]);
	}
	close(ready[1]);
	while (members-- > 0)
		if (read(ready[0], &byte, 1) != 1)
			return 1;
	puts("ready");
	fflush(stdout);
	pause();
	return 0;
}
