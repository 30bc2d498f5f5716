// SPDX-License-Identifier: Apache-2.0
/*
 * dns server:            answers at port 53 of every address, by UDP and TCP; prints a line when it does, ends with its input.
 * dns client KEY=VALUE... asks it, and prints what both clocks say: {"ns":[[LEAST,MOST],...]} of the queries that were answered,
 *                        by the server from having the query to sending the answer, by the client around that.
 *
 * What the server does is in the name that is asked: `DELAY_US-CODE`, where a CODE above 15 is no answer at all. Its answers have the
 * time that it took at their end.
 */
#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define HEADER 12
#define LONGEST 512
#define NO_ANSWER 16

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

/* Writes a query; returns its length. */
static size_t make_query(uint8_t *message, uint16_t id, unsigned delay_us, unsigned code)
{
	char label[32];
	int length = snprintf(label, sizeof(label), "%u-%u", delay_us, code);
	uint8_t *end = message + HEADER;

	memset(message, 0, HEADER);
	message[0] = id >> 8;
	message[1] = id;
	message[2] = 1; /* recursion desired */
	message[5] = 1; /* question */
	*end++ = length;
	memcpy(end, label, length);
	end += length;
	memcpy(end, "\0\0\1\0\1", 5); /* the root, A, IN */
	return end + 5 - message;
}

/* Turns a query into its answer, after the delay. Its new length; 0: none. */
static size_t answer(uint8_t *message, size_t length, uint64_t came)
{
	unsigned delay_us = 0, code = NO_ANSWER;
	char label[64] = {};
	uint64_t took;

	if (length <= HEADER || message[HEADER] >= sizeof(label) || HEADER + 1u + message[HEADER] > length)
		return 0;
	memcpy(label, message + HEADER + 1, message[HEADER]);
	if (sscanf(label, "%u-%u", &delay_us, &code) != 2 || code >= NO_ANSWER)
		return 0;
	usleep(delay_us);
	message[2] |= 0x80;
	message[3] = code;
	took = htobe64(clock_ns() - came);
	memcpy(message + length, &took, sizeof(took));
	return length + sizeof(took);
}

struct datagram {
	int fd;
	struct sockaddr_storage from;
	struct iovec vector;
	struct msghdr header;
	uint64_t came;
	char control[256];
	uint8_t message[LONGEST + 16];
};

static void *answer_datagram(void *argument)
{
	struct datagram *d = argument;

	d->vector.iov_len = answer(d->message, d->vector.iov_len, d->came);
	/* By the control message that came with it, from the address that was asked. */
	if (d->vector.iov_len && sendmsg(d->fd, &d->header, 0) < 0)
		fail("sendmsg");
	free(d);
	return NULL;
}

static void detach(void *(*run)(void *), void *argument)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, run, argument))
		fail("pthread_create");
	pthread_detach(thread);
}

static void *serve_udp(void *argument)
{
	int fd = (int)(intptr_t)argument;

	for (;;) {
		struct datagram *d = calloc(1, sizeof(*d));
		ssize_t got;

		if (!d)
			fail("calloc");
		d->fd = fd;
		d->vector = (struct iovec){ d->message, LONGEST };
		d->header = (struct msghdr){ .msg_name = &d->from, .msg_namelen = sizeof(d->from), .msg_iov = &d->vector,
					     .msg_iovlen = 1, .msg_control = d->control,
					     .msg_controllen = sizeof(d->control) };
		got = recvmsg(fd, &d->header, 0);
		if (got < 0)
			fail("recvmsg");
		d->came = clock_ns();
		d->vector.iov_len = got;
		detach(answer_datagram, d);
	}
	return NULL;
}

static bool read_all(int fd, void *buffer, size_t length)
{
	for (size_t at = 0; at < length;) {
		ssize_t got = read(fd, (char *)buffer + at, length - at);

		if (got <= 0)
			return false;
		at += got;
	}
	return true;
}

/* The answers to all that came together are sent together. */
static void *serve_connection(void *argument)
{
	int fd = (int)(intptr_t)argument;
	static __thread uint8_t out[65536];
	uint8_t message[LONGEST + 16];
	size_t held = 0;
	uint16_t length;

	while (read_all(fd, &length, 2) && ntohs(length) <= LONGEST && read_all(fd, message, ntohs(length))) {
		struct pollfd more = { .fd = fd, .events = POLLIN };
		size_t answered = answer(message, ntohs(length), clock_ns());

		if (answered) {
			out[held] = answered >> 8;
			out[held + 1] = answered;
			memcpy(out + held + 2, message, answered);
			held += 2 + answered;
		}
		if (poll(&more, 1, 0) > 0 && held + sizeof(message) + 2 < sizeof(out))
			continue;
		if (held && write(fd, out, held) < 0)
			break;
		held = 0;
	}
	close(fd);
	return NULL;
}

static void *serve_tcp(void *argument)
{
	int fd = (int)(intptr_t)argument;

	for (;;) {
		int connection = accept(fd, NULL, NULL), on = 1;

		if (connection < 0)
			fail("accept");
		setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		detach(serve_connection, (void *)(intptr_t)connection);
	}
	return NULL;
}

static int bound(int type)
{
	struct sockaddr_in6 address = { .sin6_family = AF_INET6, .sin6_port = htons(53) };
	int fd = socket(AF_INET6, type, 0), on = 1, off = 0;

	setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)))
		fail("bind to port 53");
	if (type == SOCK_STREAM && listen(fd, 128))
		fail("listen");
	return fd;
}

static int serve(void)
{
	char byte;

	detach(serve_udp, (void *)(intptr_t)bound(SOCK_DGRAM));
	detach(serve_tcp, (void *)(intptr_t)bound(SOCK_STREAM));
	puts("ready");
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	return 0;
}

/* What the client does. */
static struct {
	const char *address, *other;
	unsigned count, delay_us, code, wait_ms, pipeline, servers;
	bool tcp, loose, split, again, junk;
} asked = { .address = "127.0.0.1", .count = 1, .wait_ms = 20000, .pipeline = 1 };

static void parse(char *argument)
{
	char *value = strchr(argument, '=');

	if (!value) {
		fprintf(stderr, "dns: no value: %s\n", argument);
		exit(2);
	}
	*value++ = 0;
	if (!strcmp(argument, "address"))
		asked.address = value;
	else if (!strcmp(argument, "other")) /* a name server that is asked at once, and does not answer */
		asked.other = value;
	else if (!strcmp(argument, "count"))
		asked.count = atoi(value);
	else if (!strcmp(argument, "delay_us"))
		asked.delay_us = atoi(value);
	else if (!strcmp(argument, "code"))
		asked.code = atoi(value);
	else if (!strcmp(argument, "wait_ms")) /* for an answer; 0: not at all */
		asked.wait_ms = atoi(value);
	else if (!strcmp(argument, "pipeline")) /* queries in one segment */
		asked.pipeline = atoi(value);
	else if (!strcmp(argument, "servers")) /* 127.0.1.1 and so on, instead of one address */
		asked.servers = atoi(value);
	else if (!strcmp(argument, "tcp"))
		asked.tcp = atoi(value);
	else if (!strcmp(argument, "loose")) /* a socket that is not connected */
		asked.loose = atoi(value);
	else if (!strcmp(argument, "split")) /* the length in a segment of its own */
		asked.split = atoi(value);
	else if (!strcmp(argument, "again")) /* each query first without an answer, then once more under the same number */
		asked.again = atoi(value);
	else if (!strcmp(argument, "junk"))
		asked.junk = atoi(value);
	else
		exit(2);
}

static socklen_t resolve(const char *text, struct sockaddr_storage *address)
{
	struct sockaddr_in *in4 = (void *)address;
	struct sockaddr_in6 *in6 = (void *)address;

	memset(address, 0, sizeof(*address));
	if (inet_pton(AF_INET, text, &in4->sin_addr) == 1) {
		in4->sin_family = AF_INET;
		in4->sin_port = htons(53);
		return sizeof(*in4);
	}
	if (inet_pton(AF_INET6, text, &in6->sin6_addr) != 1)
		fail(text);
	in6->sin6_family = AF_INET6;
	in6->sin6_port = htons(53);
	return sizeof(*in6);
}

static const char *comma = "";

static void print_truth(const uint8_t *message, size_t length, uint64_t from)
{
	uint64_t most = clock_ns() - from, least;

	memcpy(&least, message + length - sizeof(least), sizeof(least));
	printf("%s[%llu,%llu]", comma, (unsigned long long)be64toh(least), (unsigned long long)most);
	comma = ",";
}

static int connected(const char *text, int type)
{
	struct sockaddr_storage address;
	socklen_t length = resolve(text, &address);
	int fd = socket(address.ss_family, type, 0), on = 1;

	if (type == SOCK_STREAM)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (connect(fd, (struct sockaddr *)&address, length))
		fail("connect");
	return fd;
}

static void put(int fd, const void *bytes, size_t length, const char *to)
{
	struct sockaddr_storage address;

	if (to ? sendto(fd, bytes, length, 0, (void *)&address, resolve(to, &address)) < 0 : write(fd, bytes, length) < 0)
		fail("send");
}

static void ask_by_datagrams(void)
{
	struct sockaddr_storage address;
	int fd = -1;

	resolve(asked.address, &address);
	if (!asked.servers)
		fd = asked.loose ? socket(address.ss_family, SOCK_DGRAM, 0) : connected(asked.address, SOCK_DGRAM);
	for (unsigned i = 0; i < asked.count; i++) {
		const char *to = asked.loose ? asked.address : NULL;
		uint8_t query[LONGEST], got[LONGEST + 16];
		uint64_t from = clock_ns();
		struct pollfd ready;
		char server[32];
		ssize_t length;

		if (asked.servers) {
			snprintf(server, sizeof(server), "127.0.1.%u", 1 + i % asked.servers);
			if (fd >= 0)
				close(fd);
			fd = connected(server, SOCK_DGRAM);
		}
		if (asked.again)
			put(fd, query, make_query(query, i, 0, NO_ANSWER), to);
		if (asked.other)
			put(fd, query, make_query(query, i, 0, NO_ANSWER), asked.other);
		from = clock_ns();
		put(fd, query, make_query(query, i, asked.delay_us, asked.code), to);
		ready = (struct pollfd){ .fd = fd, .events = POLLIN };
		if (poll(&ready, 1, asked.wait_ms) <= 0)
			continue;
		length = recv(fd, got, sizeof(got), 0);
		if (length < HEADER)
			fail("recv");
		print_truth(got, length, from);
	}
}

static void ask_by_connection(void)
{
	int fd = connected(asked.address, SOCK_STREAM);

	for (unsigned i = 0; i < asked.count; i += asked.pipeline) {
		static uint8_t out[65536], got[LONGEST + 16];
		size_t held = 0;
		uint64_t from;

		for (unsigned j = 0; j < asked.pipeline; j++) {
			size_t length = make_query(out + held + 2, i + j, asked.delay_us, asked.code);

			out[held] = length >> 8;
			out[held + 1] = length;
			held += 2 + length;
		}
		from = clock_ns();
		if (asked.split) {
			put(fd, out, 2, NULL);
			put(fd, out + 2, held - 2, NULL);
		} else {
			put(fd, out, held, NULL);
		}
		for (unsigned j = 0; asked.wait_ms && j < asked.pipeline; j++) {
			uint16_t length;

			if (!read_all(fd, &length, 2) || ntohs(length) > sizeof(got) ||
			    !read_all(fd, got, ntohs(length)))
				fail("read");
			print_truth(got, ntohs(length), from);
		}
	}
}

/* Packets to the port that are none of DNS, or none that a resolver sends. */
static void send_junk(void)
{
	int udp = connected(asked.address, SOCK_DGRAM), tcp = connected(asked.address, SOCK_STREAM);
	uint8_t bytes[LONGEST];

	for (unsigned i = 0; i < asked.count; i++) {
		for (size_t j = 0; j < sizeof(bytes); j++)
			bytes[j] = random();
		/* Neither a query with one question nor, to the server, one with a name that it knows. */
		bytes[4] |= 1;
		put(udp, bytes, i % sizeof(bytes), NULL);
		put(tcp, bytes, 1 + i % (sizeof(bytes) - 1), NULL);
		/* The server closes what it does not understand. */
		close(tcp);
		tcp = connected(asked.address, SOCK_STREAM);
	}
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "server"))
		return serve();
	for (int i = 2; i < argc; i++)
		parse(argv[i]);
	fputs("{\"ns\":[", stdout);
	if (asked.junk)
		send_junk();
	else if (asked.tcp)
		ask_by_connection();
	else
		ask_by_datagrams();
	puts("]}");
	return 0;
}
