// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "common.h"

static const char request[] = "GET / HTTP/1.1\r\nHost: demo\r\n\r\n";
static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\nok\n";
static const char failure[] = "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n";

struct serving {
	const struct server *server;
	int listener;
	_Atomic unsigned requests;
};

struct asking {
	const struct client *client;
	int index;
};

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

static bool send_all(int socket, const char *text, size_t length)
{
	return send(socket, text, length, MSG_NOSIGNAL) == (ssize_t)length;
}

// Reads to the end of a message's head; its body, if it has one, comes in the same segment. False: the other end is gone.
static bool receive_message(int socket)
{
	char text[1024];
	size_t held = 0;
	while (held < sizeof(text) - 1) {
		ssize_t got = recv(socket, text + held, sizeof(text) - 1 - held, 0);
		if (got <= 0)
			return false;
		held += (size_t)got;
		text[held] = '\0';
		if (strstr(text, "\r\n\r\n"))
			return true;
	}
	return false;
}

// A connection, or -1.
static int connect_to(const struct sockaddr_in *address)
{
	int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int one = 1;
	if (connection < 0)
		die("cannot make a socket: %s", strerror(errno));
	setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (!connect(connection, (const struct sockaddr *)address, sizeof(*address)))
		return connection;
	close(connection);
	return -1;
}

// Asks once on a connection that is kept open in *connection (-1: none yet). False if there was no answer.
static bool ask(int *connection, const struct sockaddr_in *address)
{
	if (*connection < 0)
		*connection = connect_to(address);
	if (*connection < 0)
		return false;
	if (send_all(*connection, request, sizeof(request) - 1) && receive_message(*connection))
		return true;
	close(*connection);
	*connection = -1;
	return false;
}

static void *serve(void *argument)
{
	struct serving *serving = argument;
	const struct server *server = serving->server;
	int upstream = -1;
	for (;;) {
		int connection = accept4(serving->listener, NULL, NULL, SOCK_CLOEXEC);
		int one = 1;
		if (connection < 0)
			continue;
		setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
		while (receive_message(connection)) {
			bool calls = server->upstream.sin_port &&
				     atomic_fetch_add(&serving->requests, 1) % (unsigned)server->call_every == 0;
			bool fine = !calls || ask(&upstream, &server->upstream);
			compute(server->work_ns);
			if (!send_all(connection, fine ? answer : failure,
				      fine ? sizeof(answer) - 1 : sizeof(failure) - 1))
				break;
		}
		close(connection);
	}
	return NULL;
}

void start_server(const struct server *server)
{
	struct serving *serving = calloc(1, sizeof(*serving));
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int one = 1;
	if (!serving || listener < 0)
		die("cannot make a socket: %s", strerror(errno));
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(listener, (const struct sockaddr *)&server->address, sizeof(server->address)) ||
	    listen(listener, SOMAXCONN))
		die("cannot listen on %s:%d: %s", inet_ntoa(server->address.sin_addr),
		    ntohs(server->address.sin_port), strerror(errno));
	serving->server = server;
	serving->listener = listener;
	for (int i = 0; i < server->threads; i++)
		start_thread(serve, serving);
}

static void *request_forever(void *argument)
{
	const struct asking *asking = argument;
	const struct client *client = asking->client;
	long long due = first_due(&client->pattern, asking->index);
	int connection = -1;
	for (;;) {
		sleep_until(due);
		bool answered = ask(&connection, &client->address);
		long long end = now_ns(CLOCK_MONOTONIC);
		long long late = end - due - client->pattern.work_ns;
		unsigned long long skipped;
		due = next_due(&client->pattern, due, end, &skipped);
		if (answered)
			account(late > 0 ? late : 0, skipped);
	}
	return NULL;
}

void start_client(const struct client *client)
{
	struct asking *asking = calloc(client->pattern.threads, sizeof(*asking));
	if (!asking)
		die("out of memory");
	for (int i = 0; i < client->pattern.threads; i++) {
		asking[i] = (struct asking){client, i};
		start_thread(request_forever, &asking[i]);
	}
}
