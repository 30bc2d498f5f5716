// SPDX-License-Identifier: Apache-2.0
#include "frames.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "load.h"
#include "report.h"

/*
 * No frame for so long means that the sensor is broken, however slow the machine. Before the first one the kernel verifies the
 * programs: a minute and a half on an emulated CPU that others want, too.
 */
#define PATIENCE_NS 60000000000ull
#define FIRST_PATIENCE_NS 300000000000ull

struct line {
	char *text;
	struct line *next;
};

static struct {
	pid_t pid;
	FILE *output;
	pthread_t reader;
	pthread_mutex_t lock;
	struct line *first, **end;
	uint64_t newest_ns;
	bool ended;
} sensor = { .lock = PTHREAD_MUTEX_INITIALIZER, .end = &sensor.first };

static uint64_t edge_of(const char *frame)
{
	const char *field = strstr(frame, "\"monotonicNs\":\"");

	return field ? strtoull(field + strlen("\"monotonicNs\":\""), NULL, 10) : 0;
}

static void *read_frames(void *unused)
{
	size_t room = 0;
	ssize_t length;

	for (;;) {
		struct line *line = calloc(1, sizeof(*line));

		if (!line)
			give_up("out of memory");
		length = getline(&line->text, &room, sensor.output);
		if (length <= 0)
			break;
		line->text[strcspn(line->text, "\n")] = 0;
		pthread_mutex_lock(&sensor.lock);
		sensor.newest_ns = edge_of(line->text);
		*sensor.end = line;
		sensor.end = &line->next;
		pthread_mutex_unlock(&sensor.lock);
		room = 0;
	}
	pthread_mutex_lock(&sensor.lock);
	sensor.ended = true;
	pthread_mutex_unlock(&sensor.lock);
	return unused;
}

/* Waits for a frame whose time is not before the given one of CLOCK_MONOTONIC. Returns that time. */
static uint64_t frame_after(uint64_t not_before_ns)
{
	uint64_t deadline = monotonic_ns() + (not_before_ns ? PATIENCE_NS : FIRST_PATIENCE_NS);

	for (;;) {
		uint64_t newest_ns;
		bool there, ended;

		pthread_mutex_lock(&sensor.lock);
		newest_ns = sensor.newest_ns;
		there = sensor.first && newest_ns >= not_before_ns;
		ended = sensor.ended;
		pthread_mutex_unlock(&sensor.lock);
		if (there)
			return newest_ns;
		if (ended)
			give_up("the sensor ended: see what it wrote to standard error");
		if (monotonic_ns() > deadline)
			give_up("the sensor is silent");
		usleep(50000);
	}
}

void sensor_start(const char *path, int cpu)
{
	pid_t parent = getpid();
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		give_up("pipe: %s", strerror(errno));
	sensor.pid = fork();
	if (sensor.pid < 0)
		give_up("fork: %s", strerror(errno));
	if (!sensor.pid) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		if (getppid() != parent)
			_exit(1);
		pin(cpu);
		dup2(ends[1], STDOUT_FILENO);
		/* Without a budget: an emulated CPU is slow enough to exceed it. */
		execl(path, path, "--interval", "1", "--budget", "0", NULL);
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		_exit(127);
	}
	close(ends[1]);
	sensor.output = fdopen(ends[0], "r");
	if (!sensor.output || pthread_create(&sensor.reader, NULL, read_frames, NULL))
		give_up("cannot read from the sensor");
	frame_after(0);
}

void frames_forget(void)
{
	pthread_mutex_lock(&sensor.lock);
	while (sensor.first) {
		struct line *line = sensor.first;

		sensor.first = line->next;
		free(line->text);
		free(line);
	}
	sensor.end = &sensor.first;
	pthread_mutex_unlock(&sensor.lock);
}

void frames_settle(void)
{
	frame_after(frame_after(monotonic_ns()) + 1);
}

void frames_report(const char *scenario)
{
	pthread_mutex_lock(&sensor.lock);
	for (struct line *line = sensor.first; line; line = line->next)
		report("{\"event\":\"frame\",\"scenario\":\"%s\",\"frame\":%s}", scenario, line->text);
	pthread_mutex_unlock(&sensor.lock);
}

void sensor_end(void)
{
	int status;

	kill(sensor.pid, SIGTERM);
	waitpid(sensor.pid, &status, 0);
	pthread_join(sensor.reader, NULL);
	fclose(sensor.output);
	if (status)
		give_up("the sensor ended with wait status %#x", status);
}
