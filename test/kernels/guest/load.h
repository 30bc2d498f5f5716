/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Containers' processes: threads that stand still, use a CPU in a known way until a deadline, and stand still again. While
 * they stand still the kernel's own count of each thread's waits (schedstat) cannot change, so it is read exactly at the
 * edges of a window without stopping any clock.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum load_kind {
	HOG, /* runs all the time */
	SLEEPER, /* runs for 3 ms, sleeps for 1 ms, and so on */
};

#define MAX_THREADS 8

/* In place of a CPU: the first thread on the first CPU, the second on the second, and so on. */
#define SPREAD -1

struct load {
	pid_t pid;
	int threads;
};

/* The kernel's count of the time that threads ran, and that they were runnable and did not, ns. */
struct books {
	uint64_t run_ns, wait_ns;
};

/* Starts a process with that many threads in a cgroup; they stand still when this returns. */
struct load load_start(const char *cgroup, enum load_kind kind, int threads, int cpu);

/* Lets the threads of all loads run until all of them are past a time of CLOCK_MONOTONIC; and waits until they stand still. */
void loads_begin(const struct load *loads, int count, uint64_t deadline_ns);
void loads_wait(const struct load *loads, int count);

/* Another time than loads_begin() was given. */
void loads_end_at(uint64_t deadline_ns);

struct books load_books(const struct load *load);

/* Ends the processes, and forgets them. */
void loads_end(const struct load *loads, int count);

/* A process's books while it was in its cgroup, and how long it lived from when it began to work. */
struct short_life {
	struct books books;
	uint64_t birth_wait_ns; /* of the waits, those before it began, which may be on other CPUs */
	uint64_t lived_ns;
};

/* A whole short life: a process that starts in a cgroup, uses run_ns of a CPU and ends. */
struct short_life load_short(const char *cgroup, uint64_t run_ns, int cpu);

/* Keeps the calling thread on one CPU. */
void pin(int cpu);
