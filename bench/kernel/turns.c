// SPDX-License-Identifier: Apache-2.0
/*
 * turns OPERATIONS CPU PROCS PROCS: two processes on one CPU that wake each other through pipes, each in a cgroup of its
 * own (the files to join them by are given): every switch is from one container to another.
 */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/wait.h>

static void join(const char *procs)
{
	FILE *file = fopen(procs, "w");

	if (!file || fprintf(file, "%d\n", getpid()) < 0 || fclose(file)) {
		perror(procs);
		exit(1);
	}
}

static void turn(int in, int out, long operations, int begins)
{
	char byte = 0;

	while (operations--)
		if ((begins && write(out, &byte, 1) != 1) || read(in, &byte, 1) != 1 ||
		    (!begins && write(out, &byte, 1) != 1))
			exit(1);
}

int main(int argc, char **argv)
{
	int there[2], back[2], status;
	cpu_set_t cpus;
	long operations;
	pid_t child;

	if (argc != 5)
		return 2;
	operations = atol(argv[1]);
	CPU_ZERO(&cpus);
	CPU_SET(atoi(argv[2]), &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus) || pipe(there) || pipe(back))
		return 1;
	child = fork();
	if (child < 0)
		return 1;
	join(argv[child ? 3 : 4]);
	if (!child) {
		turn(there[0], back[1], operations, 0);
		return 0;
	}
	turn(back[0], there[1], operations, 1);
	return waitpid(child, &status, 0) == child && !status ? 0 : 1;
}
