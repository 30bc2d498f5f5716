// SPDX-License-Identifier: Apache-2.0
#include "networks.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "report.h"

/* Forks a child that ends with us. */
static pid_t fork_bound(void)
{
	pid_t parent = getpid(), pid = fork();

	if (pid < 0)
		give_up("fork: %s", strerror(errno));
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(1);
	}
	return pid;
}

struct network network_make(void)
{
	struct network network;
	int ready[2];
	char byte = 0;

	if (pipe2(ready, O_CLOEXEC))
		give_up("pipe: %s", strerror(errno));
	network.holder = fork_bound();
	if (!network.holder) {
		if (unshare(CLONE_NEWNET) || write(ready[1], &byte, 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(ready[1]);
	if (read(ready[0], &byte, 1) != 1)
		give_up("cannot make a network namespace");
	close(ready[0]);
	network_run(network, "ip link set lo up");
	return network;
}

void network_end(struct network network)
{
	kill(network.holder, SIGKILL);
	waitpid(network.holder, NULL, 0);
}

void network_enter(struct network network)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/ns/net", network.holder);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		give_up("cannot enter %s: %s", path, strerror(errno));
	close(fd);
}

/* In a child, which ends with it. */
static noreturn void become(struct network network, char *line)
{
	char *words[64], *word;
	int count = 0;

	while ((word = strsep(&line, " ")) && count < 63)
		words[count++] = word;
	words[count] = NULL;
	network_enter(network);
	execvp(words[0], words);
	fprintf(stderr, "%s: %s\n", words[0], strerror(errno));
	_exit(127);
}

static bool succeeds(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid)
		give_up("waitpid: %s", strerror(errno));
	return !status;
}

static bool run(struct network network, char *line)
{
	pid_t pid = fork_bound();

	if (!pid)
		become(network, line);
	return succeeds(pid);
}

bool network_can(struct network network, const char *format, ...)
{
	va_list arguments;
	char line[600];

	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	return run(network, line);
}

void network_run(struct network network, const char *format, ...)
{
	char line[600], copy[600];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	memcpy(copy, line, sizeof(copy));
	if (!run(network, copy))
		give_up("%s: failed; see what it wrote to standard error", line);
}

/* All that comes out of a pipe. */
static void collect(const int ends[2], char *text, size_t size)
{
	size_t length = 0;
	ssize_t some;

	close(ends[1]);
	while (length + 1 < size && (some = read(ends[0], text + length, size - 1 - length)) > 0)
		length += some;
	text[length] = 0;
	close(ends[0]);
}

void network_ask(struct network network, char *answer, size_t size, const char *format, ...)
{
	va_list arguments;
	char line[600];
	int ends[2];
	pid_t pid;

	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	if (pipe2(ends, O_CLOEXEC))
		give_up("pipe: %s", strerror(errno));
	pid = fork_bound();
	if (!pid) {
		dup2(ends[1], STDOUT_FILENO);
		become(network, line);
	}
	collect(ends, answer, size);
	if (!succeeds(pid))
		give_up("%s: failed; see what it wrote to standard error", line);
}

/* What is in /proc about networks is about the one that a reader is in: a child goes there. */
void network_read(struct network network, const char *path, char *text, size_t size)
{
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		give_up("pipe: %s", strerror(errno));
	pid = fork_bound();
	if (!pid) {
		char bytes[4096];
		ssize_t some;
		int fd;

		network_enter(network);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			_exit(1);
		while ((some = read(fd, bytes, sizeof(bytes))) > 0)
			if (write(ends[1], bytes, some) != some)
				_exit(1);
		_exit(some < 0);
	}
	collect(ends, text, size);
	if (!succeeds(pid))
		give_up("cannot read %s in a network namespace", path);
}

void network_write(struct network network, const char *path, const char *text)
{
	pid_t pid = fork_bound();

	if (!pid) {
		int fd;

		network_enter(network);
		fd = open(path, O_WRONLY | O_CLOEXEC);
		_exit(fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text));
	}
	if (!succeeds(pid))
		give_up("cannot write %s to %s in a network namespace", text, path);
}

void modules_load(void)
{
	static bool loaded;
	struct dirent **files;
	int count;

	if (loaded)
		return;
	loaded = true;
	count = scandir("/modules", &files, NULL, alphasort);
	for (int i = 0; i < count; i++) {
		char path[300];
		int fd;

		snprintf(path, sizeof(path), "/modules/%s", files[i]->d_name);
		if (files[i]->d_name[0] != '.') {
			fd = open(path, O_RDONLY | O_CLOEXEC);
			if (fd < 0 || (syscall(SYS_finit_module, fd, "", 0) && errno != EEXIST))
				give_up("cannot load %s: %s", path, strerror(errno));
			close(fd);
		}
		free(files[i]);
	}
	if (count >= 0)
		free(files);
}
