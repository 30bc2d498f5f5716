/* SPDX-License-Identifier: Apache-2.0 */
/* Cgroups of the hierarchy that has the cpu controller, v1 or v2, in the shape the kubelet gives them. Knows no load. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Finds the hierarchy and makes kubepods/burstable in a tree of its own, which outweighs everything else on the machine:
 * other programs' load would blur what is judged. Returns 1 or 2, the hierarchy's version; gives up if there is none.
 */
int cgroups_begin(void);

/* Removes that tree. */
void cgroups_end(void);

/* Makes the cgroup of a pod, or of a container in it, and returns its id, which is the directory's inode. */
uint64_t cgroup_make(const char *path);
void cgroup_remove(const char *path);

/* A new path: a pod's, or (given the pod's) a container's. */
void cgroup_pod_path(char path[200]);
void cgroup_container_path(char path[200], const char *pod);

/*
 * Like fork(), with the child in the cgroup on v2: it is born there, and its books are the cgroup's from the first
 * nanosecond. On v1 it is to be moved there.
 */
pid_t cgroup_fork(const char *path, bool *born_there);
void cgroup_move(const char *path, pid_t pid);

/* As cgroup_fork(), on v1 too; the child ends with us. */
pid_t cgroup_fork_bound(const char *path);

/* At most quota_us of CPU time in each 100 ms. */
void cgroup_limit(const char *path, uint64_t quota_us);

/* What the kernel's own cpu.stat says about a cgroup's quota. */
struct quota_ledger {
	uint64_t periods, throttled_periods, throttled_ns;
};
struct quota_ledger cgroup_ledger(const char *path);
