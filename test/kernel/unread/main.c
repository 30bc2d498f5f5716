// SPDX-License-Identifier: Apache-2.0
/*
 * unread FAMILY END COUNT SLEEP_US WRITES READS: sends to itself over TCP and reads late, at the END (`accepted` or `made`) of the
 * connection. COUNT times: so many writes, a sleep, and so many reads. Prints {"ns":[[LEAST,MOST],...]}: how long the first byte
 * was there before the first read, as its own clock has it.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define LENGTH 1200

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static uint64_t clock_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000ull + time.tv_nsec;
}

static int listening(int family, struct sockaddr_storage *address, socklen_t *length)
{
	int fd = socket(family, SOCK_STREAM, 0);

	memset(address, 0, sizeof(*address));
	address->ss_family = family;
	*length = family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
	if (family == AF_INET)
		((struct sockaddr_in *)address)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	else
		((struct sockaddr_in6 *)address)->sin6_addr = in6addr_loopback;
	if (bind(fd, (void *)address, *length) || listen(fd, 1) || getsockname(fd, (void *)address, length))
		fail("listen");
	return fd;
}

static void write_all(int fd, size_t length)
{
	static char bytes[LENGTH];

	if (write(fd, bytes, length) != (ssize_t)length)
		fail("write");
}

static void read_all(int fd, size_t length)
{
	char bytes[LENGTH];

	while (length) {
		ssize_t got = read(fd, bytes, length);

		if (got <= 0)
			fail("read");
		length -= got;
	}
}

int main(int argc, char **argv)
{
	if (argc != 7)
		return 2;
	int family = argv[1][0] == '6' ? AF_INET6 : AF_INET, on = 1;
	int count = atoi(argv[3]), sleep_us = atoi(argv[4]), writes = atoi(argv[5]), reads = atoi(argv[6]);
	struct sockaddr_storage address;
	socklen_t length;
	int listener = listening(family, &address, &length);
	int made = socket(family, SOCK_STREAM, 0), accepted, reader, writer;

	if (connect(made, (void *)&address, length) || (accepted = accept(listener, NULL, NULL)) < 0)
		fail("connect");
	reader = argv[2][0] == 'a' ? accepted : made;
	writer = argv[2][0] == 'a' ? made : accepted;
	setsockopt(writer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	fputs("{\"ns\":[", stdout);
	for (int i = 0; i < count; i++) {
		uint64_t before = clock_ns(), sent, late, taken;

		write_all(writer, LENGTH / writes);
		sent = clock_ns();
		for (int j = 1; j < writes; j++)
			write_all(writer, LENGTH / writes);
		usleep(sleep_us);
		late = clock_ns();
		read_all(reader, LENGTH / reads);
		taken = clock_ns();
		for (int j = 1; j < reads; j++)
			read_all(reader, LENGTH / reads);
		printf("%s[%llu,%llu]", i ? "," : "", (unsigned long long)(late - sent),
		       (unsigned long long)(taken - before));
	}
	puts("]}");
	return 0;
}
