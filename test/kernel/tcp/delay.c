// SPDX-License-Identifier: Apache-2.0
/*
 * A link with a delay between two network namespaces: `delay NAMESPACE NAMESPACE MICROSECONDS` makes a device `delay0` in each,
 * holds every packet for so long, and prints "ready". When its input ends it prints how long packets were held on average, each
 * way, in nanoseconds: it may have been late.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define HELD 4096
#define LONGEST 2048

struct packet {
	uint64_t came;
	ssize_t length;
	char bytes[LONGEST];
};

/* Packets on their way, the oldest at `first`. */
static struct way {
	struct packet packets[HELD];
	size_t first, used;
	uint64_t held_ns, count;
} ways[2];

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000ull + time.tv_nsec;
}

static int device_in(const char *namespace)
{
	struct ifreq request = { .ifr_name = "delay0", .ifr_flags = IFF_TUN | IFF_NO_PI };
	char path[256];
	int there, fd;

	snprintf(path, sizeof(path), "/run/netns/%s", namespace);
	there = open(path, O_RDONLY | O_CLOEXEC);
	if (there < 0 || setns(there, CLONE_NEWNET))
		fail(path);
	close(there);
	fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &request))
		fail("tun");
	return fd;
}

static void take_in(struct way *way, int fd)
{
	while (way->used < HELD) {
		struct packet *packet = &way->packets[(way->first + way->used) % HELD];

		packet->length = read(fd, packet->bytes, LONGEST);
		if (packet->length <= 0)
			return;
		packet->came = now();
		way->used++;
	}
}

/* Lets go what has been held for long enough. Returns when the next one is due, or `until`. */
static uint64_t let_go(struct way *way, int fd, uint64_t delay, uint64_t until)
{
	while (way->used) {
		struct packet *packet = &way->packets[way->first];
		uint64_t time = now();

		if (time < packet->came + delay)
			return packet->came + delay < until ? packet->came + delay : until;
		if (write(fd, packet->bytes, packet->length) == packet->length) {
			way->held_ns += now() - packet->came;
			way->count++;
		} else if (errno != EIO) { /* a device that is not up yet */
			fail("write");
		}
		way->first = (way->first + 1) % HELD;
		way->used--;
	}
	return until;
}

int main(int argc, char **argv)
{
	struct pollfd fds[3] = { [2] = { .fd = STDIN_FILENO, .events = POLLIN } };
	uint64_t delay;

	if (argc != 4)
		return 2;
	delay = strtoull(argv[3], NULL, 10) * 1000;
	for (int i = 0; i < 2; i++)
		fds[i] = (struct pollfd){ .fd = device_in(argv[1 + i]), .events = POLLIN };
	puts("ready");
	fflush(stdout);
	for (;;) {
		uint64_t due = now() + 100000000, time;
		struct timespec wait;
		char line[64];

		for (int i = 0; i < 2; i++)
			due = let_go(&ways[i], fds[!i].fd, delay, due);
		time = now();
		wait = (struct timespec){ .tv_nsec = due > time ? (long)(due - time) : 0 };
		ppoll(fds, 3, &wait, NULL);
		if (fds[2].revents && read(STDIN_FILENO, line, sizeof(line)) <= 0)
			break;
		for (int i = 0; i < 2; i++)
			take_in(&ways[i], fds[i].fd);
	}
	printf("{\"there\":%.0f,\"back\":%.0f}\n", (double)ways[0].held_ns / (ways[0].count ?: 1),
	       (double)ways[1].held_ns / (ways[1].count ?: 1));
	return 0;
}
