// SPDX-License-Identifier: Apache-2.0
/* attach OBJECT: attaches all programs of a BPF object (contenders.h), and waits for SIGINT. */
#include <stdio.h>
#include <signal.h>
#include "contenders.h"

int main(int argc, char **argv)
{
	struct contender contender = {};
	char argument[4096];
	sigset_t signals;
	int signal;

	if (argc != 2) {
		fputs("Usage: attach OBJECT\n", stderr);
		return 2;
	}
	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	snprintf(argument, sizeof(argument), "it=%s", argv[1]);
	contender_open(&contender, argument);
	contender_attach(&contender);
	sigwait(&signals, &signal);
	contender_detach(&contender);
	return 0;
}
