/* SPDX-License-Identifier: Apache-2.0 */
/* What the client asks of the server, and how both tell the time. */
#pragma once

#include <errno.h>
#include <linux/net_tstamp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct request {
	uint32_t sleep_us; /* how long the server sleeps, */
	uint32_t cpu_us; /* then works, by its thread's own clock, */
	uint32_t upstream_us; /* then waits for its upstream, which sleeps for that long */
	uint32_t hand_over; /* whether another thread than the reader does all that and answers */
	uint32_t upload; /* bytes that follow this */
	uint32_t answer; /* bytes of the answer, 1 or more */
	uint32_t unused[10];
};

static inline uint64_t clock_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

static inline void fail(const char *what)
{
	perror(what);
	exit(1);
}

/* Asks the kernel to say when it got what is read from this socket: a clock that does not depend on who is scheduled. */
static inline void stamp_arrivals(int fd)
{
	int flags = SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE;

	if (setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPING, &flags, sizeof(flags)))
		fail("SO_TIMESTAMPING");
}

/* Reads up to size bytes; *arrived is when the last of them came, CLOCK_REALTIME, 0 if the kernel does not say. */
static inline ssize_t read_stamped(int fd, void *data, size_t size, uint64_t *arrived)
{
	union {
		char space[CMSG_SPACE(3 * sizeof(struct timespec))];
		struct cmsghdr align;
	} control;
	struct iovec piece = { data, size };
	struct msghdr message = { .msg_iov = &piece, .msg_iovlen = 1, .msg_control = &control,
				  .msg_controllen = sizeof(control) };
	ssize_t got = recvmsg(fd, &message, 0);

	*arrived = 0;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); got > 0 && c; c = CMSG_NXTHDR(&message, c)) {
		struct timespec stamps[3];

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SO_TIMESTAMPING)
			continue;
		memcpy(stamps, CMSG_DATA(c), sizeof(stamps));
		*arrived = stamps[0].tv_sec * 1000000000ull + stamps[0].tv_nsec;
	}
	return got;
}

/* Reads exactly size bytes; *first is when the first part of them came. False at the end of the stream. */
static inline int read_all(int fd, void *data, size_t size, uint64_t *first)
{
	size_t done = 0;

	while (done < size) {
		uint64_t arrived;
		ssize_t got = read_stamped(fd, (char *)data + done, size - done, &arrived);

		if (got <= 0)
			return 0;
		if (!done && first)
			*first = arrived;
		done += got;
	}
	return 1;
}

/* *begun is when the first piece was with the kernel: so small a piece is never kept waiting. */
static inline void write_all(int fd, const void *data, size_t size, uint64_t *begun)
{
	size_t done = 0;

	while (done < size) {
		size_t piece = !done && size > 4096 ? 4096 : size - done;
		ssize_t put = send(fd, (const char *)data + done, piece, MSG_NOSIGNAL);

		if (put <= 0)
			return;
		if (!done && begun)
			*begun = clock_ns(CLOCK_REALTIME);
		done += put;
	}
}

/*
 * Durations that somebody measured. Between two looks at a clock a thread may lose its CPU, so each is at least this and at
 * most that.
 */
struct truth {
	struct {
		uint64_t least, most;
	} *ns;
	size_t used, room;
	uint64_t unstamped; /* of them, those for which the kernel gave no stamp of arrival */
	uint64_t unread; /* of all of them: from arrival until a thread read it */
};

/* Not safe between threads. */
static inline void truth_add(struct truth *truth, int64_t least, int64_t most)
{
	if (truth->used == truth->room) {
		truth->room = truth->room ? 2 * truth->room : 1024;
		truth->ns = realloc(truth->ns, truth->room * sizeof(*truth->ns));
		if (!truth->ns)
			fail("realloc");
	}
	truth->ns[truth->used].least = least > 0 ? least : 0;
	truth->ns[truth->used++].most = most > 0 ? most : 0;
}

/* As JSON, the last line of a program. */
static inline void truth_print(const struct truth *truth)
{
	printf("{\"unstamped\":%llu,\"unreadNs\":%llu,\"ns\":[", (unsigned long long)truth->unstamped,
	       (unsigned long long)truth->unread);
	for (size_t i = 0; i < truth->used; i++)
		printf("%s[%llu,%llu]", i ? "," : "", (unsigned long long)truth->ns[i].least,
		       (unsigned long long)truth->ns[i].most);
	printf("]}\n");
	fflush(stdout);
}
