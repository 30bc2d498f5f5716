// SPDX-License-Identifier: Apache-2.0
/*
 * client ADDRESS PORT NAME=VALUE...: sends requests, a thread a connection. Names: connections, requests (on each),
 * sleep_us, cpu_us, upstream_us, hand_over, upload, answer (as in wire.h), reconnect (1: a connection a request),
 * pipeline (requests that are sent before the first answer is read), pause_us (between two requests), wait (1: the first
 * request waits for a line on standard input, the connections are there before). Prints how long each request took, from
 * the moment it was handed to the kernel to the arrival of the first byte of its answer.
 */
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include "wire.h"

static const char *address, *port;
static long connections = 1, requests = 1, reconnect, pipeline = 1, pause_us, wait_line;
static struct request request = { .answer = 1 };
static struct truth truth;
static pthread_mutex_t truth_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t ready;

static int connect_it(void)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST }, *found;
	int on = 1, fd;

	if (getaddrinfo(address, port, &hints, &found))
		fail("getaddrinfo");
	fd = socket(found->ai_family, SOCK_STREAM, 0);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	stamp_arrivals(fd);
	if (connect(fd, found->ai_addr, found->ai_addrlen))
		fail("connect");
	freeaddrinfo(found);
	return fd;
}

static void *ask(void *unused)
{
	size_t size = sizeof(request) + request.upload;
	char *question = calloc(pipeline, size), *answer = malloc(request.answer);
	int fd = connect_it();

	(void)unused;
	if (!question || !answer)
		fail("malloc");
	for (long i = 0; i < pipeline; i++)
		memcpy(question + i * size, &request, sizeof(request));
	pthread_barrier_wait(&ready);
	pthread_barrier_wait(&ready);
	for (long i = 0; i < requests; i += pipeline) {
		uint64_t sent = clock_ns(CLOCK_REALTIME), begun = sent, arrived = 0;

		write_all(fd, question, pipeline * size, &begun);
		for (long j = 0; j < pipeline; j++) {
			if (!read_all(fd, answer, request.answer, &arrived))
				fail("the server hung up");
			pthread_mutex_lock(&truth_lock);
			truth.unstamped += !arrived;
			if (!arrived)
				arrived = clock_ns(CLOCK_REALTIME);
			truth_add(&truth, arrived - begun, arrived - sent);
			pthread_mutex_unlock(&truth_lock);
		}
		if (reconnect) {
			close(fd);
			fd = i + 1 < requests ? connect_it() : -1;
		}
		if (pause_us)
			usleep(pause_us);
	}
	close(fd);
	return NULL;
}

static void set(const char *argument)
{
	const struct {
		const char *name;
		long *number;
		uint32_t *field;
	} names[] = {
		{ "connections", &connections, NULL }, { "requests", &requests, NULL },
		{ "reconnect", &reconnect, NULL },     { "pipeline", &pipeline, NULL },
		{ "pause_us", &pause_us, NULL },       { "wait", &wait_line, NULL },
		{ "sleep_us", NULL, &request.sleep_us },       { "cpu_us", NULL, &request.cpu_us },
		{ "upstream_us", NULL, &request.upstream_us }, { "hand_over", NULL, &request.hand_over },
		{ "upload", NULL, &request.upload },	       { "answer", NULL, &request.answer },
	};
	const char *equals = strchr(argument, '=');

	for (size_t i = 0; equals && i < sizeof(names) / sizeof(*names); i++) {
		if (strncmp(names[i].name, argument, equals - argument) || names[i].name[equals - argument])
			continue;
		if (names[i].number)
			*names[i].number = atol(equals + 1);
		else
			*names[i].field = atol(equals + 1);
		return;
	}
	fprintf(stderr, "no such thing: %s\n", argument);
	exit(2);
}

int main(int argc, char **argv)
{
	pthread_attr_t attributes;
	pthread_t threads[256];
	char line[8];

	if (argc < 3)
		return 2;
	address = argv[1];
	port = argv[2];
	for (int i = 3; i < argc; i++)
		set(argv[i]);
	if (connections < 1 || connections > 256)
		return 2;
	pthread_barrier_init(&ready, NULL, connections + 1);
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, 1 << 17);
	for (long i = 0; i < connections; i++)
		if (pthread_create(&threads[i], &attributes, ask, NULL))
			fail("pthread_create");
	pthread_barrier_wait(&ready);
	if (wait_line) {
		puts("connected");
		fflush(stdout);
		if (!fgets(line, sizeof(line), stdin))
			return 1;
	}
	pthread_barrier_wait(&ready);
	for (long i = 0; i < connections; i++)
		pthread_join(threads[i], NULL);
	truth_print(&truth);
	return 0;
}
