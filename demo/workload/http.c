// SPDX-License-Identifier: Apache-2.0
#include "http.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "common.h"
#include "tcp.h"

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

// Asks on behalf of somebody who waits meanwhile.
static bool call(int *connection, const struct sockaddr_in *address)
{
	long long begun = now_ns(CLOCK_MONOTONIC);
	bool answered = ask(connection, address);
	if (answered)
		account(now_ns(CLOCK_MONOTONIC) - begun, 0);
	return answered;
}

static void *serve(void *argument)
{
	struct serving *serving = argument;
	const struct server *server = serving->server;
	int upstream = -1;
	for (;;) {
		int connection = accept_on(serving->listener);
		while (receive_message(connection)) {
			bool calls = server->upstream.sin_port &&
				     atomic_fetch_add(&serving->requests, 1) % (unsigned)server->call_every == 0;
			bool fine = !calls || call(&upstream, &server->upstream);
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
	if (!serving)
		die("out of memory");
	serving->server = server;
	serving->listener = listen_on(&server->address);
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
