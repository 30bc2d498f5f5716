// SPDX-License-Identifier: Apache-2.0
//
// HTTP/1.1 between the demo's services: a server that computes for each request and may call another service first, and a
// client that asks in a regular pattern. Just as much of HTTP as the two of them need.
#pragma once

#include <netinet/in.h>
#include "pattern.h"

struct server {
	struct sockaddr_in address;
	int threads; // connections served at a time, each by a thread
	long long work_ns; // CPU time of a request
	struct sockaddr_in upstream; // sin_port 0: calls nobody
	int call_every; // one request in so many calls it
};

struct client {
	struct sockaddr_in address;
	struct pattern pattern; // each thread has a connection and asks once an interval; work_ns is what an answer may take
};

// Start the threads. What they are given must stay.
void start_server(const struct server *server);
void start_client(const struct client *client);
