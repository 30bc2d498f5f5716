// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "tcp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include "common.h"

// How long a client waits for its server.
#define PATIENCE_S 2
// When a server asks whether a silent client is still there, how often, and how many times without an answer.
#define SILENCE_S 10
#define PROBE_EVERY_S 2
#define PROBES 3

static int new_socket(void)
{
	int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (made < 0)
		die("cannot make a socket: %s", strerror(errno));
	return made;
}

static void set_number(int socket, int level, int option, int value)
{
	if (setsockopt(socket, level, option, &value, sizeof(value)))
		die("cannot set option %d of a socket: %s", option, strerror(errno));
}

struct sockaddr_in parse_address(const char *text)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	char host[64];
	unsigned port;
	if (sscanf(text, "%63[0-9.]:%u", host, &port) != 2 || port < 1 || port > 65535 ||
	    inet_pton(AF_INET, host, &address.sin_addr) != 1)
		die("'%s' is not an IPv4 address and port", text);
	address.sin_port = htons((uint16_t)port);
	return address;
}

int listen_on(const struct sockaddr_in *address)
{
	int listener = new_socket();
	set_number(listener, SOL_SOCKET, SO_REUSEADDR, 1);
	if (bind(listener, (const struct sockaddr *)address, sizeof(*address)) || listen(listener, SOMAXCONN))
		die("cannot listen on %s:%d: %s", inet_ntoa(address->sin_addr), ntohs(address->sin_port),
		    strerror(errno));
	return listener;
}

int accept_on(int listener)
{
	int connection;
	do
		connection = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	while (connection < 0);
	set_number(connection, IPPROTO_TCP, TCP_NODELAY, 1);
	set_number(connection, SOL_SOCKET, SO_KEEPALIVE, 1);
	set_number(connection, IPPROTO_TCP, TCP_KEEPIDLE, SILENCE_S);
	set_number(connection, IPPROTO_TCP, TCP_KEEPINTVL, PROBE_EVERY_S);
	set_number(connection, IPPROTO_TCP, TCP_KEEPCNT, PROBES);
	return connection;
}

int connect_to(const struct sockaddr_in *address)
{
	int connection = new_socket();
	struct timeval patience = {.tv_sec = PATIENCE_S};
	set_number(connection, IPPROTO_TCP, TCP_NODELAY, 1);
	if (setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)) ||
	    setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)))
		die("cannot bound how long a socket waits: %s", strerror(errno));
	if (!connect(connection, (const struct sockaddr *)address, sizeof(*address)))
		return connection;
	close(connection);
	return -1;
}

bool send_all(int socket, const void *data, size_t length)
{
	const char *rest = data;
	while (length > 0) {
		ssize_t sent = send(socket, rest, length, MSG_NOSIGNAL);
		if (sent <= 0)
			return false;
		rest += sent;
		length -= (size_t)sent;
	}
	return true;
}
