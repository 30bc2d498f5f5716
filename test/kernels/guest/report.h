/* SPDX-License-Identifier: Apache-2.0 */
/* What is said to the outside: JSON lines, and the sentence before an end that should not be. */
#pragma once

#include <stdint.h>
#include <stdnoreturn.h>

/* Where the lines go; standard output unless told otherwise. */
void report_to(int fd);

/* Prints one line. The format makes a whole JSON object; lines of any length come out undivided. */
void report(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Reports {"event":"error"} with this sentence and ends: in a guest, the whole guest. */
noreturn void give_up(const char *format, ...) __attribute__((format(printf, 1, 2)));

uint64_t monotonic_ns(void);
