// SPDX-License-Identifier: Apache-2.0
/*
 * server FAMILY [UPSTREAM_PORT|ADDRESS:PORT|0 [defer|alone]]: answers requests after delays that they ask for, a thread a connection or,
 * `alone`, one for all. FAMILY is 4, 6 or 46 (dual-stack); with `defer` a connection is accepted when there is data. Prints its port; then, when its input ends, what its own clock and the kernel's arrival stamps say
 * about how long each request took until the answer was handed to the kernel.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include "wire.h"

static int upstream_port;
static const char *upstream_address = "127.0.0.1";
static struct truth truth;
static pthread_mutex_t truth_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t all_answered = PTHREAD_COND_INITIALIZER;
static int open_answers;

static int connect_upstream(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(upstream_port) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	int on = 1;

	inet_pton(AF_INET, upstream_address, &address.sin_addr);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)))
		fail("connect to the upstream");
	return fd;
}

struct job {
	int fd, upstream;
	struct request request;
	uint64_t arrived, read;
	sem_t *done;
};

static void answer(struct job *job)
{
	const struct request *r = &job->request;
	char *body = calloc(1, r->answer);
	uint64_t arrived = job->arrived ? job->arrived : job->read;
	uint64_t until, now, begun;

	if (!body)
		fail("calloc");
	if (r->sleep_us)
		usleep(r->sleep_us);
	until = clock_ns(CLOCK_THREAD_CPUTIME_ID) + r->cpu_us * 1000ull;
	while (r->cpu_us && clock_ns(CLOCK_THREAD_CPUTIME_ID) < until)
		;
	if (r->upstream_us) {
		struct request ask = { .sleep_us = r->upstream_us, .answer = 1 };
		char byte;

		write_all(job->upstream, &ask, sizeof(ask), NULL);
		read_all(job->upstream, &byte, 1, NULL);
	}
	now = begun = clock_ns(CLOCK_REALTIME);
	/* Whoever has the answer may end us, but not before it is booked. */
	pthread_mutex_lock(&truth_lock);
	open_answers++;
	pthread_mutex_unlock(&truth_lock);
	write_all(job->fd, body, r->answer, &begun);
	pthread_mutex_lock(&truth_lock);
	truth.unstamped += !job->arrived;
	truth.unread += job->read > arrived ? job->read - arrived : 0;
	truth_add(&truth, now - arrived, begun - arrived);
	if (!--open_answers)
		pthread_cond_signal(&all_answered);
	pthread_mutex_unlock(&truth_lock);
	free(body);
}

static void *answer_elsewhere(void *argument)
{
	struct job *job = argument;

	answer(job);
	sem_post(job->done);
	return NULL;
}

static void *serve(void *argument)
{
	static char upload[1 << 16];
	struct job job = { .fd = (int)(intptr_t)argument };
	sem_t done;

	sem_init(&done, 0, 0);
	job.done = &done;
	job.upstream = upstream_port ? connect_upstream() : -1;
	while (read_all(job.fd, &job.request, sizeof(job.request), &job.arrived)) {
		uint32_t left = job.request.upload;

		job.read = clock_ns(CLOCK_REALTIME);
		while (left) {
			uint64_t ignored;
			ssize_t got = read_stamped(job.fd, upload, left < sizeof(upload) ? left : sizeof(upload), &ignored);

			if (got <= 0)
				break;
			left -= got;
		}
		if (job.request.hand_over) {
			pthread_t thread;

			if (pthread_create(&thread, NULL, answer_elsewhere, &job))
				fail("pthread_create");
			sem_wait(&done);
			pthread_join(thread, NULL);
		} else {
			answer(&job);
		}
	}
	close(job.fd);
	if (job.upstream >= 0)
		close(job.upstream);
	return NULL;
}

/* One thread for all connections, in the order in which poll() names them. */
static void *serve_alone(void *argument)
{
	struct pollfd sources[64] = { { .fd = (int)(intptr_t)argument, .events = POLLIN } };
	int used = 1, on = 1;

	for (;;) {
		poll(sources, used, -1);
		for (int i = 1; i < used; i++) {
			struct job job = { .fd = sources[i].fd, .upstream = -1 };

			if (!sources[i].revents)
				continue;
			if (!read_all(job.fd, &job.request, sizeof(job.request), &job.arrived)) {
				close(job.fd);
				sources[i--] = sources[--used];
				continue;
			}
			job.read = clock_ns(CLOCK_REALTIME);
			answer(&job);
		}
		if (sources[0].revents && used < 64) {
			int fd = accept(sources[0].fd, NULL, NULL);

			setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
			sources[used++] = (struct pollfd){ .fd = fd, .events = POLLIN };
		}
	}
	return NULL;
}

static void *accept_all(void *argument)
{
	int listener = (int)(intptr_t)argument;
	pthread_attr_t attributes;

	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attributes, 1 << 17);
	for (;;) {
		int fd = accept(listener, NULL, NULL);
		int on = 1;
		pthread_t thread;

		if (fd < 0)
			continue;
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		if (pthread_create(&thread, &attributes, serve, (void *)(intptr_t)fd))
			fail("pthread_create");
	}
	return NULL;
}

int main(int argc, char **argv)
{
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };
	struct sockaddr_in four = { .sin_family = AF_INET };
	int family = argc > 1 ? atoi(argv[1]) : 0;
	bool defer = argc > 3 && !strcmp(argv[3], "defer"), alone = argc > 3 && !strcmp(argv[3], "alone");
	char *colon = argc > 2 ? strchr(argv[2], ':') : NULL;
	int on = 1, only = family == 6, seconds = 5;
	socklen_t size;
	pthread_t thread;
	int listener;
	char byte;

	if (family != 4 && family != 6 && family != 46)
		return 2;
	upstream_port = argc > 2 ? atoi(colon ? colon + 1 : argv[2]) : 0;
	if (colon) {
		*colon = 0;
		upstream_address = argv[2];
	}
	listener = socket(family == 4 ? AF_INET : AF_INET6, SOCK_STREAM, 0);
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (family != 4)
		setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof(only));
	stamp_arrivals(listener);
	if (defer && setsockopt(listener, IPPROTO_TCP, TCP_DEFER_ACCEPT, &seconds, sizeof(seconds)))
		fail("TCP_DEFER_ACCEPT");
	size = family == 4 ? sizeof(four) : sizeof(six);
	if (bind(listener, family == 4 ? (struct sockaddr *)&four : (struct sockaddr *)&six, size) || listen(listener, 512))
		fail("listen");
	getsockname(listener, (struct sockaddr *)&six, &size);
	printf("%d\n", ntohs(six.sin6_port));
	fflush(stdout);
	if (pthread_create(&thread, NULL, alone ? serve_alone : accept_all, (void *)(intptr_t)listener))
		fail("pthread_create");
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	pthread_mutex_lock(&truth_lock);
	while (open_answers)
		pthread_cond_wait(&all_answered, &truth_lock);
	truth_print(&truth);
	exit(0);
}
