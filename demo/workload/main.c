// SPDX-License-Identifier: Apache-2.0
//
// A process for a container of the demo. It joins the network and the cgroups it is told to, takes the name it is told to,
// and then behaves in one or more ways: computes in a regular pattern, serves HTTP, asks a service over HTTP, sends or takes
// in bulk. It measures how late its work got done, so that the demo has an account of its latency that is independent of
// the agent. It knows nothing about pods.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>
#include "bulk.h"
#include "common.h"
#include "http.h"
#include "pattern.h"
#include "tcp.h"

#define MAX_THREADS 256

static const char usage[] =
	"usage: workload [--name NAME] [--cpu N] [--own-network | --network FILE] [--cgroup DIR]... [BEHAVIOUR]...\n"
	"\n"
	"Joins the network and the cgroups in the order given, then behaves. Without a behaviour it only waits, as the\n"
	"pause process of a pod does.\n"
	"\n"
	"  --own-network   makes a network namespace and is in it\n"
	"  --network FILE  joins that of another process, /proc/PID/ns/net\n"
	"\n"
	"  --threads N --every-us US --work-us US [--phase-us US] [--together]\n"
	"      computes for --work-us in every --every-us on each thread, spread over the interval or all\n"
	"      --together, --phase-us after its beginning\n"
	"  --serve ADDRESS:PORT --serve-threads N --serve-us US [--call ADDRESS:PORT --call-every N]\n"
	"      answers HTTP requests, each with --serve-us of computing; one in --call-every asks another service first, and\n"
	"      how late it got done is how long that took\n"
	"  --ask ADDRESS:PORT --threads N --every-us US [--work-us US] [--phase-us US]\n"
	"      asks over HTTP in that pattern instead of computing; an answer within --work-us is not late\n"
	"  --send ADDRESS:PORT --buffer BYTES --every-us US --work-us US [--phase-us US]\n"
	"      sends as much as the network takes for --work-us in every --every-us, with --buffer on its way at a time\n"
	"  --receive ADDRESS:PORT\n"
	"      takes in what others send, and throws it away\n";

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

static void make_network(void)
{
	if (unshare(CLONE_NEWNET))
		die("cannot make a network namespace: %s", strerror(errno));
}

static void join_network(const char *path)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0 || setns(file, CLONE_NEWNET))
		die("cannot join the network namespace %s: %s", path, strerror(errno));
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

static struct pattern pattern;
static struct server server;
static struct client client;
static struct sender sender;
static struct receiver receiver;

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
		{"serve", required_argument, NULL, 's'},
		{"serve-threads", required_argument, NULL, 'S'},
		{"serve-us", required_argument, NULL, 'W'},
		{"call", required_argument, NULL, 'u'},
		{"call-every", required_argument, NULL, 'U'},
		{"ask", required_argument, NULL, 'a'},
		{"send", required_argument, NULL, 'b'},
		{"buffer", required_argument, NULL, 'B'},
		{"receive", required_argument, NULL, 'r'},
		{"own-network", no_argument, NULL, 'o'},
		{"network", required_argument, NULL, 'N'},
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0},
	};
	const char *name = "workload";
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
		case 's':
			server.address = parse_address(optarg);
			break;
		case 'S':
			server.threads = (int)number(optarg, 1, MAX_THREADS);
			break;
		case 'W':
			server.work_ns = number(optarg, 1, 3600LL * 1000000) * NS_PER_US;
			break;
		case 'u':
			server.upstream = parse_address(optarg);
			break;
		case 'U':
			server.call_every = (int)number(optarg, 1, 1000000);
			break;
		case 'a':
			client.address = parse_address(optarg);
			break;
		case 'b':
			sender.address = parse_address(optarg);
			break;
		case 'B':
			sender.buffer_bytes = (int)number(optarg, 4096, 1 << 26);
			break;
		case 'r':
			receiver.address = parse_address(optarg);
			break;
		case 'o':
			make_network();
			break;
		case 'N':
			join_network(optarg);
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

	if (server.address.sin_port) {
		if (!server.threads || !server.work_ns)
			die("--serve needs --serve-threads and --serve-us");
		if (server.upstream.sin_port && !server.call_every)
			die("--call needs --call-every");
		start_server(&server);
	}
	if (receiver.address.sin_port)
		start_receiver(&receiver);
	if (sender.address.sin_port) {
		if (!pattern.every_ns || !pattern.work_ns || !sender.buffer_bytes)
			die("--send needs --buffer, --every-us and --work-us");
		pattern.threads = 1;
		sender.pattern = pattern;
		start_sender(&sender);
	} else if (client.address.sin_port) {
		if (!pattern.threads || !pattern.every_ns)
			die("--ask needs --threads and --every-us");
		client.pattern = pattern;
		start_client(&client);
	} else if (pattern.threads) {
		if (!pattern.every_ns || !pattern.work_ns)
			die("--threads needs --every-us and --work-us");
		start_pattern(&pattern);
	}
	if (pattern.threads || server.upstream.sin_port)
		report_forever(name);
	for (;;)
		pause();
}
