/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A small scheduler: CPUs, threads, cgroups with quotas at three levels, and the books that a kernel keeps about them. It
 * makes the schedules, and writes down, nanosecond by nanosecond, what every thread and every CPU really did.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAX_CPUS 3
#define MAX_THREADS 8
#define MAX_CGROUPS 6 /* containers at a time; container i's pod is i / 2, all pods are in one slice */
#define PODS (MAX_CGROUPS / 2)
#define LENGTH 4096 /* ns of a schedule, at most */
#define BEGIN 100000 /* run-queue clock at the start of a schedule */

/* A container that is removed makes place for another, whose name is the next generation's: place + MAX_CGROUPS * generation. */
#define GENERATIONS 16
#define MAX_NAMES (MAX_CGROUPS * GENERATIONS)

/* Ids as the kernel gives them: an inode, which is used again, and its generation above; quotas are cgroups, too. */
#define CONTAINER_ID(name) ((uint64_t)(name) % MAX_CGROUPS + 1000 + ((uint64_t)(name) / MAX_CGROUPS << 32))
#define POD_ID(i) ((uint64_t)(i) + 2000)
#define SLICE_ID 3000ull

/* Quotas by level: a container's, a pod's, the slice's. */
#define LEVELS 3

/* What a thread does in one nanosecond. */
enum doing { ASLEEP, RUNS, WAITS, STOPPED };

/* Who has a CPU in one nanosecond: idle, a kernel thread, or a container as OF_CONTAINER + its name. */
enum has { NOBODY_YET, IDLE_TASK, KERNEL_THREAD, OF_CONTAINER };

struct thread {
	uint32_t pid;
	int cgroup; /* place of its container */
	bool kernel_thread;
	enum doing doing;
	int cpu;
	int quota; /* while STOPPED: 0 container, 1 pod, 2 slice */
	/* The kernel's books. */
	uint64_t run_delay, arrivals, last_queued, last_arrival;
	/* Since it last ran: a quota stopped it, it went to another cgroup. */
	bool was_stopped, moved;
};

/* The run-queue of one cgroup on one CPU. */
struct queue {
	int throttled_self, throttle_count; /* throttle_count: of containers' queues only */
	uint64_t throttled_at; /* when it was throttled itself last */
	uint64_t stopped_since, stopped;
	bool limited; /* it has a quota at all; matters only where queues are stopped */
	uint64_t quota; /* cgroup id */
};

/* What takes a CPU from whoever has it: nothing, nobody in particular, the hypervisor, or a container's packets. */
enum taker { NOTHING, INTERRUPT, STEAL, PACKETS_OF };

/* The interrupts that go on on a CPU; one that began before the program came is not known to it. */
struct interrupted {
	bool hard, hard_known, soft, soft_known, receives;
	int soft_taker; /* enum taker; PACKETS_OF + name */
	uint64_t soft_since; /* when the soft one began, or went on after a hard one */
	uint64_t stolen; /* ns, as the kernel's books know it */
	bool books_read; /* the program has looked at them */
	bool steal; /* the hypervisor has the CPU now */
	bool steal_untold; /* and the end of an interrupt will tell */
};

struct machine {
	uint64_t random; /* state of the generator, or else: */
	const uint8_t *choices, *choice, *choices_end;
	int cpus, threads, cgroups;
	bool queues_stop; /* as before Linux 6.18: a quota stops a whole queue, not thread by thread when they leave the kernel */
	int generation[MAX_CGROUPS]; /* of the container that has a place now */
	uint64_t now; /* run-queue clock of all CPUs */
	struct thread thread[MAX_THREADS];
	struct thread *current[MAX_CPUS]; /* NULL: idle */
	uint64_t idle_since[MAX_CPUS], switched_at[MAX_CPUS], switches[MAX_CPUS];
	struct queue queues[(MAX_CGROUPS + PODS + 1) * MAX_CPUS]; /* machine_quota_queue() finds one */
	uint32_t next_pid;
	struct interrupted interrupted[MAX_CPUS];
	/* The truth: [t - BEGIN]. */
	uint8_t has[MAX_CPUS][LENGTH];
	uint8_t taker[MAX_CPUS][LENGTH];
	int taker_known[MAX_CPUS][LENGTH]; /* events after which it is known whose packets these were */
	uint8_t doing[MAX_THREADS][LENGTH];
	uint8_t where[MAX_THREADS][LENGTH]; /* CPU */
	uint8_t quota[MAX_THREADS][LENGTH]; /* while STOPPED: level */
	uint8_t stopper[MAX_THREADS][LENGTH]; /* and the container that the quota belongs to, or whose pod it does */
};

/* One of the numbers below `below`. */
uint64_t pick(struct machine *m, uint64_t below);

/* Whether there is anything left to choose by. */
bool machine_chooses(const struct machine *m);

/* The same seed makes the same machine, and the same choices do: pick() takes them from these if they are not NULL. */
void machine_begin(struct machine *m, uint64_t seed, const uint8_t *choices, size_t size);

/* Writes down ns nanoseconds of what goes on now. */
void machine_pass(struct machine *m, uint64_t ns);

void machine_wake(struct machine *m, struct thread *t, int cpu);

/* next (NULL: idle) gets the CPU; prev sleeps if `sleeps`, is stopped if its queue is throttled, else waits. */
void machine_switch(struct machine *m, int cpu, struct thread *next, bool sleeps, void (*seen)(struct machine *m, int cpu, struct thread *prev, struct thread *next));

/* Whether anybody could have the CPU if it were free. */
bool machine_waited(const struct machine *m, int cpu);

/* A packet of the container, by its name, is received; `event` events have been so far. */
void machine_packet(struct machine *m, int cpu, int name, int event);

/* A waiting or stopped thread goes to another CPU. */
void machine_migrate(struct machine *m, struct thread *t, int cpu, void (*seen)(struct machine *m, struct thread *t, int from, int to));

/*
 * A sleeping thread that is still on a queue goes to another CPU's. It is stamped as if it waited, until it runs.
 */
void machine_drag(struct machine *m, struct thread *t, int cpu, void (*seen)(struct machine *m, struct thread *t, int from, int to));

/* A thread that does not run goes to another cgroup. */
void machine_move(struct machine *m, struct thread *t, int cgroup);

/* A sleeping thread ends, and another takes its place. */
void machine_replace(struct machine *m, struct thread *t);

/* A container in which no thread is left goes, and another comes: with a new id, and queues where the old ones were. */
void machine_recreate(struct machine *m, int cgroup);

/*
 * The quota of a level (0: of container `which`, 1: of pod, 2: of the slice) runs out on a CPU, or is refilled. Where queues
 * are stopped, whoever has the CPU must be about to leave it if it stands under that queue. True if this lets a thread run.
 */
bool machine_throttle(struct machine *m, int level, int which, int cpu, bool on);

/* The queue of a container, and the one that a quota stops. */
struct queue *machine_queue(struct machine *m, int cgroup, int cpu);
struct queue *machine_quota_queue(struct machine *m, int level, int which, int cpu);

/* Which pod, slice or container a container's quota of that level belongs to. */
int quota_of(int level, int cgroup);

/* Name of the container that has this place now; that of a quota's cgroup id, as a thread of the container meets it. */
int machine_name(const struct machine *m, int cgroup);
uint64_t quota_id(const struct machine *m, int level, int cgroup);
