/* SPDX-License-Identifier: Apache-2.0 */
/* Giving up everything that is not needed once the programs are attached. Knows no BPF object. */
#pragma once

#include <stdbool.h>

/*
 * Drops every capability from every set, forbids gaining any, and installs a system call filter: no socket, no opening
 * for writing, no new process, no bpf(2) beyond reading and emptying maps and running iterators. False with errno set if
 * any of it fails; nothing may be printed then.
 */
bool privileges_drop(void);

/* Tries what must not be possible any more and prints, line by line, what was "refused" or "allowed". */
void privileges_check(void);
