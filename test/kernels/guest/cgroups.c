// SPDX-License-Identifier: Apache-2.0
#include "cgroups.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <mntent.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "report.h"

/* The scenarios' own tree, as under a kubelet with --cgroup-root, so that no other pod of this machine is touched. */
static char root[40], parent[80];
static char mount[200];
static int version;

static int find_mount(void)
{
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	struct mntent *entry;
	int found = 0;

	while (mounts && (entry = getmntent(mounts))) {
		int v1 = !strcmp(entry->mnt_type, "cgroup") && hasmntopt(entry, "cpu");

		/* Where a v1 hierarchy has the controller, the unified one does not. */
		if (!v1 && (found == 1 || strcmp(entry->mnt_type, "cgroup2")))
			continue;
		found = v1 ? 1 : 2;
		snprintf(mount, sizeof(mount), "%s", entry->mnt_dir);
	}
	if (mounts)
		endmntent(mounts);
	return found;
}

static void in(char full[600], const char *path, const char *file)
{
	snprintf(full, 600, "%s%s%s%s", mount, path, *file ? "/" : "", file);
}

static void write_file(const char *path, const char *file, const char *format, ...)
{
	char full[600], text[100];
	va_list arguments;
	int fd, length;

	va_start(arguments, format);
	length = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	in(full, path, file);
	fd = open(full, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, text, length) != length)
		give_up("cannot write \"%s\" to %s: %s", text, full, strerror(errno));
	close(fd);
}

static uint64_t inode(const char *path)
{
	struct stat status;
	char full[600];

	in(full, path, "");
	if (stat(full, &status))
		give_up("%s: %s", full, strerror(errno));
	return status.st_ino;
}

static void make_directory(const char *path)
{
	char full[600];

	in(full, path, "");
	if (mkdir(full, 0755) && errno != EEXIST)
		give_up("cannot make %s: %s", full, strerror(errno));
}

/* Lets the children of a v2 cgroup have quotas; on v1 every cgroup of the hierarchy can. */
static void hand_down(const char *path)
{
	if (version == 2)
		write_file(path, "cgroup.subtree_control", "+cpu");
}

int cgroups_begin(void)
{
	version = find_mount();
	if (!version)
		give_up("no cgroup hierarchy is mounted");
	snprintf(root, sizeof(root), "/contention-kernels-%d", getpid());
	snprintf(parent, sizeof(parent), "%s/kubepods/burstable", root);
	hand_down("");
	make_directory(root);
	if (version == 2)
		write_file(root, "cpu.weight", "10000");
	else
		write_file(root, "cpu.shares", "102400");
	hand_down(root);
	strrchr(parent, '/')[0] = 0;
	make_directory(parent);
	hand_down(parent);
	parent[strlen(parent)] = '/';
	make_directory(parent);
	hand_down(parent);
	return version;
}

void cgroups_end(void)
{
	cgroup_remove(parent);
	strrchr(parent, '/')[0] = 0;
	cgroup_remove(parent);
	cgroup_remove(root);
}

uint64_t cgroup_make(const char *path)
{
	make_directory(path);
	/* A pod holds containers, a container holds processes: only the former hands the controller down. */
	if (!strchr(path + strlen(parent) + 1, '/'))
		hand_down(path);
	return inode(path);
}

void cgroup_remove(const char *path)
{
	char full[600];

	in(full, path, "");
	/* The last process may not be entirely gone yet. */
	for (int tries = 0; rmdir(full) && tries < 1000; tries++) {
		if (errno != EBUSY)
			give_up("cannot remove %s: %s", full, strerror(errno));
		usleep(5000);
	}
}

static void random_hex(char *text, int digits)
{
	unsigned char bytes[32];

	if (getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes))
		give_up("getrandom: %s", strerror(errno));
	for (int i = 0; i < digits; i++)
		text[i] = "0123456789abcdef"[bytes[i / 2] >> (i % 2 * 4) & 15];
	text[digits] = 0;
}

void cgroup_pod_path(char path[200])
{
	char hex[33];

	random_hex(hex, 32);
	snprintf(path, 200, "%s/pod%.8s-%.4s-4%.3s-8%.3s-%.12s", parent, hex, hex + 8, hex + 12, hex + 15, hex + 18);
}

void cgroup_container_path(char path[200], const char *pod)
{
	char hex[65];

	random_hex(hex, 64);
	snprintf(path, 200, "%.134s/%s", pod, hex);
}

pid_t cgroup_fork(const char *path, bool *born_there)
{
	struct clone_args arguments = { .exit_signal = SIGCHLD };
	char full[600];
	pid_t pid;

	*born_there = version == 2;
	if (version == 2) {
		in(full, path, "");
		arguments.flags = CLONE_INTO_CGROUP;
		arguments.cgroup = open(full, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		pid = syscall(SYS_clone3, &arguments, sizeof(arguments));
		close(arguments.cgroup);
	} else {
		pid = fork();
	}
	if (pid < 0)
		give_up("cannot start a process in %s: %s", path, strerror(errno));
	return pid;
}

void cgroup_move(const char *path, pid_t pid)
{
	write_file(path, "cgroup.procs", "%d", pid);
}

pid_t cgroup_fork_bound(const char *path)
{
	pid_t parent = getpid(), pid;
	bool born_there;

	pid = cgroup_fork(path, &born_there);
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(1);
		if (!born_there)
			cgroup_move(path, getpid());
	}
	return pid;
}

void cgroup_limit(const char *path, uint64_t quota_us)
{
	if (version == 2) {
		write_file(path, "cpu.max", "%llu 100000", (unsigned long long)quota_us);
	} else {
		write_file(path, "cpu.cfs_period_us", "100000");
		write_file(path, "cpu.cfs_quota_us", "%llu", (unsigned long long)quota_us);
	}
}

struct quota_ledger cgroup_ledger(const char *path)
{
	struct quota_ledger ledger = {};
	unsigned long long value;
	char full[600], name[64];
	FILE *file;

	in(full, path, "cpu.stat");
	file = fopen(full, "re");
	if (!file)
		give_up("%s: %s", full, strerror(errno));
	while (fscanf(file, "%63s %llu", name, &value) == 2) {
		if (!strcmp(name, "nr_periods"))
			ledger.periods = value;
		else if (!strcmp(name, "nr_throttled"))
			ledger.throttled_periods = value;
		else if (!strcmp(name, "throttled_time"))
			ledger.throttled_ns = value;
		else if (!strcmp(name, "throttled_usec"))
			ledger.throttled_ns = value * 1000;
	}
	fclose(file);
	return ledger;
}
