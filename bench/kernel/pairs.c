// SPDX-License-Identifier: Apache-2.0
/*
 * pairs ROUNDS OPERATIONS NAME=OBJECT...: what a pipe ping-pong on one CPU loses to kernel programs. Attaches and detaches
 * within milliseconds, in turns, so that a slow minute of the machine hits both sides: without, with, without, for every
 * object in every round. OBJECT is a BPF object file, all of whose programs that can be attached to this kernel's
 * typed tracepoints are; or "sensor", for exactly what the sensor attaches; or "base", for that without its extras. One line
 * of JSON a measurement.
 */
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/prctl.h>
#include <bpf/libbpf.h>
#include "hierarchy.h"
#include "owners.h"
#include "programs.h"

#define MAX_LINKS 32
#define EXTRAS (shed_bit(SHED_ANATOMY) | shed_bit(SHED_INTERRUPTS) | shed_bit(SHED_BURN))

struct contender {
	const char *name;
	struct bpf_object *object; /* NULL: the sensor */
	uint32_t shed; /* what the sensor switches off */
	struct programs *sensor;
	struct bpf_link *links[MAX_LINKS];
	int link_count;
};

static struct hierarchy hierarchy;
static struct owners owners;
static int there[2], back[2];

static void die(const char *what, const char *name)
{
	fprintf(stderr, "pairs: %s %s\n", what, name);
	exit(1);
}

static bool is_typed_tracepoint(const struct bpf_program *program)
{
	return !strncmp(bpf_program__section_name(program), "tp_btf/", 7);
}

static void open_contender(struct contender *c, char *argument)
{
	char *path = strchr(argument, '=');
	struct bpf_program *program;
	const char *reason;

	if (!path)
		die("not NAME=OBJECT:", argument);
	*path++ = '\0';
	c->name = argument;
	if (!strcmp(path, "sensor") || !strcmp(path, "base")) {
		c->shed = *path == 'b' ? EXTRAS : 0;
		if (!hierarchy.mount[0] && !hierarchy_find(&hierarchy, &reason))
			die(reason, "");
		owners_find(&owners);
		return;
	}
	c->object = bpf_object__open(path);
	if (libbpf_get_error(c->object))
		die("cannot open", path);
	bpf_object__for_each_program(program, c->object)
		bpf_program__set_autoload(program, is_typed_tracepoint(program));
	if (bpf_object__load(c->object))
		die("cannot load", path);
}

static void attach(struct contender *c)
{
	struct bpf_program *program;
	char error[1024];

	if (!c->object) {
		c->sensor = programs_start(hierarchy.unified, hierarchy.id, owners.unified.mount, error, sizeof(error));
		if (!c->sensor)
			die(error, "");
		programs_shed(c->sensor, c->shed);
		return;
	}
	bpf_object__for_each_program(program, c->object) {
		if (!is_typed_tracepoint(program) || c->link_count == MAX_LINKS)
			continue;
		c->links[c->link_count] = bpf_program__attach(program);
		if (libbpf_get_error(c->links[c->link_count++]))
			die("cannot attach", c->name);
	}
}

static void detach(struct contender *c)
{
	if (c->sensor)
		programs_stop(c->sensor);
	c->sensor = NULL;
	while (c->link_count)
		bpf_link__destroy(c->links[--c->link_count]);
}

/* ns per round trip: two switches and two wakeups. */
static double ping_pong(long operations)
{
	struct timespec begin, end;
	char byte = 0;

	clock_gettime(CLOCK_MONOTONIC, &begin);
	for (long i = 0; i < operations; i++)
		if (write(there[1], &byte, 1) != 1 || read(back[0], &byte, 1) != 1)
			die("the other end is gone", "");
	clock_gettime(CLOCK_MONOTONIC, &end);
	return ((end.tv_sec - begin.tv_sec) * 1e9 + (end.tv_nsec - begin.tv_nsec)) / operations;
}

static void answer(void)
{
	char byte;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (read(there[0], &byte, 1) == 1 && write(back[1], &byte, 1) == 1)
		;
	exit(0);
}

int main(int argc, char **argv)
{
	struct contender contenders[8] = {};
	int count = argc - 3;
	cpu_set_t cpus;
	long operations;

	if (count < 1 || count > 8) {
		fputs("Usage: pairs ROUNDS OPERATIONS NAME=OBJECT... (up to 8)\n", stderr);
		return 2;
	}
	operations = atol(argv[2]);
	for (int i = 0; i < count; i++)
		open_contender(&contenders[i], argv[3 + i]);
	CPU_ZERO(&cpus);
	CPU_SET(sysconf(_SC_NPROCESSORS_ONLN) - 1, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus) || pipe(there) || pipe(back))
		die("cannot set up the ping-pong", "");
	if (!fork())
		answer();
	ping_pong(operations);
	for (long round = 0; round < atol(argv[1]); round++) {
		for (int i = 0; i < count; i++) {
			struct contender *c = &contenders[(i + round) % count];
			double before = ping_pong(operations), with, after;

			attach(c);
			ping_pong(operations / 10);
			with = ping_pong(operations);
			detach(c);
			ping_pong(operations / 10);
			after = ping_pong(operations);
			printf("{\"round\":%ld,\"tool\":\"%s\",\"beforeNs\":%.1f,\"withNs\":%.1f,\"afterNs\":%.1f}\n", round,
			       c->name, before, with, after);
			fflush(stdout);
		}
	}
	return 0;
}
