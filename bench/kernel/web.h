/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An HTTP/1.1 server that only answers: whatever a request costs besides is the kernel's, or a bench's. Or one that computes before
 * each answer, as services do: always the same, whatever a clock says meanwhile.
 */
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

/*
 * Starts one on a CPU and an IPv4 address: one thread, answers of `body` bytes after computing for about `work_us`, and with `close` a
 * connection a request.
 */
struct web web_start(int cpu, const char *address, size_t body, unsigned work_us, bool close);

void web_stop(struct web *web);
