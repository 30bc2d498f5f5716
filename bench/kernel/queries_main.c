// SPDX-License-Identifier: Apache-2.0
/*
 * queries WIRE: a name server at the far end of a wire (wire.h) that answers every query at once, and a client that asks it
 * one after the other by UDP, both on the last CPU, until the input ends. Prints, for each line of input, how many queries have
 * been answered.
 */
#include <arpa/inet.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
#include "contenders.h"
#include "in_turns.h"
#include "wire.h"

#define DNS_PORT 53
#define RESPONSE 0x80 /* in the third byte of a message */

/* A query for the address of "demo.". */
static const uint8_t query[] = { 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 4, 'd', 'e', 'm', 'o', 0, 0, 1, 0, 1 };

static int udp_socket(void)
{
	int made = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (made < 0)
		die("cannot make", "a socket");
	return made;
}

static void serve(int socket)
{
	struct sockaddr_in from;
	uint8_t message[512];

	for (;;) {
		socklen_t size = sizeof(from);
		ssize_t length = recvfrom(socket, message, sizeof(message), 0, (struct sockaddr *)&from, &size);

		if (length < (ssize_t)sizeof(query))
			continue;
		message[2] |= RESPONSE;
		sendto(socket, message, length, 0, (struct sockaddr *)&from, size);
	}
}

static void ask(int socket, volatile uint64_t *answered)
{
	struct timeval patience = { .tv_sec = 1 };
	uint8_t message[512];

	memcpy(message, query, sizeof(query));
	setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	for (uint16_t id = 0;; id++) {
		memcpy(message, query, sizeof(query));
		memcpy(message, &id, sizeof(id));
		if (send(socket, message, sizeof(query), 0) > 0 && recv(socket, message, sizeof(message), 0) > 0)
			++*answered;
	}
}

/* Whether this is a new process that is one of the ends. */
static bool is_end(pid_t pid)
{
	if (pid)
		return false;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	stay_on(sysconf(_SC_NPROCESSORS_ONLN) - 1);
	return true;
}

int main(int argc, char **argv)
{
	volatile uint64_t *answered =
		mmap(NULL, sizeof(*answered), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(DNS_PORT) };
	int server, client;
	struct wire wire;
	pid_t ends[2];
	char byte;

	if (argc != 2) {
		fputs("Usage: queries loopback|veth\n", stderr);
		return 2;
	}
	wire = wire_make(argv[1]);
	wire_go(wire.far);
	server = udp_socket();
	wire_go(wire.near);
	client = udp_socket();
	address.sin_addr.s_addr = inet_addr(wire.address);
	if (answered == MAP_FAILED || bind(server, (struct sockaddr *)&address, sizeof(address)) ||
	    connect(client, (struct sockaddr *)&address, sizeof(address)))
		die("cannot start", "a name server");
	if (is_end(ends[0] = fork()))
		serve(server);
	if (is_end(ends[1] = fork()))
		ask(client, answered);
	while (read(STDIN_FILENO, &byte, 1) > 0) {
		printf("%" PRIu64 "\n", *answered);
		fflush(stdout);
	}
	for (int i = 0; i < 2; i++) {
		kill(ends[i], SIGKILL);
		waitpid(ends[i], NULL, 0);
	}
	return 0;
}
