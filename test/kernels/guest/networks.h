/* SPDX-License-Identifier: Apache-2.0 */
/* Network namespaces, each held by a process that does nothing, and commands in them. What is in one goes with it. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

struct network {
	pid_t holder;
};

struct network network_make(void);
void network_end(struct network network);

/* From now on the calling process is there, with those that it starts. */
void network_enter(struct network network);

/* Runs a command there, its words apart by blanks. The first gives up if it fails, the second returns if it works. */
void network_run(struct network network, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool network_can(struct network network, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Runs a command there that must not fail, and keeps what it says. */
void network_ask(struct network network, char *answer, size_t size, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Reads or writes a file of /proc as it is there. */
void network_read(struct network network, const char *path, char *text, size_t size);
void network_write(struct network network, const char *path, const char *text);

/* Loads the modules of a guest, once; where there are none, the kernel has what it has. */
void modules_load(void);
