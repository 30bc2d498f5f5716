/* SPDX-License-Identifier: Apache-2.0 */
/* An HTTP/1.1 server that does nothing but answer: whatever a request costs besides is the kernel's, or a bench's. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct web {
	pid_t pid;
	int port;
	volatile uint64_t *answered; /* requests, shared with the server's process */
};

/* Starts one on a CPU and an IPv4 address: one thread, answers of `body` bytes, and with `close` a connection a request. */
struct web web_start(int cpu, const char *address, size_t body, bool close);

void web_stop(struct web *web);
