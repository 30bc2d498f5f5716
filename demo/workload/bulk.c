// SPDX-License-Identifier: Apache-2.0
#include "bulk.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "common.h"
#include "tcp.h"

#define CHUNK_BYTES (32 * 1024)
#define RETRY_NS (200 * 1000LL * NS_PER_US)

// The one congestion control that every kernel has. Without losses it fills the send buffer at once, whatever this host
// prefers.
static const char congestion_control[] = "reno";

static const char chunk[CHUNK_BYTES];

static int connect_sender(const struct sender *sender)
{
	int connection = connect_to(&sender->address);
	if (connection < 0)
		return -1;
	if (setsockopt(connection, IPPROTO_TCP, TCP_CONGESTION, congestion_control, sizeof(congestion_control) - 1))
		die("cannot use congestion control %s: %s", congestion_control, strerror(errno));
	if (setsockopt(connection, SOL_SOCKET, SO_SNDBUFFORCE, &sender->buffer_bytes, sizeof(sender->buffer_bytes)))
		die("cannot set the size of a send buffer: %s", strerror(errno));
	return connection;
}

static void *send_forever(void *argument)
{
	const struct sender *sender = argument;
	const struct pattern *pattern = &sender->pattern;
	long long due = first_due(pattern, 0);
	int connection = -1;
	for (;;) {
		sleep_until(due);
		long long end;
		while ((end = now_ns(CLOCK_MONOTONIC)) < due + pattern->work_ns) {
			if (connection < 0)
				connection = connect_sender(sender);
			if (connection >= 0 && send_all(connection, chunk, sizeof(chunk)))
				continue;
			if (connection >= 0)
				close(connection);
			connection = -1;
			sleep_until(end + RETRY_NS);
		}
		long long late = end - due - pattern->work_ns;
		unsigned long long skipped;
		due = next_due(pattern, due, end, &skipped);
		account(late, skipped);
	}
	return NULL;
}

void start_sender(const struct sender *sender)
{
	start_thread(send_forever, (void *)sender);
}

static void *discard(void *argument)
{
	int connection = (int)(intptr_t)argument;
	char *buffer = malloc(CHUNK_BYTES);
	if (!buffer)
		die("out of memory");
	while (recv(connection, buffer, CHUNK_BYTES, 0) > 0)
		;
	close(connection);
	free(buffer);
	return NULL;
}

static void *receive_forever(void *argument)
{
	const struct receiver *receiver = argument;
	int listener = listen_on(&receiver->address);
	for (;;)
		start_thread(discard, (void *)(intptr_t)accept_on(listener));
	return NULL;
}

void start_receiver(const struct receiver *receiver)
{
	start_thread(receive_forever, (void *)receiver);
}
