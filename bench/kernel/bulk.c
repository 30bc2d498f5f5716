// SPDX-License-Identifier: Apache-2.0
#include "bulk.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "contenders.h"
#include "in_turns.h"

/* Nobody measures for longer; iperf3 is ended before. */
#define IPERF_SECONDS "3600"

static pid_t start(int cpu, int network, char **command)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	stay_on(cpu);
	wire_go(network);
	if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr))
		_exit(1);
	execvp(command[0], command);
	_exit(1);
}

struct bulk bulk_start(int cpu, const char *wire)
{
	struct bulk bulk = { .wire = wire_make(wire) };
	/* The one congestion control that every kernel has. */
	char *server[] = { "iperf3", "-s", "-1", NULL };
	char *client[] = { "iperf3", "-c", (char *)bulk.wire.address, "-t", IPERF_SECONDS, "-i", "0", "-C", "reno", NULL };
	int status;

	bulk.ends[0] = start(cpu, bulk.wire.far, server);
	usleep(500000);
	bulk.ends[1] = start(cpu, bulk.wire.near, client);
	usleep(500000);
	for (int i = 0; i < 2; i++)
		if (waitpid(bulk.ends[i], &status, WNOHANG))
			die("iperf3 does not run:", "is it installed?");
	return bulk;
}

void bulk_stop(struct bulk *bulk)
{
	for (int i = 0; i < 2; i++) {
		kill(bulk->ends[i], SIGKILL);
		waitpid(bulk->ends[i], NULL, 0);
	}
}
