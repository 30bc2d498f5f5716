// SPDX-License-Identifier: Apache-2.0
//
// TCP connections over IPv4, as the behaviours that talk to each other need them. Knows nothing of what is said on them.
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>

// Reads ADDRESS:PORT. Ends the process if it is none.
struct sockaddr_in parse_address(const char *text);

// A socket that listens. Ends the process if there can be none.
int listen_on(const struct sockaddr_in *address);

// The next connection of a listener: one whose other end vanished without a word ends after some seconds.
int accept_on(int listener);

// A connection, or -1. Nothing on it waits longer than some seconds for the other end.
int connect_to(const struct sockaddr_in *address);

// False: not all of it could be sent.
bool send_all(int socket, const void *data, size_t length);
