// SPDX-License-Identifier: Apache-2.0
/*
 * Ends of TCP connections that behave as a test wants them to. What they know of it they print, a line each; they end when their
 * input does.
 *
 *   ends listen PORT BACKLOG            listens, and never accepts
 *   ends echo PORT                      sends back what it gets, on any number of connections
 *   ends slow PORT BYTES PAUSE_MS       reads that many bytes of one connection at a time, and then pauses
 *   ends reset PORT                     accepts, and ends every connection by a reset
 *   ends connect ADDRESS PORT COUNT     asks for so many connections, one after another, and keeps those that stand
 *   ends ask ADDRESS PORT COUNT BYTES   sends that many bytes and waits for them to come back, so often, on one connection;
 *                                       connects at once and prints how many nanoseconds that took, and begins with each
 *                                       line of its input
 *   ends send ADDRESS PORT BYTES        sends, and ends the connection when all of it is acknowledged
 *   ends scan ADDRESS PORT COUNT        asks so many addresses for a connection, from that one on, and gives up at once
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/sockios.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CONNECTIONS 512

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static void say(const char *line)
{
	puts(line);
	fflush(stdout);
}

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000ull + time.tv_nsec;
}

static void sleep_ms(long ms)
{
	nanosleep(&(struct timespec){ ms / 1000, ms % 1000 * 1000000 }, NULL);
}

/* Bytes that wait to be read; few, where somebody reads slowly. */
static int receive_buffer = 0;

static int listen_on(int port, int backlog)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	int yes = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	if (receive_buffer)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof(receive_buffer));
	if (fd < 0 || bind(fd, (void *)&address, sizeof(address)) || listen(fd, backlog))
		fail("listen");
	say("ready");
	return fd;
}

static struct sockaddr_in address_of(const char *host, const char *port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(atoi(port)) };

	if (inet_pton(AF_INET, host, &address.sin_addr) != 1)
		fail("address");
	return address;
}

static int connect_to(const char *host, const char *port)
{
	struct sockaddr_in address = address_of(host, port);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	int yes = 1;

	if (connect(fd, (void *)&address, sizeof(address))) {
		int error = errno;

		close(fd);
		errno = error;
		return -1;
	}
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
	return fd;
}

static void until_input_ends(void)
{
	char line[64];

	while (read(STDIN_FILENO, line, sizeof(line)) > 0)
		;
}

static void send_all(int fd, const char *bytes, size_t length)
{
	while (length) {
		ssize_t sent = write(fd, bytes, length);

		if (sent < 0)
			fail("send");
		bytes += sent;
		length -= sent;
	}
}

static void echo(int port)
{
	static struct pollfd fds[CONNECTIONS + 2];
	static char bytes[1 << 16];
	int used = 2, yes = 1;

	fds[0] = (struct pollfd){ .fd = STDIN_FILENO, .events = POLLIN };
	fds[1] = (struct pollfd){ .fd = listen_on(port, CONNECTIONS), .events = POLLIN };
	while (poll(fds, used, -1) >= 0) {
		if (fds[0].revents && read(STDIN_FILENO, bytes, sizeof(bytes)) <= 0)
			return;
		if (fds[1].revents && used < CONNECTIONS + 2) {
			int fd = accept(fds[1].fd, NULL, NULL);

			setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
			fds[used++] = (struct pollfd){ .fd = fd, .events = POLLIN };
			continue;
		}
		for (int i = 2; i < used; i++) {
			ssize_t got = fds[i].revents ? read(fds[i].fd, bytes, sizeof(bytes)) : -1;

			if (!fds[i].revents)
				continue;
			if (got > 0) {
				send_all(fds[i].fd, bytes, got);
				continue;
			}
			close(fds[i].fd);
			fds[i--] = fds[--used];
		}
	}
}

static void slow(int port, size_t bytes, long pause_ms)
{
	char *buffer = malloc(bytes);
	int fd = accept(listen_on(port, 1), NULL, NULL);
	size_t held = 0;
	ssize_t got;

	while ((got = read(fd, buffer, bytes - held)) > 0) {
		held = (held + got) % bytes;
		if (!held)
			sleep_ms(pause_ms);
	}
	close(fd);
	say("done");
	until_input_ends();
}

static void reset_all(int port)
{
	struct linger at_once = { .l_onoff = 1 };
	struct pollfd fds[2] = { { .fd = STDIN_FILENO, .events = POLLIN } };

	fds[1] = (struct pollfd){ .fd = listen_on(port, CONNECTIONS), .events = POLLIN };
	while (poll(fds, 2, -1) >= 0 && !fds[0].revents) {
		int fd = accept(fds[1].fd, NULL, NULL);

		setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
		close(fd);
	}
}

static void connect_often(const char *host, const char *port, int count)
{
	int stood = 0, refused = 0, timed_out = 0, unreachable = 0, other = 0;

	for (int i = 0; i < count; i++) {
		if (connect_to(host, port) >= 0)
			stood++;
		else if (errno == ECONNREFUSED)
			refused++;
		else if (errno == ETIMEDOUT)
			timed_out++;
		else if (errno == EHOSTUNREACH || errno == ENETUNREACH)
			unreachable++;
		else
			other++;
	}
	printf("{\"stood\":%d,\"refused\":%d,\"timeout\":%d,\"unreachable\":%d,\"other\":%d}\n", stood, refused, timed_out,
	       unreachable, other);
	fflush(stdout);
	until_input_ends();
}

static void ask(const char *host, const char *port, int count, size_t length)
{
	char *bytes = calloc(1, length), line[64];
	uint64_t before = now();
	int fd = connect_to(host, port);

	if (fd < 0)
		fail("connect");
	printf("ready %llu\n", (unsigned long long)(now() - before));
	fflush(stdout);
	while (read(STDIN_FILENO, line, sizeof(line)) > 0) {
		for (int i = 0; i < count; i++) {
			send_all(fd, bytes, length);
			for (size_t got = 0; got < length;) {
				ssize_t more = read(fd, bytes, length - got);

				if (more <= 0)
					fail("answer");
				got += more;
			}
		}
		say("done");
	}
}

static void send_bytes(const char *host, const char *port, size_t left)
{
	static char bytes[1 << 16];
	int fd = connect_to(host, port), unacknowledged = 1;

	if (fd < 0)
		fail("connect");
	for (; left; left -= left < sizeof(bytes) ? left : sizeof(bytes))
		send_all(fd, bytes, left < sizeof(bytes) ? left : sizeof(bytes));
	while (!ioctl(fd, SIOCOUTQ, &unacknowledged) && unacknowledged)
		sleep_ms(5);
	close(fd);
	say("done");
	until_input_ends();
}

static void scan(const char *host, const char *port, int count)
{
	struct sockaddr_in address = address_of(host, port);
	uint32_t first = ntohl(address.sin_addr.s_addr);
	int asked = 0;

	for (int i = 0; i < count; i++) {
		int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

		address.sin_addr.s_addr = htonl(first + i);
		asked += connect(fd, (void *)&address, sizeof(address)) && errno == EINPROGRESS;
		close(fd);
	}
	printf("%d\n", asked);
	fflush(stdout);
	until_input_ends();
}

int main(int argc, char **argv)
{
	const char *what = argc > 2 ? argv[1] : "";

	if (!strcmp(what, "listen") && argc == 4) {
		listen_on(atoi(argv[2]), atoi(argv[3]));
		until_input_ends();
	} else if (!strcmp(what, "echo") && argc == 3) {
		echo(atoi(argv[2]));
	} else if (!strcmp(what, "reset") && argc == 3) {
		reset_all(atoi(argv[2]));
	} else if (!strcmp(what, "slow") && argc == 5) {
		receive_buffer = atol(argv[4]) ? 32768 : 0;
		slow(atoi(argv[2]), atol(argv[3]), atol(argv[4]));
	} else if (!strcmp(what, "connect") && argc == 5) {
		connect_often(argv[2], argv[3], atoi(argv[4]));
	} else if (!strcmp(what, "ask") && argc == 6) {
		ask(argv[2], argv[3], atoi(argv[4]), atol(argv[5]));
	} else if (!strcmp(what, "send") && argc == 5) {
		send_bytes(argv[2], argv[3], atol(argv[4]));
	} else if (!strcmp(what, "scan") && argc == 5) {
		scan(argv[2], argv[3], atoi(argv[4]));
	} else {
		fputs("ends: see the head of ends.c\n", stderr);
		return 2;
	}
	return 0;
}
