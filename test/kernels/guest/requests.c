// SPDX-License-Identifier: Apache-2.0
#include "requests.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include "../../kernel/requests/wire.h"
#include "cgroups.h"
#include "report.h"

#define MAX_CONNECTIONS 16
#define ANSWER 100 /* bytes */

struct shared_durations {
	atomic_ullong count, least_ns, most_ns, unstamped;
};

/* Between the scenario, the server's process and the client's. */
struct stage {
	struct shared_durations server, client;
	struct sockaddr_in address;
	atomic_int open; /* answers that are not booked yet */
	uint32_t delay_us;
	uint64_t deadline_ns;
};

static struct stage *stage;

static void note(struct shared_durations *d, bool stamped, uint64_t least_ns, uint64_t most_ns)
{
	atomic_fetch_add(&d->unstamped, !stamped);
	atomic_fetch_add(&d->least_ns, least_ns);
	atomic_fetch_add(&d->most_ns, most_ns);
	atomic_fetch_add(&d->count, 1);
}

static void *serve(void *argument)
{
	int fd = (int)(intptr_t)argument;
	static const char answer[ANSWER];
	struct request request;
	uint64_t arrived;

	while (read_all(fd, &request, sizeof(request), &arrived)) {
		uint64_t read = clock_ns(CLOCK_REALTIME), before, after;
		uint64_t from = arrived ? arrived : read;

		usleep(request.sleep_us);
		/* Whoever has the answer may think that all is over, but not before this is booked. */
		atomic_fetch_add(&stage->open, 1);
		before = after = clock_ns(CLOCK_REALTIME);
		write_all(fd, answer, ANSWER, &after);
		note(&stage->server, arrived, before - from, after - from);
		atomic_fetch_sub(&stage->open, 1);
	}
	close(fd);
	return NULL;
}

static void *ask(void *unused)
{
	struct request request = { .sleep_us = stage->delay_us, .answer = ANSWER };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
	char answer[ANSWER];

	(void)unused;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	stamp_arrivals(fd);
	if (connect(fd, (struct sockaddr *)&stage->address, sizeof(stage->address)))
		give_up("connect: %s", strerror(errno));
	while (monotonic_ns() < stage->deadline_ns) {
		uint64_t before = clock_ns(CLOCK_REALTIME), after = before, arrived;
		bool stamped;

		write_all(fd, &request, sizeof(request), &after);
		if (!read_all(fd, answer, ANSWER, &arrived))
			give_up("the server hung up");
		stamped = arrived;
		if (!stamped)
			arrived = clock_ns(CLOCK_REALTIME);
		note(&stage->client, stamped, arrived - after, arrived - before);
	}
	close(fd);
	return NULL;
}

static void start_thread(pthread_t *thread, void *(*work)(void *), intptr_t argument)
{
	if (pthread_create(thread, NULL, work, (void *)argument))
		give_up("pthread_create failed");
}

static void accept_all(int listener)
{
	int on = 1;

	for (;;) {
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		pthread_t thread;

		if (fd < 0)
			continue;
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		start_thread(&thread, serve, fd);
		pthread_detach(thread);
	}
}

static void ask_all(int connections)
{
	pthread_t threads[MAX_CONNECTIONS];

	for (int i = 0; i < connections; i++)
		start_thread(&threads[i], ask, 0);
	for (int i = 0; i < connections; i++)
		pthread_join(threads[i], NULL);
	_exit(0);
}

static int listen_on_loopback(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t size = sizeof(address);

	stamp_arrivals(listener);
	if (bind(listener, (struct sockaddr *)&address, size) || listen(listener, MAX_CONNECTIONS) ||
	    getsockname(listener, (struct sockaddr *)&address, &size))
		give_up("cannot listen on loopback: %s", strerror(errno));
	stage->address = address;
	return listener;
}

/*
 * The kernel begins to stamp what arrives some time after a first socket has asked for it (net_enable_timestamp() may leave it to a
 * worker): waits for that. The listener goes on asking.
 */
static void await_stamps(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	socklen_t size = sizeof(address);
	uint64_t arrived = 0;
	char byte = 0;

	stamp_arrivals(fd);
	if (bind(fd, (struct sockaddr *)&address, size) || getsockname(fd, (struct sockaddr *)&address, &size) ||
	    connect(fd, (struct sockaddr *)&address, size))
		give_up("cannot send to loopback: %s", strerror(errno));
	for (int tries = 0; !arrived && tries < 1000; tries++) {
		usleep(1000);
		if (write(fd, &byte, 1) != 1 || !read_all(fd, &byte, 1, &arrived))
			give_up("nothing comes back from loopback");
	}
	close(fd);
}

static struct durations told(struct shared_durations *d)
{
	return (struct durations){ d->count, d->least_ns, d->most_ns, d->unstamped };
}

struct durations_of requests_play(const char *server_cgroup, const char *client_cgroup, int connections, uint32_t delay_us,
				  uint64_t deadline_ns)
{
	struct durations_of durations;
	pid_t server, client;
	int listener, status;

	stage = mmap(NULL, sizeof(*stage), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (stage == MAP_FAILED || connections > MAX_CONNECTIONS)
		give_up("no room for requests");
	stage->delay_us = delay_us;
	stage->deadline_ns = deadline_ns;
	listener = listen_on_loopback();
	await_stamps();
	server = cgroup_fork_bound(server_cgroup);
	if (!server)
		accept_all(listener);
	close(listener);
	client = cgroup_fork_bound(client_cgroup);
	if (!client)
		ask_all(connections);
	if (waitpid(client, &status, 0) != client || status)
		give_up("the client failed");
	while (atomic_load(&stage->open))
		usleep(1000);
	kill(server, SIGKILL);
	waitpid(server, NULL, 0);
	durations = (struct durations_of){ told(&stage->server), told(&stage->client) };
	munmap(stage, sizeof(*stage));
	return durations;
}
