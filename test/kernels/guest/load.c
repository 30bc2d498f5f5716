// SPDX-License-Identifier: Apache-2.0
#include "load.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "cgroups.h"
#include "report.h"

/*
 * Shared by the scenario and all its loads. A round is one begin; threads stand still by waiting for the next one. All go
 * on working until the last of them is past the deadline: a quota could stop a queue that nobody is in any more, and
 * kernels before 6.6 count that as throttled, too.
 */
struct gate {
	atomic_uint round;
	atomic_ullong deadline_ns;
	unsigned threads; /* that work in this round */
	atomic_uint late; /* of them, past the deadline */
	atomic_uint stopped; /* of them, done */
};

static struct gate *gate(void)
{
	static struct gate *shared;

	if (!shared) {
		shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		if (shared == MAP_FAILED)
			give_up("mmap: %s", strerror(errno));
	}
	return shared;
}

static void stand_still(unsigned round)
{
	while (atomic_load(&gate()->round) == round)
		syscall(SYS_futex, &gate()->round, FUTEX_WAIT, round, NULL, NULL, 0);
}

static void open_gate(void)
{
	atomic_fetch_add(&gate()->round, 1);
	syscall(SYS_futex, &gate()->round, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

void pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		give_up("cannot run on CPU %d: %s", cpu, strerror(errno));
}

static uint64_t own_run_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
	return time.tv_sec * 1000000000ull + time.tv_nsec;
}

static void compute(void)
{
	for (volatile int i = 0; i < 2000; i++)
		;
}

static void run_for(uint64_t ns)
{
	uint64_t end = own_run_ns() + ns;

	while (own_run_ns() < end)
		compute();
}

/* False once every thread is past the deadline. */
static bool go_on(bool *late)
{
	if (!*late && monotonic_ns() >= atomic_load(&gate()->deadline_ns)) {
		*late = true;
		atomic_fetch_add(&gate()->late, 1);
	}
	return atomic_load(&gate()->late) < gate()->threads;
}

static void note_stop(void)
{
	if (atomic_fetch_add(&gate()->stopped, 1) + 1 == gate()->threads)
		syscall(SYS_futex, &gate()->stopped, FUTEX_WAKE, 1, NULL, NULL, 0);
}

struct thread {
	enum load_kind kind;
	int cpu;
	unsigned round;
};

static void *work(void *argument)
{
	const struct thread *thread = argument;
	const struct timespec pause = { .tv_nsec = 1000000 };

	pin(thread->cpu);
	for (unsigned round = thread->round;; round++) {
		bool late = false;

		stand_still(round);
		while (go_on(&late)) {
			compute();
			if (thread->kind == HOG)
				continue;
			run_for(3000000);
			nanosleep(&pause, NULL);
		}
		note_stop();
	}
	return NULL;
}

/* Calls each() with the path of every thread's directory in /proc. */
static int each_thread(pid_t pid, bool (*each)(const char *path, void *context), void *context)
{
	char path[64], thread_path[330];
	struct dirent *entry;
	DIR *directory;
	int agreed = 0;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	directory = opendir(path);
	if (!directory)
		give_up("%s: %s", path, strerror(errno));
	while ((entry = readdir(directory))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(thread_path, sizeof(thread_path), "%s/%s", path, entry->d_name);
		agreed += each(thread_path, context);
	}
	closedir(directory);
	return agreed;
}

static bool stands_still(const char *path, void *context)
{
	char full[400], line[512] = "", *after_name;
	FILE *file;

	(void)context;
	snprintf(full, sizeof(full), "%s/stat", path);
	file = fopen(full, "re");
	if (file && !fgets(line, sizeof(line), file))
		line[0] = 0;
	if (file)
		fclose(file);
	after_name = strrchr(line, ')');
	return after_name && after_name[1] == ' ' && after_name[2] == 'S';
}

static bool add_books(const char *path, void *context)
{
	unsigned long long run, wait;
	struct books *books = context;
	char full[400];
	FILE *file;

	snprintf(full, sizeof(full), "%s/schedstat", path);
	file = fopen(full, "re");
	if (!file || fscanf(file, "%llu %llu", &run, &wait) != 2)
		give_up("%s: %s", full, strerror(errno));
	fclose(file);
	books->run_ns += run;
	books->wait_ns += wait;
	return true;
}

struct books load_books(const struct load *load)
{
	struct books books = {};

	each_thread(load->pid, add_books, &books);
	return books;
}

void loads_wait(const struct load *loads, int count)
{
	unsigned stopped;

	while ((stopped = atomic_load(&gate()->stopped)) < gate()->threads)
		syscall(SYS_futex, &gate()->stopped, FUTEX_WAIT, stopped, NULL, NULL, 0);
	for (int i = 0; i < count; i++)
		while (each_thread(loads[i].pid, stands_still, NULL) < loads[i].threads)
			usleep(100);
}

void loads_end_at(uint64_t deadline_ns)
{
	atomic_store(&gate()->deadline_ns, deadline_ns);
}

void loads_begin(const struct load *loads, int count, uint64_t deadline_ns)
{
	loads_end_at(deadline_ns);
	gate()->threads = 0;
	for (int i = 0; i < count; i++)
		gate()->threads += loads[i].threads;
	atomic_store(&gate()->late, 0);
	atomic_store(&gate()->stopped, 0);
	open_gate();
}

struct load load_start(const char *cgroup, enum load_kind kind, int threads, int cpu)
{
	unsigned round = atomic_load(&gate()->round);
	struct thread works[MAX_THREADS];
	struct load load = { .threads = threads };
	pid_t parent = getpid();
	bool born_there;

	load.pid = cgroup_fork(cgroup, &born_there);
	if (!load.pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(1);
		if (!born_there)
			cgroup_move(cgroup, getpid());
		for (int i = 0; i < threads; i++)
			works[i] = (struct thread){ kind, cpu == SPREAD ? i : cpu, round };
		for (int i = 1; i < threads; i++) {
			pthread_t id;

			if (pthread_create(&id, NULL, work, &works[i]))
				give_up("pthread_create failed");
		}
		work(&works[0]);
	}
	while (each_thread(load.pid, stands_still, NULL) < threads)
		usleep(10000);
	return load;
}

void loads_end(const struct load *loads, int count)
{
	for (int i = 0; i < count; i++)
		kill(loads[i].pid, SIGKILL);
	for (int i = 0; i < count; i++)
		waitpid(loads[i].pid, NULL, 0);
}

/* What a short life and its observer share. */
struct cradle {
	atomic_uint open;
};

static struct books books_of(pid_t pid)
{
	struct books books = {};
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d", pid);
	add_books(path, &books);
	return books;
}

/* A process that has ended still runs for its last few microseconds; they are in its books once these stand still. */
static struct books last_books(pid_t pid)
{
	struct books seen = books_of(pid), books;

	for (;; seen = books) {
		usleep(20000);
		books = books_of(pid);
		if (books.run_ns == seen.run_ns && books.wait_ns == seen.wait_ns)
			return books;
	}
}

struct short_life load_short(const char *cgroup, uint64_t run_ns, int cpu)
{
	struct cradle *cradle = mmap(NULL, sizeof(*cradle), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct load load = { .threads = 1 };
	struct short_life life = {};
	struct books before = {};
	bool born_there;
	uint64_t began_ns;
	siginfo_t info;

	if (cradle == MAP_FAILED)
		give_up("mmap: %s", strerror(errno));
	load.pid = cgroup_fork(cgroup, &born_there);
	if (!load.pid) {
		pin(cpu);
		while (!atomic_load(&cradle->open))
			syscall(SYS_futex, &cradle->open, FUTEX_WAIT, 0, NULL, NULL, 0);
		run_for(run_ns);
		_exit(0);
	}
	while (each_thread(load.pid, stands_still, NULL) < 1)
		usleep(1000);
	if (!born_there) {
		/* While it stands still: what it waited before is no business of this cgroup, to the nanosecond. */
		cgroup_move(cgroup, load.pid);
		before = books_of(load.pid);
	}
	life.birth_wait_ns = books_of(load.pid).wait_ns - before.wait_ns;
	began_ns = monotonic_ns();
	atomic_store(&cradle->open, 1);
	syscall(SYS_futex, &cradle->open, FUTEX_WAKE, 1, NULL, NULL, 0);
	if (waitid(P_PID, load.pid, &info, WEXITED | WNOWAIT))
		give_up("waitid: %s", strerror(errno));
	life.lived_ns = monotonic_ns() - began_ns;
	/* What is left of a process that nobody has asked about yet still has its books. */
	life.books = last_books(load.pid);
	life.books.run_ns -= before.run_ns;
	life.books.wait_ns -= before.wait_ns;
	waitpid(load.pid, NULL, 0);
	munmap(cradle, sizeof(*cradle));
	return life;
}
