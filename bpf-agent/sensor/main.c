// SPDX-License-Identifier: Apache-2.0
/*
 * contention-sensor: loads the kernel programs, gives up every privilege, and prints a frame per interval until its reader
 * or its parent goes away. Only the order of things is here.
 */
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>
#include "clock.h"
#include "governor.h"
#include "hierarchy.h"
#include "ledger.h"
#include "privileges.h"
#include "programs.h"

#define VERSION "0.1.0"

#define STEPS_IN_WORDS "anatomy, interrupts, burn, queues, blame, allButWaits (with commas)"

static const char usage[] =
	"Usage: contention-sensor [--interval SECONDS] [--count N] [--budget SHARE] [--without STEPS]\n"
	"\n"
	"Measures, for every cgroup, how long its threads waited for a CPU and who had it meanwhile, and how long requests\n"
	"took and why; prints one JSON line per interval with everything counted since the start. Needs root, or CAP_BPF and\n"
	"CAP_PERFMON, to start, and CAP_NET_ADMIN to time requests; has no privileges from the first line on. Ends when its\n"
	"output is closed or its parent ends.\n"
	"\n"
	"  --interval SECONDS  time between two lines, 0.1 or more (default 1)\n"
	"  --count N           end after N lines (default: never)\n"
	"  --budget SHARE      what the kernel programs may cost: a share of one core for every 10,000 task switches or\n"
	"                      40,000 packets a second, and of one core below that (default 0.01); beyond it, the least\n"
	"                      important measurements are switched off one by one, and on again later. 0 never switches off\n"
	"  --without STEPS     switches these off for good: " STEPS_IN_WORDS "\n"
	"  --check-sandbox     only give up privileges, and print what is refused then\n"
	"  --help, --version\n";

static volatile sig_atomic_t stopped;

/* What is let through while we sleep: the signals that end us are blocked else, so none falls between a look and a sleep. */
static sigset_t asleep_mask;

static void stop(int signal)
{
	stopped = signal;
}

/* Sleeps until the given time of CLOCK_MONOTONIC. False if there is a reason to end: a signal, or nobody reads. */
static bool sleep_until(uint64_t deadline_ns)
{
	struct pollfd output = { .fd = STDOUT_FILENO };
	uint64_t time;

	while (!stopped && (time = clock_ns(CLOCK_MONOTONIC)) < deadline_ns) {
		uint64_t left = deadline_ns - time;
		struct timespec timeout = { left / 1000000000, left % 1000000000 };

		/* Without events to wait for, poll still reports that the other end is closed. */
		if (ppoll(&output, 1, &timeout, &asleep_mask) > 0)
			return false;
	}
	return !stopped;
}

/* The longest sleep between two looks at what the receive side has to do. */
#define LOOK_EVERY_NS 1000000000ull

/* The same, looking out meanwhile. */
static bool look_until(struct ledger *ledger, struct programs *programs, uint64_t deadline_ns)
{
	struct programs_reader reader = ledger_reader(ledger);
	uint64_t next;

	while ((next = clock_ns(CLOCK_MONOTONIC) + LOOK_EVERY_NS) < deadline_ns) {
		if (!sleep_until(next))
			return false;
		programs_look(programs, &reader);
	}
	return sleep_until(deadline_ns);
}

static int fail(const char *message)
{
	fprintf(stderr, "contention-sensor: %s\n", message);
	return 1;
}

/* Takes one frame at an edge. False if it cannot be taken consistently. */
static bool take(struct ledger *ledger, struct programs *programs)
{
	struct programs_reader reader = ledger_reader(ledger);
	struct program_runs runs[PROGRAMS];

	ledger_next(ledger);
	ledger->online_cpus = sysconf(_SC_NPROCESSORS_ONLN);
	programs_survey(programs, &reader);
	if (!programs_turn(programs))
		return false;
	ledger->monotonic_ns = clock_ns(CLOCK_MONOTONIC);
	ledger->realtime_ns = clock_ns(CLOCK_REALTIME);
	programs_read(programs, &reader, ledger->maps);
	programs_read_cgroups(programs, &reader);
	programs_look(programs, &reader);
	for (int i = 0; i < LOST_REASONS; i++) {
		uint64_t lost = programs_lost(programs, i);

		ledger->walk_again |= i == LOST_NAMES && lost != ledger->lost[i];
		ledger->lost[i] = lost;
	}
	for (int i = 0; i < PROGRAMS; i++)
		runs[i] = programs_runs(programs, i);
	ledger_govern(ledger, runs);
	programs_shed(programs, ledger->governor.shed | ledger->without);
	if (ledger->walk_again)
		hierarchy_walk(&ledger->hierarchy, ledger->sequence);
	ledger->walk_again = false;
	ledger->sensor_ns = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
	return true;
}

/* Bits of the steps whose names are given, with commas between them. False if there is no such step. */
static bool parse_steps(char *names, uint32_t *steps)
{
	static const char *const known[SHEDS] = NAMES_OF_SHEDS;

	for (char *name = strtok(names, ","); name; name = strtok(NULL, ",")) {
		int step = 0;

		while (step < SHEDS && strcmp(known[step], name))
			step++;
		if (step == SHEDS)
			return false;
		*steps |= shed_bit(step);
	}
	return true;
}

static int run(double interval_seconds, long count, double budget, uint32_t without)
{
	static struct ledger ledger;
	static char error[1024];
	struct programs *programs;
	const char *reason;
	uint64_t deadline;

	if (!hierarchy_find(&ledger.hierarchy, &reason))
		return fail(reason);
	owners_find(&ledger.owners);
	programs = programs_start(ledger.hierarchy.unified, ledger.hierarchy.id, error, sizeof(error));
	if (!programs)
		return fail(error);
	deadline = ledger.start_monotonic_ns = clock_ns(CLOCK_MONOTONIC);
	ledger.start_realtime_ns = clock_ns(CLOCK_REALTIME);
	ledger.possible_cpus = programs_possible_cpus(programs);
	ledger.missing = programs_missing(programs);
	ledger.without = without;
	ledger.governor = governor_start(budget, SHED_EXISTS & ~without);
	programs_shed(programs, without);
	hierarchy_walk(&ledger.hierarchy, 0);
	if (!privileges_drop()) {
		fprintf(stderr, "contention-sensor: cannot give up privileges: %s\n", strerror(errno));
		return 1;
	}
	if (!programs_readable(programs))
		return fail("this kernel lets nobody without CAP_BPF read maps, and privileges have been given up: it needs "
			    "Linux 5.19, or sysctl kernel.unprivileged_bpf_disabled=0");
	programs_try(programs);
	for (long frames = 0; !count || frames < count; frames++) {
		/* A signal ends the wait, not the account: what happened since the last line goes out first. */
		if (frames && !look_until(&ledger, programs, deadline) && !stopped)
			break;
		if (!take(&ledger, programs))
			return fail("this kernel does not let us wait for running programs (membarrier)");
		ledger_print(&ledger, stdout);
		if (fflush(stdout) || stopped)
			break;
		do
			deadline += interval_seconds * 1e9;
		while (deadline <= clock_ns(CLOCK_MONOTONIC));
	}
	programs_stop(programs);
	return 0;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "interval", required_argument, NULL, 'i' }, { "count", required_argument, NULL, 'n' },
		{ "help", no_argument, NULL, 'h' },	      { "version", no_argument, NULL, 'v' },
		{ "budget", required_argument, NULL, 'b' }, { "without", required_argument, NULL, 'w' },
		{ "check-sandbox", no_argument, NULL, 's' },
		{ NULL, 0, NULL, 0 },
	};
	struct sigaction action = { .sa_handler = stop };
	double interval_seconds = 1, budget = GOVERNOR_SHARE;
	uint32_t without = 0;
	sigset_t ending;
	pid_t parent = getppid();
	long count = 0;
	char *end;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 'i':
			interval_seconds = strtod(optarg, &end);
			if (*end || end == optarg || !isfinite(interval_seconds) || interval_seconds < 0.1 ||
			    interval_seconds > 3600)
				return fail("--interval takes seconds, from 0.1 to 3600");
			break;
		case 'n':
			count = strtol(optarg, &end, 10);
			if (*end || end == optarg || count < 1)
				return fail("--count takes a whole number of lines, 1 or more");
			break;
		case 'b':
			budget = strtod(optarg, &end);
			if (*end || end == optarg || !(budget >= 0 && budget <= 1))
				return fail("--budget takes a share of one core, from 0 to 1");
			break;
		case 'w':
			if (!parse_steps(optarg, &without))
				return fail("--without takes names of steps: " STEPS_IN_WORDS);
			break;
		case 'h':
			fputs(usage, stdout);
			return 0;
		case 'v':
			puts("contention-sensor " VERSION);
			return 0;
		case 's':
			if (!privileges_drop())
				return fail("cannot give up privileges");
			privileges_check();
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
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	sigemptyset(&ending);
	sigaddset(&ending, SIGTERM);
	sigaddset(&ending, SIGINT);
	sigprocmask(SIG_BLOCK, &ending, &asleep_mask);
	sigdelset(&asleep_mask, SIGTERM);
	sigdelset(&asleep_mask, SIGINT);
	signal(SIGPIPE, SIG_IGN);
	/* An agent that dies leaves nothing behind. It may have died before this line. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		return 0;
	return run(interval_seconds, count, budget, without);
}
