// SPDX-License-Identifier: Apache-2.0
/*
 * web_pairs ROUNDS MS CONNECTIONS WIRE WORK NAME=OBJECT...: what HTTP over a wire (wire.h) loses to kernel programs. wrk asks a server
 * that computes for WORK us a request, all of it on one CPU, so that nothing is hidden by a CPU that would be idle. Meanwhile
 * programs are attached and detached in turns (in_turns.h). A unit is a request.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "contenders.h"
#include "in_turns.h"
#include "web.h"
#include "wire.h"

/* Nobody measures for longer; wrk is ended before. */
#define WRK_SECONDS "3600"

static pid_t start_wrk(int cpu, const char *connections, const char *address, int port)
{
	pid_t pid = fork();
	char url[64];

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	stay_on(cpu);
	snprintf(url, sizeof(url), "http://%s:%d/", address, port);
	if (!freopen("/dev/null", "w", stdout))
		die("cannot open", "/dev/null");
	execlp("wrk", "wrk", "-t1", "-c", connections, "-d", WRK_SECONDS, url, NULL);
	die("cannot run", "wrk");
}

static uint64_t answered(void *of)
{
	return *((struct web *)of)->answered;
}

int main(int argc, char **argv)
{
	int cpu = sysconf(_SC_NPROCESSORS_ONLN) - 1;
	struct load load = { .done = answered, .unit = 1 };
	struct wire wire;
	struct web web;

	if (argc < 7) {
		fputs("Usage: web_pairs ROUNDS MS CONNECTIONS loopback|veth WORK NAME=OBJECT... (up to 8)\n", stderr);
		return 2;
	}
	wire = wire_make(argv[4]);
	wire_go(wire.far);
	web = web_start(cpu, wire.address, 100, atoi(argv[5]), false);
	wire_go(wire.near);
	load.of = &web;
	load.ends[0] = web.pid;
	load.ends[1] = start_wrk(cpu, argv[3], wire.address, web.port);
	usleep(500000);
	in_turns(&load, atol(argv[1]), atol(argv[2]), argv + 6, argc - 6);
	kill(load.ends[1], SIGKILL);
	waitpid(load.ends[1], NULL, 0);
	web_stop(&web);
	return 0;
}
