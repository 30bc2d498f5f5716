// SPDX-License-Identifier: Apache-2.0
#include "in_turns.h"

#include <sched.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>
#include "contenders.h"

void stay_on(int cpu)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus))
		die("cannot stay on", "a CPU");
}

static double ns_of(clockid_t clock)
{
	struct timespec time;

	if (clock_gettime(clock, &time))
		die("cannot read", "a clock");
	return time.tv_sec * 1e9 + time.tv_nsec;
}

static double cpu_ns(const struct load *load)
{
	double sum = 0;

	for (int i = 0; i < 2; i++) {
		clockid_t clock;

		if (clock_getcpuclockid(load->ends[i], &clock))
			die("an end of the load", "is gone");
		sum += ns_of(clock);
	}
	return sum;
}

struct sample {
	double wall_ns, cpu_ns; /* a unit */
};

static struct sample measure(const struct load *load, long ms)
{
	double wall = ns_of(CLOCK_MONOTONIC), cpu = cpu_ns(load), units;
	uint64_t before = load->done(load->of), done = 0;

	/* Longer where the CPU is taken away for all of it. */
	for (int tries = 0; !done; tries++) {
		if (tries == 100)
			die("nothing gets done:", "is the load there?");
		usleep(ms * 1000);
		done = load->done(load->of) - before;
	}
	units = (double)done / load->unit;
	return (struct sample){ (ns_of(CLOCK_MONOTONIC) - wall) / units, (cpu_ns(load) - cpu) / units };
}

void in_turns(const struct load *load, long rounds, long ms, char **arguments, int count)
{
	struct contender contenders[MAX_CONTENDERS] = {};

	if (count < 1 || count > MAX_CONTENDERS)
		die("one to eight contenders:", "NAME=OBJECT");
	for (int i = 0; i < count; i++)
		contender_open(&contenders[i], arguments[i]);
	/* Attaching must not take the CPU from what is measured. */
	stay_on(0);
	for (long round = 0; round < rounds; round++) {
		for (int i = 0; i < count; i++) {
			struct contender *c = &contenders[(i + round) % count];
			struct sample before = measure(load, ms), with, after;

			contender_attach(c);
			measure(load, ms / 10);
			with = measure(load, ms);
			contender_detach(c);
			measure(load, ms / 10);
			after = measure(load, ms);
			printf("{\"round\":%ld,\"tool\":\"%s\",\"beforeNs\":%.1f,\"withNs\":%.1f,\"afterNs\":%.1f,"
			       "\"beforeCpuNs\":%.1f,\"withCpuNs\":%.1f,\"afterCpuNs\":%.1f}\n",
			       round, c->name, before.wall_ns, with.wall_ns, after.wall_ns, before.cpu_ns, with.cpu_ns,
			       after.cpu_ns);
			fflush(stdout);
		}
	}
}
