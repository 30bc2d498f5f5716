/* SPDX-License-Identifier: Apache-2.0 */
/* What process 1 of a guest does around the scenarios: file systems, the second serial line, switching off. */
#pragma once

#include <stdbool.h>

/* Whether this is one. */
bool in_guest(void);

/*
 * Mounts what is needed, plays the scenarios named on the kernel's command line (seconds=N scenarios=NAME,NAME) and
 * switches the machine off. Lines are reported on /dev/ttyS1; the console keeps what went wrong.
 */
int guest(void (*play)(const char *sensor, double seconds, char **names, int count));
