// SPDX-License-Identifier: Apache-2.0
#include "web.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "contenders.h"

/* Blocking: an answer that finds no room waits for it, as there is nothing else to do. */
static bool answer(int fd, const char *text, size_t length)
{
	while (length) {
		ssize_t sent = send(fd, text, length, MSG_NOSIGNAL);

		if (sent <= 0)
			return false;
		text += sent;
		length -= sent;
	}
	return true;
}

/* Something that takes a while and cannot be left out. */
static void compute(uint64_t steps)
{
	volatile uint64_t result;
	uint64_t x = steps;

	for (uint64_t i = 0; i < steps; i++)
		x = (x ^ x >> 29) * 0xbf58476d1ce4e5b9ull;
	result = x;
	(void)result;
}

static double seconds(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

/* How many steps take so long here: by the fastest of several tries, as the others were interrupted. */
static uint64_t steps_of(unsigned us)
{
	const uint64_t tried = 1000000;
	double best = 1e9;

	for (int i = 0; us && i < 20; i++) {
		double began = seconds(), took;

		compute(tried);
		took = seconds() - began;
		best = took < best ? took : best;
	}
	return us ? tried * (us / 1e6) / best : 0;
}

/* wrk sends each request in one piece, and the next one after the answer. */
static void serve(int listener, const char *text, size_t length, uint64_t steps, bool close_each, volatile uint64_t *answered)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = listener }, events[64];
	int poll = epoll_create1(EPOLL_CLOEXEC), on = 1;
	char request[4096];

	epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
	for (;;) {
		int count = epoll_wait(poll, events, 64, -1);

		for (int i = 0; i < count; i++) {
			int fd = events[i].data.fd;

			if (fd == listener) {
				fd = accept(listener, NULL, NULL);
				setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
				event = (struct epoll_event){ .events = EPOLLIN, .data.fd = fd };
				epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event);
				continue;
			}
			if (read(fd, request, sizeof(request)) > 0 && (compute(steps), answer(fd, text, length))) {
				++*answered;
				if (!close_each)
					continue;
			}
			close(fd);
		}
	}
}

struct web web_start(int cpu, const char *text_address, size_t body, unsigned work_us, bool close_each)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = inet_addr(text_address) };
	socklen_t size = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char *text = calloc(1, body + 200);
	struct web web;
	size_t head;
	cpu_set_t cpus;

	web.answered = mmap(NULL, sizeof(*web.answered), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (!text || web.answered == MAP_FAILED || bind(listener, (struct sockaddr *)&address, size) ||
	    listen(listener, 512) || getsockname(listener, (struct sockaddr *)&address, &size))
		die("cannot start", "the server");
	web.port = ntohs(address.sin_port);
	head = snprintf(text, 200, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n%s\r\n", body,
			close_each ? "Connection: close\r\n" : "");
	memset(text + head, '.', body);
	web.pid = fork();
	if (!web.pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		CPU_ZERO(&cpus);
		CPU_SET(cpu, &cpus);
		sched_setaffinity(0, sizeof(cpus), &cpus);
		serve(listener, text, head + body, steps_of(work_us), close_each, web.answered);
	}
	close(listener);
	free(text);
	if (web.pid < 0)
		die("cannot start", "the server");
	return web;
}

void web_stop(struct web *web)
{
	kill(web->pid, SIGKILL);
	waitpid(web->pid, NULL, 0);
	munmap((void *)web->answered, sizeof(*web->answered));
}
