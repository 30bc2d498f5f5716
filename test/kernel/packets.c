// SPDX-License-Identifier: Apache-2.0
/*
 * packets send ADDRESS PORT SECONDS BYTES PER_SECOND: sends so many UDP packets of so many payload bytes, each with the time at which it is sent,
 * in even steps; says how many.
 * packets sink ADDRESS PORT: takes them, and by the time at which the kernel got them says, when its input ends, how many came
 * from each address and how long they took: {"ADDRESS":{"count":N,"ns":N}}.
 * packets stream ADDRESS PORT SECONDS: sends a stream of TCP as fast as it goes; says how many bytes.
 * packets drain ADDRESS PORT: takes such streams until its input ends.
 * Addresses are of IPv4 or IPv6.
 */
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

static int send_packets(int socket, double seconds, size_t bytes, double per_second)
{
	static char payload[65536];
	uint64_t begin = now(), end = begin + seconds * 1e9;
	long sent = 0;

	for (uint64_t next = begin; next < end; next = begin + ++sent * 1e9 / per_second) {
		uint64_t time = now();

		if (next > time) {
			struct timespec rest = { (next - time) / 1000000000, (next - time) % 1000000000 };

			nanosleep(&rest, NULL);
		}
		time = now();
		memcpy(payload, &time, sizeof(time));
		if (send(socket, payload, bytes, 0) < 0)
			return 1;
	}
	printf("%ld\n", sent);
	return 0;
}

struct sender {
	char address[64];
	uint64_t count, ns;
};

static int sink(int socket)
{
	struct pollfd polls[] = { { .fd = socket, .events = POLLIN }, { .fd = STDIN_FILENO, .events = POLLIN } };
	static struct sender senders[64];
	int used = 0, on = 1, room = 4 << 20;

	setsockopt(socket, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	setsockopt(socket, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on));
	while (poll(polls, 2, -1) > 0 && !(polls[1].revents && !polls[0].revents)) {
		static char payload[65536], control[256], address[64];
		struct sockaddr_storage from;
		struct iovec vector = { payload, sizeof(payload) };
		struct msghdr message = { .msg_name = &from, .msg_namelen = sizeof(from), .msg_iov = &vector,
					  .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control) };
		struct timespec came;
		uint64_t sent;
		int i = 0;

		if (!polls[0].revents || recvmsg(socket, &message, MSG_DONTWAIT) < (ssize_t)sizeof(sent))
			continue;
		memcpy(&sent, payload, sizeof(sent));
		memcpy(&came, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(came));
		if (getnameinfo((struct sockaddr *)&from, message.msg_namelen, address, sizeof(address), NULL, 0, NI_NUMERICHOST))
			return 1;
		while (i < used && strcmp(senders[i].address, address))
			i++;
		if (i == 64)
			return 1;
		if (i == used)
			strcpy(senders[used++].address, address);
		senders[i].count++;
		senders[i].ns += came.tv_sec * 1000000000ull + came.tv_nsec - sent;
	}
	putchar('{');
	for (int i = 0; i < used; i++)
		printf("%s\"%s\":{\"count\":%lu,\"ns\":%lu}", i ? "," : "", senders[i].address, senders[i].count, senders[i].ns);
	puts("}");
	return 0;
}

static int stream(int socket, double seconds)
{
	static char payload[65536];
	uint64_t end = now() + seconds * 1e9;
	unsigned long bytes = 0;

	while (now() < end) {
		ssize_t some = send(socket, payload, sizeof(payload), MSG_NOSIGNAL);

		if (some < 0)
			return 1;
		bytes += some;
	}
	printf("%lu\n", bytes);
	return 0;
}

static int drain(int listener)
{
	struct pollfd polls[66] = { { .fd = STDIN_FILENO, .events = POLLIN }, { .fd = listener, .events = POLLIN } };
	static char payload[1 << 18];
	int used = 2;

	while (poll(polls, used, -1) > 0 && !polls[0].revents) {
		if (polls[1].revents && used < 66)
			polls[used++] = (struct pollfd){ .fd = accept(listener, NULL, NULL), .events = POLLIN };
		for (int i = 2; i < used; i++)
			if (polls[i].revents && read(polls[i].fd, payload, sizeof(payload)) <= 0)
				polls[i].fd = -1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	bool tcp = argc > 1 && (!strcmp(argv[1], "stream") || !strcmp(argv[1], "drain"));
	struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
				  .ai_socktype = tcp ? SOCK_STREAM : SOCK_DGRAM };
	struct addrinfo *to;
	int fd;

	if (argc < 4 || getaddrinfo(argv[2], argv[3], &hints, &to))
		return 2;
	fd = socket(to->ai_family, to->ai_socktype, 0);
	if (fd < 0)
		return 2;
	if (!strcmp(argv[1], "sink") || !strcmp(argv[1], "drain")) {
		if (bind(fd, to->ai_addr, to->ai_addrlen) || (tcp && listen(fd, 16)))
			return 1;
		puts("ready");
		fflush(stdout);
		return tcp ? drain(fd) : sink(fd);
	}
	if (argc < 5 || connect(fd, to->ai_addr, to->ai_addrlen))
		return 1;
	if (tcp)
		return stream(fd, atof(argv[4]));
	return argc < 7 ? 2 : send_packets(fd, atof(argv[4]), atol(argv[5]), atof(argv[6]));
}
