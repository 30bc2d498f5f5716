// SPDX-License-Identifier: Apache-2.0
#include "cases.h"

#include <string.h>

#include "compare.h"
#include "schedule.h"

#define US 1000ull
#define MS (1000 * US)

static struct thread *hog, *victim;

/* One CPU; container 0's thread has had it for long, container 1's sleeps. */
static void begin(void)
{
	machine_begin(&machine, 1, NULL, 0);
	machine.cpus = 1;
	machine.threads = 2;
	machine.cgroups = 2;
	machine.queues_stop = false;
	hog = &machine.thread[0];
	victim = &machine.thread[1];
	for (int i = 0; i < 2; i++) {
		machine.thread[i].cgroup = i;
		machine.thread[i].kernel_thread = false;
	}
	subject_begin(&machine);
	machine_wake(&machine, hog, 0);
	machine_switch(&machine, 0, hog, false, NULL);
	machine.now += MS;
	subject_attach();
}

static void expect(int *bad, const char *what, uint64_t victim, uint64_t code, uint64_t want)
{
	uint64_t got = counted(victim, code).ns;

	if (got != want)
		*bad += wrong(0, what, victim, code, got, want);
}

/* Whoever wakes 3 us before the end of a slice of 4 ms has waited 3 us for it, not 4 ms. */
static int late_in_a_slice(void)
{
	int bad = 0;

	begin();
	machine.now += 4 * MS - 3 * US;
	machine_wake(&machine, victim, 0);
	machine.now += 3 * US;
	machine_switch(&machine, 0, victim, false, subject_switch);
	subject_turn();
	subject_turn();
	expect(&bad, "a victim late in a slice, charged to the hog", CONTAINER_ID(1), CONTAINER_ID(0), 3 * US);
	return bad;
}

/* A slice of the hog that ends as the victim wakes is not waited for at all; the next one is. */
static int between_two_slices(void)
{
	int bad = 0;

	begin();
	machine.now += 4 * MS;
	machine_wake(&machine, victim, 0);
	machine_switch(&machine, 0, NULL, true, subject_switch);
	machine_wake(&machine, hog, 0);
	machine_switch(&machine, 0, hog, false, NULL); /* in the same nanosecond, and unseen */
	machine.now += 7 * US;
	machine_switch(&machine, 0, victim, false, subject_switch);
	subject_turn();
	subject_turn();
	expect(&bad, "a victim between two slices, charged to the hog", CONTAINER_ID(1), CONTAINER_ID(0), 7 * US);
	return bad;
}

/* A container is removed, and another takes its inode: each is charged with its own, although the wait lasts through both. */
static int id_used_again(void)
{
	int bad = 0;

	begin();
	machine_wake(&machine, victim, 0);
	machine.now += 5 * US;
	machine_switch(&machine, 0, NULL, true, subject_switch);
	machine_recreate(&machine, 0);
	machine_replace(&machine, hog);
	hog->cgroup = 0;
	subject_fork(hog);
	machine_wake(&machine, hog, 0);
	machine.now += US;
	machine_switch(&machine, 0, hog, false, subject_switch);
	machine.now += 11 * US;
	machine_switch(&machine, 0, victim, false, subject_switch);
	subject_turn();
	subject_turn();
	expect(&bad, "the container that was removed", CONTAINER_ID(1), CONTAINER_ID(0), 5 * US);
	expect(&bad, "the container that took its inode", CONTAINER_ID(1), CONTAINER_ID(MAX_CGROUPS), 11 * US);
	expect(&bad, "nobody between the two", CONTAINER_ID(1), CODE(CODE_IDLE, 0), US);
	return bad;
}

int named_cases(void)
{
	return late_in_a_slice() + between_two_slices() + id_used_again();
}
