// SPDX-License-Identifier: Apache-2.0
/*
 * web_pairs ROUNDS MS CONNECTIONS NAME=OBJECT...: what HTTP over loopback loses to kernel programs. wrk asks a server that does
 * nothing, all of it on one CPU, so that nothing is hidden by a CPU that would be idle. Meanwhile programs are attached and
 * detached in turns: without, with, without, MS each, for every object (contenders.h) in every round. One line of JSON a
 * measurement: wall time a request, and CPU time a request of both ends, which other programs on the CPU do not stretch.
 */
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "contenders.h"
#include "web.h"

/* Nobody measures for longer; wrk is ended before. */
#define WRK_SECONDS "3600"

static struct web web;
static pid_t wrk;

static void pin(int cpu)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus))
		die("cannot stay on", "a CPU");
}

static pid_t start_wrk(int cpu, const char *connections)
{
	pid_t pid = fork();
	char url[64];

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	pin(cpu);
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/", web.port);
	if (!freopen("/dev/null", "w", stdout))
		die("cannot open", "/dev/null");
	execlp("wrk", "wrk", "-t1", "-c", connections, "-d", WRK_SECONDS, url, NULL);
	die("cannot run", "wrk");
}

static double ns_of(clockid_t clock)
{
	struct timespec time;

	if (clock_gettime(clock, &time))
		die("cannot read", "a clock");
	return time.tv_sec * 1e9 + time.tv_nsec;
}

static double cpu_ns(void)
{
	clockid_t server, client;

	if (clock_getcpuclockid(web.pid, &server) || clock_getcpuclockid(wrk, &client))
		die("an end is gone:", "the server or wrk");
	return ns_of(server) + ns_of(client);
}

struct sample {
	double wall_ns, cpu_ns; /* a request */
};

static struct sample measure(long ms)
{
	double wall = ns_of(CLOCK_MONOTONIC), cpu = cpu_ns();
	uint64_t before = *web.answered, answered = 0;

	/* Longer where the CPU is taken away for all of it. */
	for (int tries = 0; !answered; tries++) {
		if (tries == 100)
			die("no request is answered:", "is wrk there?");
		usleep(ms * 1000);
		answered = *web.answered - before;
	}
	return (struct sample){ (ns_of(CLOCK_MONOTONIC) - wall) / answered, (cpu_ns() - cpu) / answered };
}

int main(int argc, char **argv)
{
	struct contender contenders[MAX_CONTENDERS] = {};
	int cpu = sysconf(_SC_NPROCESSORS_ONLN) - 1, count = argc - 4;
	long ms;

	if (count < 1 || count > MAX_CONTENDERS) {
		fputs("Usage: web_pairs ROUNDS MS CONNECTIONS NAME=OBJECT... (up to 8)\n", stderr);
		return 2;
	}
	ms = atol(argv[2]);
	for (int i = 0; i < count; i++)
		contender_open(&contenders[i], argv[4 + i]);
	/* Attaching must not take the CPU from what is measured. */
	if (cpu)
		pin(0);
	web = web_start(cpu, 100, false);
	wrk = start_wrk(cpu, argv[3]);
	usleep(500000);
	for (long round = 0; round < atol(argv[1]); round++) {
		for (int i = 0; i < count; i++) {
			struct contender *c = &contenders[(i + round) % count];
			struct sample before = measure(ms), with, after;

			contender_attach(c);
			measure(ms / 10);
			with = measure(ms);
			contender_detach(c);
			measure(ms / 10);
			after = measure(ms);
			printf("{\"round\":%ld,\"tool\":\"%s\",\"beforeNs\":%.1f,\"withNs\":%.1f,\"afterNs\":%.1f,"
			       "\"beforeCpuNs\":%.1f,\"withCpuNs\":%.1f,\"afterCpuNs\":%.1f}\n",
			       round, c->name, before.wall_ns, with.wall_ns, after.wall_ns, before.cpu_ns, with.cpu_ns,
			       after.cpu_ns);
			fflush(stdout);
		}
	}
	kill(wrk, SIGKILL);
	waitpid(wrk, NULL, 0);
	web_stop(&web);
	return 0;
}
