// SPDX-License-Identifier: Apache-2.0
#include "compare.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "schedule.h"
#include "subject.h"

static struct expected expected;

int wrong(uint64_t seed, const char *what, uint64_t a, uint64_t b, uint64_t got, uint64_t want)
{
	printf("seed %" PRIu64 " (%s): %s (%" PRIu64 ", %" PRIx64 "): counted %" PRIu64 ", truth %" PRIu64 "\n", seed,
	       schedule_kinds(), what, a, b, got, want);
	return 1;
}

static uint64_t code_of(uint64_t culprit)
{
	switch (culprit) {
	case ORACLE_KERNEL:
		return CODE(CODE_KERNEL, 0);
	case ORACLE_IDLE:
		return CODE(CODE_IDLE, 0);
	case ORACLE_UNKNOWN:
		return CODE(CODE_UNATTRIBUTED, 0);
	case ORACLE_INTERRUPT:
		return CODE(CODE_INTERRUPT, 0);
	case ORACLE_STEAL:
		return CODE(CODE_STEAL, 0);
	default:
		if (culprit >= ORACLE_PACKETS)
			return CODE(CODE_SOFTIRQ, culprit - ORACLE_PACKETS);
		return culprit >= ORACLE_THROTTLED ? CODE(CODE_THROTTLED, culprit - ORACLE_THROTTLED) : culprit;
	}
}

struct counted counted(uint64_t victim, uint64_t code)
{
	const struct result *r = subject_result();

	for (int i = 0; i < r->sums; i++)
		if (r->sum[i].victim == victim && r->sum[i].what == code)
			return r->sum[i];
	return (struct counted){ .victim = victim, .what = code };
}

int compare(uint64_t seed)
{
	const struct result *r = subject_result();
	static uint64_t cpu_ns[MAX_NAMES];
	uint64_t want = 0, got = 0;
	int bad = 0;

	oracle(&machine, &history, &expected);
	for (int i = 0; i < expected.parts && !bad; i++) {
		struct counted c = counted(expected.part[i].victim, code_of(expected.part[i].culprit));

		want += expected.part[i].ns;
		if (c.ns != expected.part[i].ns)
			bad = wrong(seed, "blame", c.victim, c.what, c.ns, expected.part[i].ns);
	}
	for (int i = 0; i < expected.waits && !bad; i++) {
		int bucket = expected.wait[i].bucket == ORACLE_ZERO ? BUCKET_NONE : expected.wait[i].bucket - BUCKET_ORIGIN;
		struct counted c = counted(expected.wait[i].victim, CODE(CODE_WAIT, bucket));

		if (c.ns != expected.wait[i].ns || c.count != expected.wait[i].count)
			bad = wrong(seed, "waits in bucket", c.victim, bucket, c.count, expected.wait[i].count);
	}
	/* Nothing was counted that did not happen. */
	for (int i = 0; i < r->sums && !bad; i++)
		got += r->sum[i].what >> 56 < CODE_WAIT ? r->sum[i].ns : 0;
	if (!bad && got != want)
		bad = wrong(seed, "all blame", 0, 0, got, want);
	memset(cpu_ns, 0, sizeof(cpu_ns));
	for (int cpu = 0; cpu < machine.cpus; cpu++)
		oracle_cpu(&machine, &history, cpu, subject_first(cpu), subject_counted_until(cpu), cpu_ns);
	for (int name = 0; name < MAX_NAMES && !bad; name++) {
		struct counted c = counted(CONTAINER_ID(name), CODE(CODE_CPU, 0));

		if (c.ns != cpu_ns[name])
			bad = wrong(seed, "CPU time", c.victim, 0, c.ns, cpu_ns[name]);
	}
	if (!bad && expected.contradictions)
		bad = wrong(seed, "ns stopped and not noticed, or the other way round", 0, 0, expected.contradictions, 0);
	if (!bad && r->stalls != expected.stalls)
		bad = wrong(seed, "number of stalls", 0, 0, r->stalls, expected.stalls);
	for (int i = 0; i < expected.stalls && !bad; i++) {
		got = want = 0;
		for (int s = 0; s < r->stalls; s++)
			if (r->stall[s].cgroup == expected.stall[i].cgroup && r->stall[s].quota == expected.stall[i].quota)
				got += r->stall[s].ns * 1000 + r->stall[s].count;
		want = expected.stall[i].ns * 1000 + expected.stall[i].count;
		if (got != want)
			bad = wrong(seed, "stall (ns * 1000 + count)", expected.stall[i].cgroup, expected.stall[i].quota, got, want);
	}
	if (!bad && r->unequal)
		bad = wrong(seed, "victims whose wait and parts differ", 0, 0, r->unequal, 0);
	return bad;
}
